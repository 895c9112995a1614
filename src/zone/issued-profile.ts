import { ZmintError } from '../errors.js';
import type { KeyUsage } from '../x509/key-usage.js';
import {
  allNames,
  groupNames,
  nameInSubject,
  type IssuedName,
  type IssuedNames,
  type NameKind,
} from './issued-names.js';

/** What a certificate that is issued is for (RFC 5280 §4.2.1.12). */
export const ISSUED_PURPOSES = {
  clientAuth: '1.3.6.1.5.5.7.3.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

export type IssuedPurpose = keyof typeof ISSUED_PURPOSES;

/** For whom and what a certificate is to be. */
export interface ProfileWish {
  readonly commonName: string;
  /** None: clientAuth. */
  readonly purposes: readonly IssuedPurpose[];
  readonly names: readonly IssuedName[];
}

/** What the certificate will say, but for its key and time. */
export interface IssuedProfile {
  readonly commonName: string;
  readonly purposes: readonly IssuedPurpose[];
  readonly names: IssuedNames;
}

/** Kinds of names that a purpose allows. */
const ALLOWED: Readonly<Record<IssuedPurpose, readonly NameKind[]>> = {
  clientAuth: ['dnsNames', 'ipAddresses', 'emailAddresses', 'uris'],
  serverAuth: ['dnsNames', 'ipAddresses'],
  emailProtection: ['emailAddresses'],
  codeSigning: ['emailAddresses', 'uris'],
  timeStamping: ['dnsNames', 'uris'],
};

/** Purposes that stand alone. RFC 3161 §2.3 wants it so of time stamps. */
const ALONE: Readonly<Partial<Record<IssuedPurpose, string>>> = {
  codeSigning: 'a certificate that signs code is for nothing else',
  timeStamping: 'a certificate that stamps times is for nothing else',
};

const KIND_WORDS: Readonly<Record<NameKind, string>> = {
  dnsNames: 'DNS names',
  ipAddresses: 'IP addresses',
  emailAddresses: 'e-mail addresses',
  uris: 'URIs',
};

/**
 * The profile for a wish. Throws `policy`: for signing code or stamping times together with anything
 * else, kinds of names that no purpose allows, a server whose common name is none of its names, mail without an
 * address.
 */
export function decideProfile(wish: ProfileWish): IssuedProfile {
  const purposes: readonly IssuedPurpose[] =
    wish.purposes.length === 0 ? ['clientAuth'] : [...new Set(wish.purposes)];
  refuseCompany(purposes);
  const own = ownName(wish, purposes);
  const names = groupNames([...own, ...wish.names]);
  // As it stands among the names, which are in lower case.
  const commonName = own[0]?.value ?? wish.commonName;
  refuseKinds(purposes, names);
  refuseMissing(purposes, commonName, names);
  return { commonName, purposes, names };
}

/** What the key may do: no more than the purposes need. `key` is as `describePublicKey` says it. */
export function keyUsageFor(key: string, purposes: readonly IssuedPurpose[]): readonly KeyUsage[] {
  const encrypts = purposes.includes('serverAuth') || purposes.includes('emailProtection');
  if (key.startsWith('rsa:') && encrypts) return ['digitalSignature', 'keyEncipherment'];
  if (key.startsWith('ec:') && purposes.includes('emailProtection'))
    return ['digitalSignature', 'keyAgreement'];
  return ['digitalSignature'];
}

/** A common name that is the name of a server or a mailbox stands among the names too. */
function ownName(wish: ProfileWish, purposes: readonly IssuedPurpose[]): readonly IssuedName[] {
  const own = nameInSubject(wish.commonName);
  if (own === undefined) return [];
  const server = own.kind === 'dnsNames' || own.kind === 'ipAddresses';
  const fits = server ? purposes.includes('serverAuth') : allows(purposes, own.kind);
  return fits ? [own] : [];
}

function refuseCompany(purposes: readonly IssuedPurpose[]): void {
  if (purposes.length < 2) return;
  const fact = purposes.flatMap((purpose) => ALONE[purpose] ?? [])[0];
  if (fact !== undefined) throw refusal(fact, 'issue another one for that');
}

function refuseKinds(purposes: readonly IssuedPurpose[], names: IssuedNames): void {
  const kinds = (Object.keys(KIND_WORDS) as NameKind[]).filter((kind) => names[kind].length > 0);
  const strange = kinds.find((kind) => !allows(purposes, kind));
  if (strange === undefined) return;
  throw refusal(
    `a certificate for ${purposes.join(' and ')} names no ${KIND_WORDS[strange]}: ${names[strange].join(', ')}`,
    'leave the name out, or choose another --eku',
  );
}

function refuseMissing(
  purposes: readonly IssuedPurpose[],
  commonName: string,
  names: IssuedNames,
): void {
  if (purposes.includes('serverAuth') && !allNames(names).includes(commonName)) {
    throw refusal(
      `"${commonName}" is no DNS name or address, as the name of a server must be`,
      'give --name the DNS name of the server',
    );
  }
  if (purposes.includes('emailProtection') && names.emailAddresses.length === 0) {
    throw refusal(
      'a certificate for mail needs an e-mail address',
      'add --san email:ann@example.com',
    );
  }
}

function allows(purposes: readonly IssuedPurpose[], kind: NameKind): boolean {
  return purposes.some((purpose) => ALLOWED[purpose].includes(kind));
}

function refusal(fact: string, hint: string): ZmintError {
  return new ZmintError('policy', fact, { hint });
}
