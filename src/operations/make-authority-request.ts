import { encodePem } from '../encoding/pem.js';
import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import {
  assembleCertificationRequest,
  encodeAuthorityRequestInfo,
} from '../x509/certification-request-content.js';
import { parseCertificationRequest } from '../x509/certification-request.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';

/**
 * The request, PEM, that asks for a CA's certificate for the key of the signer; it was read back and
 * its signature checked. Throws `bug` when zmint's own request does not verify.
 */
export async function makeAuthorityRequest(
  ctx: Pick<ReadContext, 'keys'>,
  subject: DistinguishedName,
  signer: Signer,
): Promise<string> {
  const info = encodeAuthorityRequestInfo({ subject, spki: signer.spki });
  const der = assembleCertificationRequest(info, signer.algorithm, await signer.sign(info));
  const read = parseCertificationRequest(der);
  if (!ctx.keys.verify(read.spki, read.signatureAlgorithm, read.info, read.signature))
    throw new ZmintError('bug', `the request for ${subject.text} does not verify`);
  return encodePem('CERTIFICATE REQUEST', der);
}
