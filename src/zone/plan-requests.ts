import { ZmintError } from '../errors.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import type { CertificateRecord } from './certificate-record.js';
import { openRequest, type CertificateRequest } from './certificate-request.js';
import { chooseServers } from './choose-servers.js';
import { parseIpAddress } from './decide-member.js';
import { parseDnsPattern } from './dns-name.js';
import type { Instant } from './instant.js';
import type { KeySpec } from './key-spec.js';
import type { Member } from './member.js';
import { asKeySpec } from './plan-authority.js';
import { requestSubject } from './request-subject.js';
import type { RequestsWish, SubjectFields } from './requests-wish.js';
import { decideServerNames } from './server-names.js';
import type { ZoneSnapshot } from './zone-snapshot.js';

/** One server's request, decided but not made. */
export interface PlannedRequest {
  readonly memberId: string;
  readonly name: string;
  readonly number: number;
  /** The number of the request that it takes the place of; its key is kept. */
  readonly supersedes: number | null;
  readonly subject: DistinguishedName;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keySpec: KeySpec;
}

/** Signing requests, decided: nothing has been written. */
export interface RequestsPlan {
  /** The audit sequence that the plan was made on. */
  readonly basis: number;
  readonly at: Instant;
  readonly requests: readonly PlannedRequest[];
}

/** RFC 5280 appendix A.1, ub-common-name. */
const MOST_CN = 64;

/**
 * Decides signing requests, purely. Throws `unknown-member`, `usage` when nothing is named or one
 * common name is to be that of several servers, `policy` for a name that a certificate cannot hold.
 */
export function planRequests(
  snapshot: ZoneSnapshot,
  requests: readonly CertificateRequest[],
  wish: RequestsWish,
): RequestsPlan {
  const chosen = chosenServers(snapshot, wish);
  if (wish.commonName !== null && chosen.length > 1) {
    throw new ZmintError('usage', '--cn is for one server only', {
      hint: 'without --cn each server gets its own DNS name',
    });
  }
  return {
    basis: snapshot.sequence,
    at: snapshot.now,
    requests: chosen.map((member) => planRequest(snapshot, requests, wish, member)),
  };
}

function chosenServers(snapshot: ZoneSnapshot, wish: RequestsWish): readonly Member[] {
  const { servers, all } = wish;
  if (servers.length > 0 || all)
    return chooseServers(snapshot, { servers, all, ca: false, dueWithin: null });
  throw new ZmintError('usage', 'for which servers are requests to be made?', {
    hint: 'zmint generate-csr web1, or --all',
  });
}

function planRequest(
  snapshot: ZoneSnapshot,
  requests: readonly CertificateRequest[],
  wish: RequestsWish,
  member: Member,
): PlannedRequest {
  const own = requests.filter((one) => one.memberId === member.id);
  const waiting = openRequest(own, member.id);
  const today = snapshot.current.get(member.id);
  return {
    memberId: member.id,
    name: member.name,
    number: 1 + Math.max(0, ...own.map((one) => one.number)),
    supersedes: waiting?.state === 'csr-generated' ? waiting.number : null,
    ...namesOf(member, today, wish),
    keySpec: wish.keySpec ?? asKeySpec(today?.key ?? '') ?? snapshot.zone.keySpec,
  };
}

/** Without a certificate of today all additional names are asked for, as in a first certificate. */
function namesOf(
  member: Member,
  today: CertificateRecord | undefined,
  wish: RequestsWish,
): Pick<PlannedRequest, 'subject' | 'dnsNames' | 'ipAddresses'> {
  const more = wish.names.map(parseName);
  const names = decideServerNames(member, {
    commonName: wish.commonName === null ? null : parseDnsPattern(wish.commonName),
    includeDns: wish.includeDns || today === undefined ? true : null,
    today: today?.dnsNames ?? [],
  });
  return {
    subject: subjectOf(names.commonName, wish.fields),
    dnsNames: unique([...names.dnsNames, ...more.flatMap((one) => one.dns ?? [])]),
    ipAddresses: unique([...names.ipAddresses, ...more.flatMap((one) => one.ip ?? [])]),
  };
}

function parseName(text: string): { readonly dns?: string; readonly ip?: string } {
  const isAddress = text.includes(':') || /^[\d.]+$/u.test(text);
  return isAddress ? { ip: parseIpAddress(text) } : { dns: parseDnsPattern(text) };
}

/** A common name that is too long stands among the DNS names alone. */
function subjectOf(commonName: string, fields: SubjectFields): DistinguishedName {
  return requestSubject(commonName.length <= MOST_CN ? commonName : null, fields);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
