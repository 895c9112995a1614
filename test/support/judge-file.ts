import { createFormatContext } from '../../bin/format-context.js';
import { verifyCertificate, type VerifyReport } from '../../src/operations/verify-certificate.js';

/** Files of PEM by which a certificate is judged. */
export interface Judging {
  readonly leaf: string;
  readonly untrusted?: string;
  readonly trust: string;
  readonly crls?: string;
  readonly at: number;
}

/** What `cert verify` says of it, in the strict profile of RFC 5280. */
export function judgeFile({ leaf, untrusted, trust, crls, at }: Judging): Promise<VerifyReport> {
  const file = (name: string, text: string) => ({
    name,
    bytes: new TextEncoder().encode(text),
    passphrases: [],
  });
  return verifyCertificate(createFormatContext(), {
    file: file('leaf', leaf),
    untrusted: untrusted === undefined ? [] : [file('untrusted', untrusted)],
    trust: [file('trust', trust)],
    crls: crls === undefined ? [] : [file('crls', crls)],
    at,
    name: undefined,
    eku: undefined,
    policy: { initialPolicySet: [], explicit: false, inhibitMapping: false, inhibitAny: false },
    maxDepth: undefined,
    profile: undefined,
  });
}
