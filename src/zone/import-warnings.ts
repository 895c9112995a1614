import type { Certificate } from '../x509/certificate.js';
import { DAY, renderInstant, type Instant } from './instant.js';
import type { PlannedServer } from './remint-plan.js';
import { lostNames } from './server-names.js';

/** The longest life of a certificate that mobile devices accept, as remints reckon it. */
const MOBILE_DAYS = 731;

/**
 * What a person should know about an imported certificate before saying yes; none of it is refused.
 *
 * @param activation - null when it is Immediate
 */
export function importWarnings(
  planned: PlannedServer,
  leaf: Certificate,
  today: readonly string[],
  activation: Instant | null,
): readonly string[] {
  const { name, validity, replacedEnds } = planned;
  const lost = lostNames(today, planned.names);
  const facts: readonly (readonly [boolean, string])[] = [
    [lost.length > 0, `${name} will no longer answer to ${lost.join(', ')}`],
    [planned.keepKey, `${name} keeps its key`],
    [
      validity.notAfter - validity.notBefore > MOBILE_DAYS * DAY,
      `${name}: mobile devices refuse certificates of more than 2 years`,
    ],
    [
      leaf.extendedKeyUsage === null,
      `${name}: mobile devices refuse certificates without extended key usage`,
    ],
    [
      /sha-?1|md5/iu.test(leaf.signatureAlgorithmName),
      `${name}: mobile devices refuse the signature (${leaf.signatureAlgorithmName})`,
    ],
    [
      activation !== null && replacedEnds !== null && replacedEnds < activation,
      `${name} expires before the activation, ${renderInstant(replacedEnds ?? 0)}`,
    ],
  ];
  return facts.filter(([holds]) => holds).map(([, text]) => text);
}
