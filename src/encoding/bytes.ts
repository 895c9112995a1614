/** The parts one behind the other, in a buffer of their own. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Order of octets, the shorter one first where it begins the longer one (X.690 §11.6): negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether both hold the same octets. Not constant in time: never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/**
 * Whether the part stands in the whole, in one piece. Quick where the part begins with an octet that
 * is rare in the whole: the time is that of the whole for PEM, whose lines of base64 have no hyphen.
 */
export function includesBytes(whole: Uint8Array, part: Uint8Array): boolean {
  const [first] = part;
  if (first === undefined) return true;
  const last = whole.length - part.length;
  for (let start = whole.indexOf(first); start >= 0 && start <= last;) {
    if (standsAt(whole, part, start)) return true;
    start = whole.indexOf(first, start + 1);
  }
  return false;
}

/** In place: a view for every start would cost more than the comparison. */
function standsAt(whole: Uint8Array, part: Uint8Array, start: number): boolean {
  for (let index = 0; index < part.length; index += 1)
    if (whole[start + index] !== part[index]) return false;
  return true;
}
