/** The middle of the values; of an even number, the upper one of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Three significant digits say all that a noisy machine can tell; a number from 1,000 on is made
 * whole.
 */
export function rounded(value) {
  if (Math.abs(value) >= 1000) return Math.round(value);
  return Number(value.toPrecision(3));
}
