import { renderDaysLeft } from './certificate-life.js';
import type { SignedCrl } from './crl-issuer.js';
import { DAY, type Instant } from './instant.js';

/** A CRL that is in force, without its bytes. */
export type CrlFacts = Omit<SignedCrl, 'der'> & { readonly generation: number };

/** What is known about revocation in a zone that does it. */
export interface CrlStanding {
  /** By generation. */
  readonly crls: readonly CrlFacts[];
  /** Revocations that no CRL names yet. */
  readonly unlisted: number;
  /** A CRL was signed and has not reached the zone home and the members. */
  readonly unpublished: boolean;
  /** Names of servers that serve a revoked certificate. */
  readonly revokedInUse: readonly string[];
}

/** One thing about revocation that is not as it should be. */
export interface CrlFault {
  readonly state: 'warning' | 'critical';
  readonly message: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** A CRL that ends sooner is pointed at; `ca crl --due 2d` in cron makes the next one before. */
const SOON = DAY;

/** `the revocation list of generation 1 ends in 6 days`. */
export function crlEnds({ generation, nextUpdate }: CrlFacts, now: Instant): string {
  const verb = now > nextUpdate ? 'ended' : 'ends';
  return `the revocation list of generation ${generation} ${verb} ${renderDaysLeft(nextUpdate, now)}`;
}

/** What is wrong, the worst first. */
export function judgeCrls(standing: CrlStanding | null, now: Instant): readonly CrlFault[] {
  if (standing === null) return [];
  const ended = standing.crls.filter(({ nextUpdate }) => nextUpdate < now);
  const ending = standing.crls.filter(
    ({ nextUpdate }) => nextUpdate >= now && nextUpdate < now + SOON,
  );
  const mend = 'zmint ca crl';
  return [
    ...ended.map((crl): CrlFault => ({ state: 'critical', message: crlEnds(crl, now), mend })),
    ...standing.revokedInUse.map((name): CrlFault => ({
      state: 'critical',
      message: `${name} serves a revoked certificate`,
      mend: `zmint ssl remint ${name}`,
    })),
    ...ending.map((crl): CrlFault => ({ state: 'warning', message: crlEnds(crl, now), mend })),
    ...pendingFaults(standing),
  ];
}

function pendingFaults({ unlisted, unpublished }: CrlStanding): readonly CrlFault[] {
  const faults: CrlFault[] = [];
  if (unlisted > 0) {
    const what = unlisted === 1 ? '1 revocation is' : `${unlisted} revocations are`;
    const message = `${what} in no revocation list yet`;
    faults.push({ state: 'warning', message, mend: 'zmint ca crl' });
  }
  if (unpublished) {
    const message = 'a revocation list was signed and has not reached every member';
    faults.push({ state: 'warning', message, mend: 'zmint ssl resume' });
  }
  return faults;
}
