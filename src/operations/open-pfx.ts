import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { Passphrase } from '../ports/container-crypto.js';
import { atPlace, orDamaged, toldAtPlace } from '../x509/at-place.js';
import { parseCertificate } from '../x509/certificate.js';
import { parseCertificateList } from '../x509/certificate-list.js';
import type { Container, ContainerItem, ItemPlace } from '../x509/container.js';
import {
  readSafeBags,
  readSafeParts,
  type Pfx,
  type SafeBag,
  type SafePart,
} from '../x509/pkcs12.js';
import { passphrasesOf, readKey, unlock, type Unlocking } from './unlock-item.js';

const MOST_ENTRIES = 1000;

type Opened = Pick<Container, 'items' | 'notes'>;

/**
 * The content of a PKCS#12, its MAC checked. Without a passphrase the empty one and none are tried.
 * Throws `unreadable` for damage, `wrong-passphrase` when the MAC says so.
 */
export async function openPfx(pfx: Pfx, unlocking: Unlocking): Promise<Opened> {
  const given = unlocking.passphrases.length > 0;
  const tried = given ? passphrasesOf(unlocking.passphrases) : [new Uint8Array(), null];
  const before = unlocking.opened;
  const verified = await findVerified(pfx, tried, unlocking);
  if (verified !== undefined) unlocking.opened += 1;
  const order =
    verified === undefined ? tried : [verified, ...tried.filter((one) => one !== verified)];
  const items = await readSafes(pfx, { order, verified, given }, unlocking);
  if (pfx.mac === null) return { items, notes: ['it has no MAC: nothing proves that it is whole'] };
  if (verified !== undefined) return { items, notes: [] };
  if (!given) {
    return { items, notes: ['its MAC was not checked, which takes the passphrase'] };
  }
  throw unlocking.opened > before ? changed() : wrong();
}

async function findVerified(
  { mac, authenticatedSafe }: Pfx,
  tried: readonly Passphrase[],
  { containers, budget, trial, passphrases }: Unlocking,
): Promise<Passphrase | undefined> {
  if (mac === null) return undefined;
  const given = passphrases.length > 0;
  for (const passphrase of tried) {
    // Nobody asked for the empty passphrase to be tried: not at any price.
    if (given) budget.charge(mac.derivation);
    else if (!trial.affords(mac.derivation)) return undefined;
    const digest = await containers.mac(mac, authenticatedSafe, passphrase);
    if (equalBytes(digest, mac.digest)) return passphrase;
  }
  return undefined;
}

interface Order {
  readonly order: readonly Passphrase[];
  readonly verified: Passphrase | undefined;
  /** Somebody named a passphrase. */
  readonly given: boolean;
}

async function readSafes(
  { authenticatedSafe, mac }: Pfx,
  { order, verified, given }: Order,
  unlocking: Unlocking,
): Promise<readonly ContainerItem[]> {
  // Under an unknown passphrase each part would cost the work of trying in vain.
  const known = verified !== undefined || given || mac === null;
  const opening = { order: known ? order : [], verified };
  const items: ContainerItem[] = [];
  for (const [index, part] of readSafeParts(authenticatedSafe).entries()) {
    const bags = await openPart(part, opening, unlocking);
    if (bags === undefined) items.push(lockedPart(part, index));
    for (const bag of bags ?? []) {
      const where = `entry ${items.length + 1}`;
      items.push(await openBag(bag, where, { opening, unlocking }));
    }
    if (items.length > MOST_ENTRIES) {
      throw new ZmintError('unreadable', `it has more than ${MOST_ENTRIES} entries`);
    }
  }
  return items;
}

type Opening = Omit<Order, 'given'>;

async function openPart(
  part: SafePart,
  { order, verified }: Opening,
  unlocking: Unlocking,
): Promise<readonly SafeBag[] | undefined> {
  if (part.kind === 'clear') return readSafeBags(part.contents);
  return unlock({ encrypted: part, tried: order, verified, understand: readSafeBags }, unlocking);
}

function lockedPart(part: SafePart, index: number): ContainerItem {
  const place = { where: `part ${index + 1}`, alias: null, localKeyId: null };
  if (part.kind !== 'encrypted') throw new ZmintError('bug', 'a part in clear is never locked');
  return { ...place, kind: 'encrypted-part', encrypted: part };
}

interface BagContext {
  readonly opening: Opening;
  readonly unlocking: Unlocking;
}

async function openBag(
  bag: SafeBag,
  where: string,
  { opening, unlocking }: BagContext,
): Promise<ContainerItem> {
  const place = { where, alias: bag.alias, localKeyId: bag.localKeyId };
  try {
    const { content } = bag;
    if (content.kind !== 'shrouded') return { ...place, ...orDamaged(() => readClear(content)) };
    return await openShrouded(content, place, { opening, unlocking });
  } catch (error) {
    throw toldAtPlace(where, error);
  }
}

async function openShrouded(
  encrypted: Extract<SafeBag['content'], { kind: 'shrouded' }>,
  place: ItemPlace,
  { opening, unlocking }: BagContext,
): Promise<ContainerItem> {
  const { order, verified } = opening;
  const thing = { encrypted, tried: order, verified, understand: readKey };
  const content = await unlock(thing, unlocking);
  if (content !== undefined) return { ...place, ...content };
  const label = 'ENCRYPTED PRIVATE KEY';
  return { ...place, kind: 'encrypted-key', form: 'PKCS#8', label, encrypted };
}

function readClear(content: Exclude<SafeBag['content'], { kind: 'shrouded' }>) {
  switch (content.kind) {
    case 'certificate': {
      const certificate = parseCertificate(content.der);
      return { kind: 'certificate', certificate, trust: null } as const;
    }
    case 'crl':
      return { kind: 'crl', crl: parseCertificateList(content.der) } as const;
    case 'key':
      return atPlace('the key', () => readKey(content.der));
    case 'other':
      return { kind: 'other', what: content.what } as const;
  }
}

function changed(): ZmintError {
  return new ZmintError(
    'unreadable',
    'its MAC is wrong although the passphrase is right: it was changed',
  );
}

function wrong(): ZmintError {
  return new ZmintError('wrong-passphrase', 'the passphrase does not fit the MAC of the PKCS#12', {
    hint: 'give the right one with --passphrase-file FILE',
  });
}
