import { encodePem } from '../../src/encoding/pem.js';
import type { Certificate } from '../../src/x509/certificate.js';
import type { ContainerItem } from '../../src/x509/container.js';
import type { TestIdentity } from './issue-for-test.js';
import { caExtensions, signedCertificate } from './signed-certificate.js';

/** A CA that is none of the zone's, with a key of its own. */
export function partnerRoot(name = 'Partner Root', notAfter?: number): Promise<TestIdentity> {
  return signedCertificate({
    name,
    issuer: null,
    extensions: caExtensions(),
    ...(notAfter === undefined ? {} : { notAfter }),
  });
}

/** Certificates as PEM, one after the other. */
export function pemOf(...certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('');
}

/** Certificates as a file that was read. */
export function itemsOf(...certificates: readonly Certificate[]): readonly ContainerItem[] {
  return certificates.map((certificate, index) => ({
    kind: 'certificate',
    certificate,
    trust: null,
    where: `block ${index + 1}`,
    alias: null,
    localKeyId: null,
  }));
}
