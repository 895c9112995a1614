import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeRandom } from '../../src/adapters/crypto/random.js';
import { proveIssued, SERVER_AUTH, type Subject } from '../../src/operations/issue-certificate.js';
import { issueMany, type BatchOrder } from '../../src/operations/issue-many.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { KeyPair } from '../../src/ports/keys.js';
import { assembleCertificate } from '../../src/x509/certificate-content.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { createLeafTemplate } from '../../src/x509/leaf-template.js';
import { issue, keyIdOf, keys, makeRoot, NOW } from '../support/issue-for-test.js';

const digest = createNodeDigest();
const random = createNodeRandom();
const SERIAL_OCTETS = 17;
/** What `bin/zone-access.ts` has between two commits. */
const BATCH = 250;
const VALIDITY = { notBefore: NOW - 3600, notAfter: NOW + 365 * 86_400 };

/** Makes so many keys and certificates of servers in memory, P-256; returns the certificates, DER. */
export type Mint = (count: number) => Promise<readonly Uint8Array[]>;

/** A root in memory, and the ways from it to the certificates of many servers. */
export async function openMint(): Promise<{
  readonly root: Uint8Array;
  /** Keys and certificates, nothing else. */
  readonly plain: Mint;
  /** By the code of a remint, with the rows that it records; the store forgets them. */
  readonly recorded: Mint;
  /** That, each certificate then read and proved, as a remint does with what it reads back. */
  readonly proved: Mint;
}> {
  const root = await makeRoot('Bench');
  const { signer } = await issue(root.pair, null, { ca: true });
  const { certificate } = root;
  const issuer = { signer, certificate, name: certificate.subject };
  const recorded: Mint = async (count) => {
    const pairs = await keys.generateMany('ec:P-256', count);
    return (await issueMany(forgetful(), issuer, pairs.map(orderOf), NOW)).map(({ der }) => der);
  };
  return {
    root: certificate.der,
    plain: inBatches((count) => mintPlainly(issuer, count)),
    recorded: inBatches(recorded),
    proved: inBatches(async (count) => {
      const made = await recorded(count);
      for (const der of made) proveIssued({ keys }, parseCertificate(der), certificate);
      return made;
    }),
  };
}

/** As a remint makes them: never more than a batch at once. */
function inBatches(mint: Mint): Mint {
  return async (count) => {
    const made: Uint8Array[] = [];
    while (made.length < count) made.push(...(await mint(Math.min(BATCH, count - made.length))));
    return made;
  };
}

type Issuer = Parameters<typeof issueMany>[1];

async function mintPlainly({ signer, name }: Issuer, count: number): Promise<Uint8Array[]> {
  const pairs = await keys.generateMany('ec:P-256', count);
  const { encode } = createLeafTemplate({
    issuer: name,
    extendedKeyUsage: [SERVER_AUTH],
    authorityKeyId: keyIdOf(signer.spki),
    signatureAlgorithm: signer.algorithm,
  });
  const serials = random.bytes(SERIAL_OCTETS * count);
  const parts = pairs.map((pair, at) => {
    const serial = serials.subarray(SERIAL_OCTETS * at, SERIAL_OCTETS * (at + 1));
    serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
    const { subject, dnsNames, ipAddresses } = subjectOf(pair, at);
    const { spki } = pair;
    const subjectKeyId = keyIdOf(spki);
    // Field by field, as `contentOf` does it: spreading costs as much as the octets.
    const { notBefore, notAfter } = VALIDITY;
    return encode({
      subject,
      notBefore,
      notAfter,
      spki,
      dnsNames,
      ipAddresses,
      serial,
      subjectKeyId,
    });
  });
  const signatures = await signer.signMany(parts);
  return parts.map((tbs, at) => {
    const signature = signatures[at];
    if (signature === undefined) throw new Error('a signature is missing');
    return assembleCertificate(tbs, signer.algorithm, signature);
  });
}

/** What issuing reaches of the world, with a store that takes everything and keeps nothing. */
function forgetful(): OperationContext {
  const store = { commit: () => Promise.resolve() };
  return { store, digest, keys, random, actor: 'bench' } as unknown as OperationContext;
}

function subjectOf(
  { spki }: KeyPair,
  at: number,
): Pick<Subject, 'spki' | 'dnsNames' | 'ipAddresses'> & {
  readonly subject: Subject['name'];
} {
  const name = `web${at}.example.com`;
  const subject = encodeDistinguishedName([{ type: 'CN', value: name }]);
  return { subject, spki, dnsNames: [name], ipAddresses: [] };
}

function orderOf(pair: KeyPair, at: number): BatchOrder {
  const { subject, ...rest } = subjectOf(pair, at);
  return {
    subject: {
      ...rest,
      name: subject,
      validity: VALIDITY,
      ca: false,
      extendedKeyUsage: [SERVER_AUTH],
    },
    facts: {
      purpose: 'server',
      memberId: `member-${at}`,
      operationId: 'op-1',
      issuerGeneration: 1,
      subjectGeneration: null,
      keyFrom: null,
      at: NOW,
    },
    state: 'future',
  };
}
