import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import { dnsPatternCovers } from '../zone/dns-name.js';
import { findServer } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import { servers, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { homeKey, waitingKey, type ImportKey } from './import-keys.js';

/** The zone as an import sees it. */
export interface ImportZone {
  readonly snapshot: ZoneSnapshot;
  readonly requests: readonly CertificateRequest[];
  /** Keys that came with the import, by the digest of their public keys. */
  readonly given: ReadonlyMap<string, ImportKey>;
}

/** A server's certificate in the import, and whose it is by what a person said. */
export interface ImportLeaf {
  readonly leaf: Certificate;
  readonly server: string | null;
  /** A key that a server has today will do. */
  readonly put: boolean;
}

/** Whose certificate it is, and the key for it; undefined: a stray that has nothing to do with the zone. */
export interface ImportTarget {
  readonly member: Member;
  readonly key: ImportKey;
}

/**
 * Finds the server of a certificate: by the key that waits for it, by a key that was given or placed,
 * by the names in it when the key does not tell. Throws `key-mismatch` when it is for a server of the
 * zone and no key fits, `policy` when it is that of another server than was said, `usage` when its
 * names are those of several.
 */
export async function findImportTarget(
  ctx: ReadContext,
  zone: ImportZone,
  { leaf, server, put }: ImportLeaf,
): Promise<ImportTarget | undefined> {
  const spki = ctx.digest.sha256(leaf.spki);
  const said = server === null ? undefined : findServer(zone.snapshot.members, server);
  const waiting = await waitingKey(ctx, zone, spki);
  const owner = waiting?.member ?? null;
  if (waiting !== undefined && owner !== null) {
    refuseOther(owner, said);
    return { member: owner, key: waiting };
  }
  const named = said === undefined ? coveredBy(zone.snapshot, leaf) : [said];
  const given = zone.given.get(spki);
  if (given !== undefined) return { member: theOne(named, leaf), key: given };
  const found = await findAtHome(ctx, named, spki, put);
  if (found !== undefined || named.length === 0) return found;
  throw noKey(zone, named, leaf);
}

async function findAtHome(
  ctx: ReadContext,
  named: readonly Member[],
  spki: string,
  put: boolean,
): Promise<ImportTarget | undefined> {
  for (const member of named) {
    const key = await homeKey(ctx, member, spki);
    if (key?.source === 'live' && !put) throw renewal(member);
    if (key !== undefined) return { member, key };
  }
  return undefined;
}

function coveredBy(snapshot: ZoneSnapshot, leaf: Certificate): readonly Member[] {
  const patterns = leaf.dnsNames.map((name) => name.toLowerCase());
  return servers(snapshot).filter(({ dnsName }) =>
    patterns.some((pattern) => dnsName !== null && dnsPatternCovers(pattern, dnsName)),
  );
}

function refuseOther(owner: Member, said: Member | undefined): void {
  if (said === undefined || said.id === owner.id) return;
  throw new ZmintError(
    'policy',
    `it was made for the request of ${owner.name}, not of ${said.name}`,
    { hint: `zmint ssl import FILE --server ${owner.name}` },
  );
}

function theOne(named: readonly Member[], leaf: Certificate): Member {
  const [only, another] = named;
  if (only !== undefined && another === undefined) return only;
  const names = leaf.dnsNames.join(', ') || 'no DNS name';
  if (only === undefined) {
    throw new ZmintError('policy', `no server of the zone has its names (${names})`, {
      hint: 'zmint server list shows the servers; name one with --server SERVER',
    });
  }
  const which = named.map(({ name }) => name).join(', ');
  throw new ZmintError('usage', `its names (${names}) fit several servers: ${which}`, {
    hint: 'say whose it is: --server SERVER',
  });
}

function renewal({ name }: Member): ZmintError {
  return new ZmintError('policy', `it is for the key that ${name} has today: a renewal`, {
    hint: `zmint sacert -f ${name} FILE takes it`,
  });
}

function noKey({ requests }: ImportZone, named: readonly Member[], leaf: Certificate): ZmintError {
  const [member] = named;
  const name = member?.name ?? '';
  const waits = requests.find(
    ({ memberId, state }) => memberId === member?.id && state === 'csr-generated',
  );
  const out = waits === undefined ? 'no request of it waits' : `request ${waits.number} waits`;
  return new ZmintError(
    'key-mismatch',
    `the certificate ${leaf.subject.text} fits no key of ${name} (${out})`,
    {
      hint:
        waits === undefined
          ? 'give its key: --key FILE'
          : `have the request that waits signed (zmint generate-csr ${name} --waiting), or give the key: --key FILE`,
    },
  );
}
