import fc from 'fast-check';
import { ipAddressText } from '../../src/x509/ip-address.js';
import {
  encodeDistinguishedName,
  type DistinguishedName,
} from '../../src/x509/distinguished-name.js';
import type { LeafFields, LeafShape } from '../../src/x509/leaf-template.js';
import { ipOctets } from '../../src/x509/subject-alt-name.js';

/** id-kp-serverAuth, clientAuth, codeSigning, one with a long arc. */
const USAGES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.3', '2.999.4294967296'];
const AT_2050 = Date.UTC(2050, 0, 1) / 1000;
const FIRST = Date.UTC(1950, 0, 1) / 1000;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

const serial = fc.oneof(
  fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .filter((octets) => (octets[0] ?? 0) < 0x80 && octets.some((octet) => octet !== 0)),
  fc.constantFrom(
    Uint8Array.of(1),
    Uint8Array.of(0, 0x80),
    Uint8Array.of(0, 0x7f),
    Uint8Array.of(0x7f, 0xff),
    Uint8Array.of(0, 0, 0, 0xff, 1),
    Uint8Array.of(0, ...new Array<number>(19).fill(0xff)),
    Uint8Array.of(0x7f, ...new Array<number>(19).fill(0xff)),
  ),
);

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 64 }),
  fc.domain().map((domain) => domain.slice(0, 64)),
  fc.constantFrom('Äpfel & Söhne', '日本', 'Lučić', '*.example.com', '-', '😀', 'x'.repeat(64)),
);

/** Names of issuers and subjects, the empty one too. */
const name: fc.Arbitrary<DistinguishedName> = fc
  .record(
    { C: fc.constantFrom('DE', 'ch'), O: text, OU: text, L: text, ST: text, CN: text },
    { requiredKeys: [] },
  )
  .map((parts) =>
    encodeDistinguishedName(
      (['C', 'ST', 'L', 'O', 'OU', 'CN'] as const).flatMap((type) => {
        const value = parts[type];
        return value === undefined ? [] : [{ type, value }];
      }),
    ),
  );

const commonNameAlone = text.map((value) => encodeDistinguishedName([{ type: 'CN', value }]));

const time = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc.integer({ min: AT_2050 - 2, max: AT_2050 + 2 }),
  fc.constantFrom(FIRST, LAST, 0, -1),
);

const dnsName = fc.oneof(
  fc.domain(),
  fc.domain().map((domain) => `*.${domain}`.slice(0, 253)),
  fc.constantFrom('localhost', 'xn--bcher-kva.example', '_srv.example.com', 'a'.repeat(253)),
);

const addresses = fc.oneof(fc.ipV4(), fc.ipV6());

const lists = fc.oneof(
  { weight: 8, arbitrary: fc.record(namesOf(4)) },
  { weight: 1, arbitrary: fc.record(namesOf(60)) },
  { weight: 1, arbitrary: fc.constant({ dnsNames: [], ipAddresses: [] }) },
);

/** What a template is made of, for a signature of any of these algorithms. */
export function leafShape(algorithms: readonly Uint8Array[]): fc.Arbitrary<LeafShape> {
  return fc.record({
    issuer: name,
    signatureAlgorithm: fc.constantFrom(...algorithms),
    extendedKeyUsage: fc.subarray(USAGES),
    authorityKeyId: fc.uint8Array({ minLength: 20, maxLength: 20 }),
  });
}

/** What a template is filled in with, for any of these public keys: everything that a certificate can hold. */
export function leafFields(spkis: readonly Uint8Array[]): fc.Arbitrary<LeafFields> {
  return fc
    .record({
      serial,
      subject: fc.oneof(name, commonNameAlone),
      notBefore: time,
      notAfter: time,
      spki: fc.constantFrom(...spkis),
      names: lists,
      subjectKeyId: fc.oneof(
        { weight: 5, arbitrary: fc.uint8Array({ minLength: 20, maxLength: 20 }) },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }) },
      ),
    })
    .map(({ names, ...fields }) => ({ ...fields, ...names }));
}

/** The names of a server that `lintIssued` passes: some, none twice, the common name among them. */
export function serverNames(): fc.Arbitrary<{
  readonly name: DistinguishedName;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}> {
  const canonical = (address: string): string | undefined => ipAddressText(ipOctets(address));
  return fc
    .record({
      dnsNames: fc.uniqueArray(dnsName, { maxLength: 6 }),
      ipAddresses: fc.uniqueArray(addresses, { maxLength: 6, selector: canonical }),
      named: fc.boolean(),
    })
    .filter(({ dnsNames, ipAddresses }) => dnsNames.length + ipAddresses.length > 0)
    .map(({ named, ...names }) => {
      const value = names.dnsNames.find((one) => one.length <= 64);
      const attributes = named && value !== undefined ? [{ type: 'CN' as const, value }] : [];
      return { ...names, name: encodeDistinguishedName(attributes) };
    });
}

function namesOf(most: number): {
  dnsNames: fc.Arbitrary<string[]>;
  ipAddresses: fc.Arbitrary<string[]>;
} {
  return {
    dnsNames: fc.array(dnsName, { maxLength: most }),
    ipAddresses: fc.array(addresses, { maxLength: most }),
  };
}
