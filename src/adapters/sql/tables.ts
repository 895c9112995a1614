import type { Administrator } from '../../zone/administrator.js';
import type { AuditEvent } from '../../zone/audit-event.js';
import type { Authority } from '../../zone/authority.js';
import type { AuthorityRequest } from '../../zone/authority-request.js';
import type { CaMove } from '../../zone/ca-move.js';
import type { CertificateRecord, SerialReservation } from '../../zone/certificate-record.js';
import type { CertificateRequest } from '../../zone/certificate-request.js';
import type { CrlIssuer } from '../../zone/crl-issuer.js';
import type { Member } from '../../zone/member.js';
import type { MemberSet } from '../../zone/member-set.js';
import type { Operation, OperationMember } from '../../zone/operation.js';
import type { Revocation } from '../../zone/revocation.js';
import type { TokenKey } from '../../zone/token-key.js';
import type { TrustAnchor } from '../../zone/trust-anchor.js';
import type { VerifiedBackup } from '../../zone/verified-backup.js';
import type { Zone } from '../../zone/zone.js';
import { flag, integer, json, optional, text } from './column.js';
import { defineTable } from './table.js';

/** The zone itself; one row. */
export const ZONE = defineTable<Zone>('zone', ['id'], {
  id: text('id'),
  name: text('name'),
  createdAt: integer('created_at'),
  custody: text('custody'),
  keySpec: text('key_spec'),
  caMemberId: optional(text('ca_member_id')),
});

/** Servers and devices. */
export const MEMBERS = defineTable<Member>('members', ['id'], {
  id: text('id'),
  name: text('name'),
  path: text('path'),
  kind: text('kind'),
  roles: json('roles'),
  dnsName: optional(text('dns_name')),
  additionalDnsNames: json('additional_dns_names'),
  ipAddresses: json('ip_addresses'),
  home: optional(text('home')),
  reload: optional(text('reload')),
  probe: optional(text('probe')),
  version: optional(text('version')),
  addedAt: integer('added_at'),
});

/** Generations of the certificate authority. */
export const AUTHORITIES = defineTable<Omit<Authority, 'parents'>>('authorities', ['generation'], {
  generation: integer('generation'),
  kind: text('kind'),
  state: text('state'),
  commonName: text('common_name'),
  certificate: text('certificate'),
  spkiSha256: text('spki_sha256'),
  keyMemberId: optional(text('key_member_id')),
  createdAt: integer('created_at'),
});

/** Where in tokens keys of the CA lie. */
export const TOKEN_KEYS = defineTable<TokenKey>('token_keys', ['spki_sha256'], {
  spkiSha256: text('spki_sha256'),
  uri: text('uri'),
  recordedAt: integer('recorded_at'),
});
/** What stands above the generations that are subordinate. */
export const AUTHORITY_PARENTS = defineTable<Required<Pick<Authority, 'generation' | 'parents'>>>(
  'authority_parents',
  ['generation'],
  { generation: integer('generation'), parents: json('parents') },
);

/** Requests for the certificates of subordinate CAs. */
export const AUTHORITY_REQUESTS = defineTable<AuthorityRequest>(
  'authority_requests',
  ['generation'],
  {
    generation: integer('generation'),
    state: text('state'),
    commonName: text('common_name'),
    subject: text('subject'),
    keySpec: text('key_spec'),
    spkiSha256: text('spki_sha256'),
    csr: text('csr'),
    keyMemberId: text('key_member_id'),
    custody: text('custody'),
    wish: optional(json('wish')),
    createdAt: integer('created_at'),
  },
);

/** The certificate repository without the bytes. */
export const CERTIFICATES = defineTable<CertificateRecord>('certificates', ['fingerprint'], {
  fingerprint: text('fingerprint'),
  purpose: text('purpose'),
  state: text('state'),
  memberId: optional(text('member_id')),
  issuerGeneration: optional(integer('issuer_generation')),
  subjectGeneration: optional(integer('subject_generation')),
  serial: text('serial'),
  subject: text('subject'),
  issuer: text('issuer'),
  dnsNames: json('dns_names'),
  ipAddresses: json('ip_addresses'),
  notBefore: integer('not_before'),
  notAfter: integer('not_after'),
  key: text('key_spec'),
  spkiSha256: text('spki_sha256'),
  keyFrom: optional(text('key_from')),
  operationId: optional(text('operation_id')),
  recordedAt: integer('recorded_at'),
});

/** Serial numbers taken, for ever. */
export const RESERVATIONS = defineTable<SerialReservation>(
  'serial_reservations',
  ['issuer_spki_sha256', 'serial'],
  {
    issuerSpkiSha256: text('issuer_spki_sha256'),
    serial: text('serial'),
    purpose: text('purpose'),
    memberId: optional(text('member_id')),
    operationId: optional(text('operation_id')),
    reservedAt: integer('reserved_at'),
  },
);

/** Requests to external CAs. */
export const REQUESTS = defineTable<CertificateRequest>(
  'certificate_requests',
  ['member_id', 'number'],
  {
    memberId: text('member_id'),
    number: integer('number'),
    state: text('state'),
    subject: text('subject'),
    dnsNames: json('dns_names'),
    ipAddresses: json('ip_addresses'),
    keySpec: text('key_spec'),
    spkiSha256: optional(text('spki_sha256')),
    csr: optional(text('csr')),
    problem: optional(text('problem')),
    createdAt: integer('created_at'),
  },
);

/** What the generation folders of members must hold. */
export const SETS = defineTable<MemberSet>('member_sets', ['member_id', 'number'], {
  memberId: text('member_id'),
  number: integer('number'),
  purpose: text('purpose'),
  state: text('state'),
  leaf: optional(text('leaf')),
  chain: json('chain'),
  trust: json('trust'),
  operationId: optional(text('operation_id')),
  createdAt: integer('created_at'),
});

/** Remints. */
export const OPERATIONS = defineTable<Operation>('operations', ['id'], {
  id: text('id'),
  kind: text('kind'),
  phase: text('phase'),
  activation: json('activation'),
  policy: text('policy'),
  deadline: optional(integer('deadline')),
  updateName: text('update_name'),
  updateGuid: text('update_guid'),
  keepKey: flag('keep_key'),
  compromised: flag('compromised'),
  generation: integer('generation'),
  previousGeneration: integer('previous_generation'),
  plannedAuthority: optional(json('planned_authority')),
  startedBy: text('started_by'),
  startedAt: integer('started_at'),
  endedAt: optional(integer('ended_at')),
});

/** The parts of members in operations. */
export const OPERATION_MEMBERS = defineTable<OperationMember>(
  'operation_members',
  ['operation_id', 'member_id'],
  {
    operationId: text('operation_id'),
    memberId: text('member_id'),
    order: integer('position'),
    planned: optional(json('planned')),
    creation: optional(text('creation')),
    update: text('update_state'),
    previousSet: optional(integer('previous_set')),
    trustSet: optional(integer('trust_set')),
    futureSet: optional(integer('future_set')),
    futureCertificate: optional(text('future_certificate')),
    narrowedSet: optional(integer('narrowed_set')),
    target: optional(integer('target')),
    held: flag('held'),
    evidence: optional(text('evidence')),
    trustProvedAt: optional(integer('trust_proved_at')),
    waived: flag('waived'),
    problem: optional(json('problem')),
  },
);

/** Revoked certificates. */
export const REVOCATIONS = defineTable<Revocation>('revocations', ['fingerprint'], {
  fingerprint: text('fingerprint'),
  issuerSpkiSha256: text('issuer_spki_sha256'),
  serial: text('serial'),
  reason: text('reason'),
  revokedAt: integer('revoked_at'),
  invalidityDate: optional(integer('invalidity_date')),
  notAfter: integer('not_after'),
  listedIn: optional(integer('listed_in')),
});

/** The numbers and the newest CRL of each key of the CA. */
export const CRL_ISSUERS = defineTable<CrlIssuer>('crl_issuers', ['issuer_spki_sha256'], {
  issuerSpkiSha256: text('issuer_spki_sha256'),
  generation: integer('generation'),
  floor: integer('floor'),
  crl: optional(json('crl')),
  published: flag('published'),
});

/** The zone's trust store. */
export const ANCHORS = defineTable<TrustAnchor>('trust_anchors', ['alias'], {
  alias: text('alias'),
  certificate: text('certificate'),
  source: text('source'),
  since: integer('since'),
});

/** Backups that were read back, opened and proved. */
export const BACKUPS = defineTable<VerifiedBackup>('verified_backups', ['sha256'], {
  sha256: text('sha256'),
  path: text('path'),
  headSequence: integer('head_sequence'),
  headHash: text('head_hash'),
  generation: integer('generation'),
  madeAt: integer('made_at'),
  verifiedAt: integer('verified_at'),
});

/** The move of the CA role that is not over; at most one row. */
export const CA_MOVES = defineTable<CaMove>('ca_moves', ['from_member_id', 'to_member_id'], {
  fromMemberId: text('from_member_id'),
  toMemberId: text('to_member_id'),
  fromHome: text('from_home'),
  toHome: text('to_home'),
  state: text('state'),
  generations: json('generations'),
  startedBy: text('started_by'),
  startedAt: integer('started_at'),
});

/** Who may sign in to the service. */
export const ADMINISTRATORS = defineTable<Administrator>('administrators', ['name'], {
  name: text('name'),
  privilege: text('privilege'),
  password: json('password'),
  addedAt: integer('added_at'),
  passwordSetAt: integer('password_set_at'),
});

/** The audit log; its rows have no digest but the hash that chains them. */
export const EVENTS = defineTable<AuditEvent>('audit_events', ['sequence'], {
  sequence: integer('sequence'),
  at: integer('happened_at'),
  actor: text('actor'),
  what: text('what'),
  operationId: optional(text('operation_id')),
  details: json('details'),
  previousHash: text('previous_hash'),
  hash: text('hash'),
});

/** Where the bytes of certificates stand; a row's digest is the fingerprint itself. */
export const DER_TABLE = 'certificate_der';

/** Ids of members that have left the zone, as their parts in operations stay. */
export const DEPARTED_TABLE = 'departed_members';
