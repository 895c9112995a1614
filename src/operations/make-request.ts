import { encodePem } from '../encoding/pem.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { RequestFiles } from '../ports/member-homes.js';
import {
  assembleCertificationRequest,
  encodeCertificationRequestInfo,
} from '../x509/certification-request-content.js';
import { parseCertificationRequest } from '../x509/certification-request.js';
import type { PlannedRequest } from '../zone/plan-requests.js';
import { SERVER_AUTH } from './issue-certificate.js';

/** A key and the request that was signed with it. */
export interface MadeRequest {
  /** The caller wipes the key. */
  readonly files: RequestFiles;
  readonly spkiSha256: string;
  /** PEM. */
  readonly csr: string;
}

/**
 * Makes a key and the request for it, reads the request back and checks its signature. Nothing is
 * written. Throws `bug` when zmint's own request does not verify.
 */
export async function makeRequest(
  ctx: Pick<ReadContext, 'keys' | 'digest'>,
  planned: PlannedRequest,
): Promise<MadeRequest> {
  const pair = await ctx.keys.generate(planned.keySpec);
  const signer = await ctx.keys.signer(pair.pkcs8);
  const { subject, dnsNames, ipAddresses } = planned;
  const info = encodeCertificationRequestInfo({
    subject,
    dnsNames,
    ipAddresses,
    spki: pair.spki,
    extendedKeyUsage: [SERVER_AUTH],
  });
  try {
    const der = assembleCertificationRequest(info, signer.algorithm, await signer.sign(info));
    const read = parseCertificationRequest(der);
    if (!ctx.keys.verify(read.spki, read.signatureAlgorithm, read.info, read.signature))
      throw new ZmintError('bug', `the request for ${planned.name} does not verify`);
    const csr = encodePem('CERTIFICATE REQUEST', der);
    return {
      csr,
      spkiSha256: ctx.digest.sha256(pair.spki),
      files: { 'key.der': pair.pkcs8, 'server.csr': encodeUtf8(csr) },
    };
  } finally {
    signer.close();
  }
}
