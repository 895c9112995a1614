import type { GeneralName } from '../x509/general-name.js';
import type { Subtree } from '../x509/name-constraints-content.js';

/** Whether every name of a subtree lies in another one as well (RFC 5280 §4.2.1.10). */
export function containsSubtree(outer: GeneralName, inner: Subtree): boolean {
  if (outer.kind !== inner.kind) return false;
  if (inner.kind === 'ip') return 'octets' in outer && containsNetwork(outer.octets, inner.octets);
  if (!('text' in outer)) return false;
  if (inner.kind === 'dns') return containsDomain(outer.text, inner.text);
  return containsHosts(outer.text, inner.text);
}

function containsDomain(outer: string, inner: string): boolean {
  const domain = outer.toLowerCase();
  const name = inner.toLowerCase();
  return domain === '' || name === domain || name.endsWith(`.${domain}`);
}

/** Of mail and URIs: `ann@host` one mailbox, `host` that host alone, `.domain` everything below. */
function containsHosts(outer: string, inner: string): boolean {
  const [outerBox, outerHost] = splitMailbox(outer);
  const [innerBox, innerHost] = splitMailbox(inner);
  if (outerBox !== undefined) return outerBox === innerBox && outerHost === innerHost;
  return outerHost.startsWith('.') ? innerHost.endsWith(outerHost) : innerHost === outerHost;
}

function splitMailbox(text: string): readonly [local: string | undefined, host: string] {
  const mark = text.lastIndexOf('@');
  const host = text.slice(mark + 1).toLowerCase();
  return [mark < 0 ? undefined : text.slice(0, mark), host];
}

/** Each an address followed by its mask. */
function containsNetwork(outer: Uint8Array, inner: Uint8Array): boolean {
  if (outer.length !== inner.length) return false;
  const half = outer.length / 2;
  return outer.subarray(half).every((mask, at) => {
    const narrower = ((inner[half + at] ?? 0) & mask) === mask;
    return narrower && ((inner[at] ?? 0) & mask) === ((outer[at] ?? 0) & mask);
  });
}
