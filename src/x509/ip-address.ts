/** The 4 or 16 octets of an address in text (RFC 4291 §2.2); undefined when it is none. No zone index, no prefix. */
export function ipAddressOctets(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return ipv4Octets(text);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The canonical text of 4 or 16 octets (RFC 5952 for IPv6); undefined for any other length. */
export function ipAddressText(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return undefined;
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0),
  );
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function ipv4Octets(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const valid =
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/u.test(part) && Number(part) < 256);
  return valid ? Uint8Array.from(parts.map(Number)) : undefined;
}

/** The 16-bit groups of one side of `::`; an IPv4 address may stand at its end. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  if (!last.includes('.')) return hexGroups(parts);
  const plain = hexGroups(parts.slice(0, -1));
  const embedded = ipv4Octets(last);
  if (plain === undefined || embedded === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = embedded;
  return [...plain, (a << 8) | b, (c << 8) | d];
}

function hexGroups(parts: readonly string[]): number[] | undefined {
  const valid = parts.every((part) => /^[0-9a-f]{1,4}$/iu.test(part));
  return valid ? parts.map((part) => Number.parseInt(part, 16)) : undefined;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}
