import { encodePem } from '../../src/encoding/pem.js';
import { createPathValidator, validatePath } from '../../src/path/validate-path.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { issue, keys, makeLeaf, makeRoot, NOW } from '../support/issue-for-test.js';

type Verify = typeof keys.verify;
const verify: Verify = (...parts) => keys.verify(...parts);

/** A root, an intermediate below it, and that many leaves below that, as DER. */
export async function makeLeaves(count: number): Promise<{
  readonly root: Uint8Array;
  readonly intermediate: Uint8Array;
  readonly leaves: readonly Uint8Array[];
  readonly at: number;
}> {
  const root = await makeRoot('Bench root');
  const subject = encodeDistinguishedName([{ type: 'CN', value: 'Bench intermediate' }]);
  const pair = await keys.generate('ec:P-256');
  const intermediate = await issue(pair, root, { subject, ca: true });
  const leaves: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    leaves.push((await makeLeaf(`web${index}.example.com`, intermediate)).certificate.der);
  }
  const { certificate } = intermediate;
  return { root: root.certificate.der, intermediate: certificate.der, leaves, at: NOW };
}

/** Reads a certificate. */
export function decode(der: Uint8Array): Certificate {
  return parseCertificate(der);
}

/** PEM, for other programs. */
export function pem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}

/** One validator for many leaves. */
export function openPaths(
  root: Uint8Array,
  intermediate: Uint8Array,
  at: number,
): (leaf: Certificate) => boolean {
  const anchors = [parseCertificate(root)];
  const judge = createPathValidator({ anchors, untrusted: [decode(intermediate)], at, verify });
  return (leaf) => judge(leaf).valid;
}

/** Reads three certificates and judges the path, remembering nothing of other paths. */
export function judgeFresh(given: {
  readonly root: Uint8Array;
  readonly intermediate: Uint8Array;
  readonly leaf: Uint8Array;
  readonly at: number;
}): boolean {
  const anchors = [decode(given.root)];
  const untrusted = [decode(given.intermediate)];
  return validatePath({ leaf: decode(given.leaf), anchors, untrusted, at: given.at, verify }).valid;
}

/** Certificates of one name and many keys that have all signed one another, and no root that is trusted. */
export async function hostileBag(size: number): Promise<() => boolean> {
  const subject = encodeDistinguishedName([{ type: 'CN', value: 'Hostile CA' }]);
  const roots = [];
  for (let index = 0; index < Math.ceil(Math.sqrt(size)); index += 1) {
    roots.push(await issue(await keys.generate('ec:P-256'), null, { subject, ca: true }));
  }
  const ders: Uint8Array[] = [];
  for (const one of roots) {
    for (const other of roots) {
      ders.push((await issue(one.pair, other, { subject, ca: true })).certificate.der);
    }
  }
  const [first] = roots;
  if (first === undefined) throw new Error('there is no hostile CA');
  const leaf = (await makeLeaf('victim.example.com', first)).certificate.der;
  const anchor = (await makeRoot('Honest root')).certificate.der;
  return () =>
    validatePath({
      leaf: decode(leaf),
      anchors: [decode(anchor)],
      untrusted: ders.map(decode),
      at: NOW,
      verify,
    }).valid;
}
