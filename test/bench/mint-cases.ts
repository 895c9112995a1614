import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { createNodeRandom } from '../../src/adapters/crypto/random.js';
import { fromHex } from '../../src/encoding/hex.js';
import type { KeyPair } from '../../src/ports/keys.js';
import { assembleCertificate } from '../../src/x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { createLeafTemplate, type LeafFields } from '../../src/x509/leaf-template.js';
import { lintIssued } from '../../src/x509/lint-certificate.js';
import { keyIdentifierInput } from '../../src/x509/public-key.js';
import { issue, makeRoot, NOW, SERVER_AUTH } from '../support/issue-for-test.js';

const keys = createNodeKeys();
const digest = createNodeDigest();
const random = createNodeRandom();

export interface Mint {
  /** So many P-256 keys, PKCS#8 and DER, and their certificates, DER: parts and order are those of a remint. */
  mint(count: number): Promise<readonly Uint8Array[]>;
  /** The same, each certificate then read back, linted and its signature verified, as a remint does. */
  mintAndProve(count: number): Promise<readonly Uint8Array[]>;
  /** What stands in the certificates, for a look from outside. */
  readonly root: Uint8Array;
}

/** A root in memory, and the way from it to many certificates of servers. */
export async function openMint(): Promise<Mint> {
  const root = await makeRoot('Bench');
  const { signer } = await issue(root.pair, null, { ca: true });
  const mint = async (count: number): Promise<readonly Uint8Array[]> => {
    const pairs = await keys.generateMany('ec:P-256', count);
    const template = createLeafTemplate({
      issuer: root.certificate.subject,
      extendedKeyUsage: [SERVER_AUTH],
      authorityKeyId: keyIdOf(signer.spki),
      signatureAlgorithm: signer.algorithm,
    });
    const parts = pairs.map((pair, at) => template.encode(fieldsOf(pair, at)));
    const signatures = await signer.signMany(parts);
    return parts.map((tbs, at) => {
      const signature = signatures[at];
      if (signature === undefined) throw new Error('a signature is missing');
      return assembleCertificate(tbs, signer.algorithm, signature);
    });
  };
  return {
    mint,
    mintAndProve: async (count) => {
      const made = await mint(count);
      for (const der of made) prove(parseCertificate(der), root.certificate);
      return made;
    },
    root: root.certificate.der,
  };
}

function fieldsOf({ spki }: KeyPair, at: number): LeafFields {
  const name = `web${at}.example.com`;
  const serial = random.bytes(17);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  return {
    serial,
    subject: encodeDistinguishedName([{ type: 'CN', value: name }]),
    notBefore: NOW - 3600,
    notAfter: NOW + 365 * 86_400,
    spki,
    dnsNames: [name],
    ipAddresses: [],
    subjectKeyId: keyIdOf(spki),
  };
}

function keyIdOf(spki: Uint8Array): Uint8Array {
  return fromHex(digest.sha256(keyIdentifierInput(spki)).slice(0, 40));
}

function prove(certificate: Certificate, issuer: Certificate): void {
  const { signatureAlgorithm, tbs, signature } = certificate;
  const problems = [...lintIssued(certificate, issuer)];
  if (!keys.verify(issuer.spki, signatureAlgorithm, tbs, signature)) problems.push('signature');
  if (problems.length > 0) throw new Error(problems.join('; '));
}
