import { fromHex } from '../encoding/hex.js';
import type { ReadContext } from '../ports/context.js';
import { assembleCertificate, encodeTbsCertificate } from '../x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { contentOf } from './issue-certificate.js';
import type { IssuedContent } from './issue-plan.js';
import { issuedSubject } from './issued-subject.js';

/**
 * The certificate that would be made for a key, with a signature that nobody made and without what the
 * settings add: for looking at it. It must leave the process nowhere.
 */
export function trialIssue(
  ctx: Pick<ReadContext, 'digest'>,
  content: IssuedContent,
  { issuer, spki }: { readonly issuer: Certificate; readonly spki: Uint8Array },
): Certificate {
  const { subject: name, signatureAlgorithm, subjectKeyId } = issuer;
  const identity = { name, keyId: fromHex(subjectKeyId ?? ''), extensions: [] };
  const all = contentOf(ctx, identity, issuedSubject(content, spki), Uint8Array.of(1));
  const tbs = encodeTbsCertificate(all, signatureAlgorithm);
  return parseCertificate(assembleCertificate(tbs, signatureAlgorithm, Uint8Array.of(0)));
}
