import { readBer } from '../encoding/ber.js';
import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import { orDamaged, toldAtPlace } from '../x509/at-place.js';
import type { Container, ContainerItem, ItemPlace } from '../x509/container.js';
import { keystoreDigestInput, type Keystore, type KeystoreEntry } from '../x509/jks.js';
import { readItem } from '../x509/read-item.js';
import { readShrouded } from '../x509/pkcs12.js';
import { openItem, type Unlocking } from './unlock-item.js';

/**
 * The content of a JKS or JCEKS file: certificates, and the keys that a passphrase opens. Its digest
 * is checked when a passphrase is given. Throws `unreadable` for damage; `wrong-passphrase` when the
 * digest does not fit, which may mean that the file was changed.
 */
export async function openKeystore(keystore: Keystore, unlocking: Unlocking): Promise<Container> {
  const notes: string[] = [];
  if (unlocking.passphrases.length === 0) {
    notes.push('its integrity was not checked, which takes the passphrase');
  } else {
    requireDigest(keystore, unlocking);
  }
  const items: ContainerItem[] = [];
  for (const [index, entry] of keystore.entries.entries()) {
    items.push(...(await openEntry(entry, `entry ${index + 1}`, unlocking)));
  }
  return { format: keystore.kind, items, notes };
}

function requireDigest({ body, digest }: Keystore, unlocking: Unlocking): void {
  const fits = unlocking.passphrases.some((passphrase) =>
    equalBytes(unlocking.containers.sha1(keystoreDigestInput(passphrase, body)), digest),
  );
  if (!fits) {
    throw new ZmintError(
      'wrong-passphrase',
      'no passphrase fits the digest of the keystore: they are wrong, or the file was changed',
      { hint: 'give the passphrase of the store with --passphrase-file FILE' },
    );
  }
  unlocking.opened += 1;
}

async function openEntry(
  entry: KeystoreEntry,
  where: string,
  unlocking: Unlocking,
): Promise<readonly ContainerItem[]> {
  const { alias, content } = entry;
  const place = { where, alias, localKeyId: null };
  try {
    if (content.kind === 'certificate') return [certificateItem(place, content.der)];
    const chain = content.chain.map((der, index) => {
      const inside = `certificate ${index + 1}`;
      const at = { ...place, where: `${where}, ${inside}` };
      return certificateItem(at, der);
    });
    return [await keyItem(content.encryptedKey, place, unlocking), ...chain];
  } catch (error) {
    throw toldAtPlace(where, error);
  }
}

function certificateItem(place: ItemPlace, der: Uint8Array): ContainerItem {
  return { ...place, ...orDamaged(() => readItem('certificate', der)) };
}

function keyItem(
  encryptedKey: Uint8Array,
  place: ItemPlace,
  unlocking: Unlocking,
): Promise<ContainerItem> {
  const encrypted = readShrouded(readBer(encryptedKey));
  const label = 'ENCRYPTED PRIVATE KEY';
  return openItem({ ...place, kind: 'encrypted-key', form: 'PKCS#8', label, encrypted }, unlocking);
}
