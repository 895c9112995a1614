import { crlEnds, judgeCrls, renderInstant, type CrlStanding } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import type { Cell, Surface } from '../cli/table.js';

/** When the revocation lists end, and what is wrong; no lines in a zone that makes none. */
export function crlLines(
  standing: CrlStanding | null,
  now: number,
  { style }: Pick<Surface, 'style'>,
): readonly Cell[] {
  const faults = judgeCrls(standing, now);
  const told = new Set(faults.map(({ message }) => message));
  const well = (standing?.crls ?? [])
    .map((crl) => ({ crl, text: crlEnds(crl, now) }))
    .filter(({ text }) => !told.has(text));
  return [
    ...faults.map(({ state, message }) => ({
      text: message,
      dress: state === 'critical' ? style.bad : style.warning,
    })),
    ...well.map(({ crl, text }) => `${text}: number ${crl.number}, ${crl.entries} revoked`),
  ];
}

/** The same for scripts; null in a zone that makes none. */
export function crlStandingJson(standing: CrlStanding | null): JsonDocument | null {
  if (standing === null) return null;
  return {
    ...standing,
    crls: standing.crls.map((crl) => ({
      ...crl,
      thisUpdate: renderInstant(crl.thisUpdate),
      nextUpdate: renderInstant(crl.nextUpdate),
    })),
  };
}
