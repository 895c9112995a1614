import { createHash } from 'node:crypto';
import type { Administrator } from '../../src/zone/administrator.js';
import type { AuditEntry } from '../../src/zone/audit-event.js';
import type { Authority } from '../../src/zone/authority.js';

import type { CaMove } from '../../src/zone/ca-move.js';
import type { CertificateRecord, SerialReservation } from '../../src/zone/certificate-record.js';
import type { CertificateRequest } from '../../src/zone/certificate-request.js';
import type { Change } from '../../src/zone/change.js';
import type { MemberSet } from '../../src/zone/member-set.js';
import type { Member } from '../../src/zone/member.js';
import type { Operation, OperationMember } from '../../src/zone/operation.js';
import type { TrustAnchor } from '../../src/zone/trust-anchor.js';
import type { VerifiedBackup } from '../../src/zone/verified-backup.js';
import type { Zone } from '../../src/zone/zone.js';
import { AUTHORITY_REQUEST } from './authority-rows.js';

/** The moment at which the rows of tests begin: 2026-11-21T05:26:19Z. */
export const BEGINNING = 1_795_238_779;

/** A zone with an internal CA. */
export const ZONE: Zone = {
  id: '5b0f8f0e-6f1d-4a57-9d53-0d1c2f0a9b11',
  name: 'Zürich „Nord“',
  createdAt: BEGINNING,
  custody: 'passphrase',
  keySpec: 'ec:P-256',
  caMemberId: 'member-1',
};

/** A server with every field filled. */
export function member(number: number, changes: Partial<Member> = {}): Member {
  return {
    id: `member-${number}`,
    name: `web${number}`,
    path: `/Devices/Servers/web${number}`,
    kind: 'satellite',
    roles: ['authentication', 'join-proxy'],
    dnsName: `web${number}.example.com`,
    additionalDnsNames: [`www${number}.example.com`, '*.example.org'],
    ipAddresses: ['192.0.2.7', '2001:db8::7'],
    home: `/srv/web${number}`,
    reload: `systemctl reload nginx || echo "it's ${number}"`,
    probe: `web${number}.example.com:443`,
    version: '24.4.1',
    addedAt: BEGINNING + number,
    ...changes,
  };
}

/** A device with every field empty that may be. */
export function device(number: number): Member {
  return {
    ...member(number),
    path: `/Devices/Workstations/web${number}`,
    kind: 'workstation',
    roles: [],
    dnsName: null,
    additionalDnsNames: [],
    ipAddresses: [],
    home: null,
    reload: null,
    probe: null,
    version: null,
  };
}

/** A backup that was proved. */
export const BACKUP: VerifiedBackup = {
  sha256: 'ab'.repeat(32),
  path: '/safe/zürich.age',
  headSequence: 7,
  headHash: 'cd'.repeat(32),
  generation: 1,
  madeAt: BEGINNING,
  verifiedAt: BEGINNING + 2,
};

/** A certificate with its bytes; the fingerprint is theirs. */
export function certificate(
  number: number,
  changes: Partial<CertificateRecord> = {},
): { readonly record: CertificateRecord; readonly der: Uint8Array } {
  const der = new Uint8Array(600).fill(number % 251);
  new DataView(der.buffer).setUint32(0, number);
  const record: CertificateRecord = {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    purpose: 'server',
    state: 'future',
    memberId: 'member-1',
    issuerGeneration: 1,
    subjectGeneration: 2,
    serial: `1${String(number).padStart(31, '0')}`,
    subject: `CN=web${number}.example.com,O=Größe\\, Inc.`,
    issuer: 'CN=Zone CA',
    dnsNames: [`web${number}.example.com`],
    ipAddresses: ['192.0.2.7'],
    notBefore: BEGINNING - 3600,
    notAfter: 253_402_300_799,
    key: 'ec:P-256',
    spkiSha256: 'ab'.repeat(32),
    keyFrom: 'cd'.repeat(32),
    operationId: 'op-1',
    recordedAt: BEGINNING + number,
    ...changes,
  };
  return { record, der };
}

/** A certificate with every field empty that may be. */
export function bareCertificate(number: number): ReturnType<typeof certificate> {
  return certificate(number, {
    purpose: 'ca',
    memberId: null,
    issuerGeneration: null,
    subjectGeneration: null,
    dnsNames: [],
    ipAddresses: [],
    keyFrom: null,
    operationId: null,
  });
}

/** The first generation, whose certificate is number 1. */
export const AUTHORITY: Authority = {
  generation: 1,
  kind: 'internal',
  state: 'active',
  commonName: 'Zone CA',
  certificate: certificate(1).record.fingerprint,
  spkiSha256: 'ef'.repeat(32),
  keyMemberId: 'member-1',
  createdAt: BEGINNING,
};

/** The root of the first generation. */
export const ANCHOR: TrustAnchor = {
  alias: 'zone-ca-1',
  certificate: certificate(1).record.fingerprint,
  source: 'zone',
  since: BEGINNING,
};

/** A serial number taken from the first generation. */
export function reservation(
  serial: string,
  changes: Partial<SerialReservation> = {},
): SerialReservation {
  return {
    issuerSpkiSha256: 'ef'.repeat(32),
    serial,
    purpose: 'server',
    memberId: 'member-1',
    operationId: 'op-1',
    reservedAt: BEGINNING,
    ...changes,
  };
}

/** A set with every field filled. */
export function memberSet(number: number, changes: Partial<MemberSet> = {}): MemberSet {
  return {
    memberId: 'member-1',
    number,
    purpose: 'future',
    state: 'ready',
    leaf: certificate(1).record.fingerprint,
    chain: [certificate(2).record.fingerprint, certificate(3).record.fingerprint],
    trust: [certificate(3).record.fingerprint, certificate(1).record.fingerprint],
    operationId: 'op-1',
    createdAt: BEGINNING,
    ...changes,
  };
}

/** An operation with every field filled. */
export function operation(number: number, changes: Partial<Operation> = {}): Operation {
  return {
    id: `op-${number}`,
    kind: 'ca-remint',
    phase: 'armed',
    activation: { when: 'at', instant: BEGINNING + 86_400 },
    policy: 'gate',
    deadline: BEGINNING + 100_000,
    updateName: 'Remint of November',
    updateGuid: '0e3f5dfc-7d0c-4d9a-8b0e-3d0a4b2ad1ef',
    keepKey: true,
    compromised: false,
    generation: 2,
    previousGeneration: 1,
    plannedAuthority: {
      generation: 2,
      previousGeneration: 1,
      commonName: 'Zone CA',
      subjectCommonName: 'Zone CA G2',
      keySpec: 'ec:P-384',
      keepKey: false,
      validity: { notBefore: BEGINNING, notAfter: BEGINNING + 1000 },
      newWithOld: true,
      oldWithNew: false,
      replaces: certificate(1).record.fingerprint,
    },
    startedBy: 'root',
    startedAt: BEGINNING,
    endedAt: BEGINNING + 5,
    ...changes,
  };
}

/** A part with every field filled. */
export function part(number: number, changes: Partial<OperationMember> = {}): OperationMember {
  return {
    operationId: 'op-1',
    memberId: `member-${number}`,
    order: number,
    planned: {
      memberId: `member-${number}`,
      name: `web${number}`,
      names: {
        commonName: `web${number}.example.com`,
        dnsNames: [`web${number}.example.com`],
        ipAddresses: [],
      },
      keySpec: 'rsa:3072',
      keepKey: true,
      validity: { notBefore: BEGINNING, notAfter: BEGINNING + 1000 },
      replaces: null,
      replacedEnds: BEGINNING + 2000,
      placedByHand: true,
      order: number,
    },
    creation: 'new-certificate-created',
    update: 'pending-certificate-activation',
    previousSet: 1,
    trustSet: 2,
    futureSet: 3,
    futureCertificate: certificate(1).record.fingerprint,
    narrowedSet: 4,
    target: 3,
    held: true,
    evidence: 'handshake',
    trustProvedAt: BEGINNING + 7,
    waived: true,
    problem: { code: 'unreachable', message: 'no answer\u0000 \u001b[31m \u202e', at: BEGINNING },
    ...changes,
  };
}

/** What explains a commit of a test. */
export function entry(what = 'tested', details: AuditEntry['details'] = {}): AuditEntry {
  return { at: BEGINNING, actor: 'root', what, operationId: null, details };
}

/** A request with every field filled. */
export function request(
  number: number,
  changes: Partial<CertificateRequest> = {},
): CertificateRequest {
  return {
    memberId: 'member-1',
    number,
    state: 'csr-generated',
    subject: 'CN=web1.example.com,O=Zürich „Nord“',
    dnsNames: ['web1.example.com', '*.example.com'],
    ipAddresses: ['192.0.2.7'],
    keySpec: 'rsa:3072',
    spkiSha256: 'ab'.repeat(32),
    csr: '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n',
    problem: null,
    createdAt: BEGINNING,
    ...changes,
  };
}

/** A request with every field empty that may be. */
function failedRequest(number: number): CertificateRequest {
  const nothing = { spkiSha256: null, csr: null, problem: 'the disk is full' };
  return request(number, { state: 'csr-generation-failed', ...nothing });
}

/** The second generation, below two others. */
export const SUBORDINATE: Authority = {
  ...AUTHORITY,
  generation: 2,
  state: 'future',
  certificate: certificate(2).record.fingerprint,
  parents: [certificate(3), bareCertificate(4)].map(({ record }) => record.fingerprint),
};

/** A move of the CA role that was interrupted. */
export const CA_MOVE: CaMove = {
  fromMemberId: 'member-1',
  toMemberId: 'member-2',
  fromHome: '/srv/web1',
  toHome: '/srv/web2',
  state: 'copying',
  generations: [1, 3],
  startedBy: 'root',
  startedAt: BEGINNING,
};

/** Somebody who may sign in. */
export function administrator(name: string, changes: Partial<Administrator> = {}): Administrator {
  return {
    name,
    privilege: 'operator',
    password: { kdf: 'scrypt', N: 2 ** 15, r: 8, p: 3, salt: 'c2FsdA==', hash: 'aGFzaA==' },
    addedAt: BEGINNING,
    passwordSetAt: BEGINNING + 1,
    ...changes,
  };
}

/** A small zone in which there is a row of every kind. */
export const WHOLE_ZONE: readonly Change[] = [
  { type: 'put-zone', zone: ZONE },
  { type: 'put-members', members: [member(1), member(2), device(3)] },
  { type: 'reserve-serials', serials: [reservation('11'), reservation('12')] },
  {
    type: 'add-certificates',
    certificates: [certificate(1), certificate(2), certificate(3), bareCertificate(4)],
  },
  { type: 'put-authority', authority: AUTHORITY },
  { type: 'put-authority', authority: SUBORDINATE },
  { type: 'put-authority-request', request: AUTHORITY_REQUEST },
  { type: 'put-anchor', anchor: ANCHOR },
  { type: 'put-sets', sets: [memberSet(1), memberSet(2, { memberId: 'member-2' })] },
  { type: 'put-operation', operation: operation(1) },
  { type: 'put-operation-members', members: [part(1), part(2)] },
  { type: 'put-requests', requests: [request(1), failedRequest(2)] },
  { type: 'put-backup', backup: BACKUP },
  { type: 'put-ca-move', move: CA_MOVE },
  { type: 'put-administrator', administrator: administrator('anna') },
];
