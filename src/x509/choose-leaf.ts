import type { Certificate } from './certificate.js';
import type { ContainerItem } from './container.js';
import { nameKey } from './name-key.js';

/**
 * The certificate that a file is about: one that belongs to a key in it, else the first one in the
 * order of the file that has issued no other of them; undefined when there is none.
 */
export function chooseLeaf(items: readonly ContainerItem[]): Certificate | undefined {
  const certificates = items.flatMap((item) => (item.kind === 'certificate' ? [item] : []));
  const [first] = certificates;
  if (first === undefined || certificates.length === 1) return first?.certificate;
  const keyed = certificates.find(
    ({ localKeyId, certificate }) => localKeyId !== null && !certificate.isCa,
  );
  if (keyed !== undefined) return keyed.certificate;
  const issuers = new Set(
    certificates
      .map(
        ({ certificate }) => [nameKey(certificate.subject), nameKey(certificate.issuer)] as const,
      )
      .filter(([subject, issuer]) => subject !== issuer)
      .map(([, issuer]) => issuer),
  );
  const last = certificates.find(({ certificate }) => !issuers.has(nameKey(certificate.subject)));
  return (last ?? first).certificate;
}
