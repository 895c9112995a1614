import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import { nameConstraintsExtension } from '../x509/name-constraints-content.js';
import { describePublicKey } from '../x509/public-key.js';
import { ISSUED_PURPOSES, keyUsageFor } from '../zone/issued-profile.js';
import type { Subject } from './issue-certificate.js';
import type { IssuedContent } from './issue-plan.js';

/** What the certificate of a plan says of its holder. */
export function issuedSubject(
  { profile, commonName, validity }: IssuedContent,
  spki: Uint8Array,
): Subject {
  const name = encodeDistinguishedName([{ type: 'CN', value: commonName }]);
  if (profile.is === 'subordinate') {
    const constraints = nameConstraintsExtension(profile.constraints);
    return {
      ...{ name, spki, validity, ca: true, dnsNames: [], ipAddresses: [], extendedKeyUsage: [] },
      more: {
        pathLength: profile.pathLength,
        extensions: constraints === undefined ? [] : [constraints],
      },
    };
  }
  const { dnsNames, ipAddresses, emailAddresses, uris } = profile.names;
  return {
    ...{ name, spki, validity, ca: false, dnsNames, ipAddresses },
    extendedKeyUsage: profile.purposes.map((purpose) => ISSUED_PURPOSES[purpose]),
    more: {
      emailAddresses,
      uris,
      keyUsage: keyUsageFor(describePublicKey(spki), profile.purposes),
    },
  };
}
