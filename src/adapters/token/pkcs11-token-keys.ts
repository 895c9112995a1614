import { randomBytes } from 'node:crypto';
import type { Attribute, Handle } from 'pkcs11js';
import { ZmintError } from '../../errors.js';
import { toHex } from '../../encoding/hex.js';
import type { Keys, Signer } from '../../ports/keys.js';
import type {
  ProvidedKey,
  ReadPin,
  TokenKeyOrder,
  TokenKeys,
  TokenView,
} from '../../ports/token-keys.js';
import { describePublicKey } from '../../x509/public-key.js';
import { KEY_SPECS, type KeySpec } from '../../zone/key-spec.js';
import { renderKeyUri, tokenName, type KeyUri } from '../../zone/key-uri.js';
import { CKA, CKF } from './cryptoki.js';
import { keyTypeOf, pairOrder, readNumber, spkiOf } from './key-objects.js';
import { loadPkcs11, type Pkcs11Package } from './load-pkcs11.js';
import { refuseUnfit } from './refuse-unfit.js';
import { TokenModule } from './token-module.js';
import { TokenSession } from './token-session.js';
import { createTokenSigner, type TokenKeyHandle } from './token-signer.js';

/** Keys in tokens by PKCS#11 modules; the package that calls them is loaded at the first use. */
export class Pkcs11TokenKeys implements TokenKeys {
  readonly #keys: Pick<Keys, 'verify'>;
  readonly #load: () => Promise<Pkcs11Package>;
  readonly #modules = new Map<string, TokenModule>();
  readonly #sessions = new Map<string, TokenSession>();

  constructor(keys: Pick<Keys, 'verify'>, load: () => Promise<Pkcs11Package> = () => loadPkcs11()) {
    this.#keys = keys;
    this.#load = load;
  }

  async look(uri: KeyUri): Promise<TokenView> {
    const { label, serial, manufacturer, model, flags } = (await this.#module(uri)).find(uri);
    const session = await this.#session(uri);
    const publicKeys = session.find('publicKey').flatMap((object) => {
      const spki = spkiOf(session, object);
      if (spki === undefined) return [];
      const name = session.read(object, CKA.label) ?? new Uint8Array();
      const id = toHex(session.read(object, CKA.id) ?? new Uint8Array());
      const key = describePublicKey(spki);
      return [{ object: new TextDecoder().decode(name), id, key, spki }];
    });
    const isPinLocked = (flags & CKF.pinLocked) !== 0;
    return { label, serial, manufacturer, model, isPinLocked, publicKeys };
  }

  async unlock(uri: KeyUri, readPin: ReadPin): Promise<void> {
    await (await this.#session(uri)).login(readPin);
  }

  async open(uri: KeyUri, spki: Uint8Array, readPin: ReadPin): Promise<Signer> {
    const session = await this.#session(uri);
    await session.login(readPin);
    const spec = describePublicKey(spki) as KeySpec;
    const { object, id } = uri;
    const found = session.find('privateKey', namedBy(id === undefined ? { object } : { id }));
    if (found.length === 0) throw notThere(uri);
    const signer = await this.#provedOne(found, { session, spec, spki });
    if (signer !== undefined) return signer;
    throw new ZmintError(
      'damaged',
      `the key ${uri.object ?? ''} in the token ${tokenName(uri)} is not the one of its certificate`,
      { hint: 'zmint doctor', details: { keyUri: renderKeyUri(uri) } },
    );
  }

  async provide(order: TokenKeyOrder, readPin: ReadPin): Promise<ProvidedKey> {
    const session = await this.#session(order.uri);
    await session.login(readPin);
    const { uri, freshId } = order;
    const found = session.find('privateKey', namedBy(uri));
    const [only, ...others] = found;
    if (others.length > 0) {
      throw new ZmintError(
        'policy',
        `${found.length} keys in the token ${tokenName(uri)} are called ${uri.object ?? uri.id ?? ''}`,
        { hint: 'name one of them by id= in --key-uri' },
      );
    }
    if (only !== undefined) {
      const shown = publicHalves(session, only);
      if (shown.length > 0) return this.#use(session, only, order);
      // The public half is made first or last: a token that died in between left half a key.
      if (idOf(session, only) !== freshId) throw withoutPublic(uri);
    }
    return this.#make(session, order);
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
    for (const module of this.#modules.values()) module.close();
    this.#sessions.clear();
    this.#modules.clear();
  }

  async #use(session: TokenSession, key: Handle, order: TokenKeyOrder): Promise<ProvidedKey> {
    const { uri, spec } = order;
    refuseUnfit(session, key, order);
    for (const spki of publicHalves(session, key)) {
      const signer = await this.#provedOne([key], { session, spec, spki });
      if (signer === undefined) continue;
      return { signer, uri: exactUri(session, key, uri), isNew: false };
    }
    throw withoutPublic(uri);
  }

  async #make(session: TokenSession, order: TokenKeyOrder): Promise<ProvidedKey> {
    const { uri, spec, freshId } = order;
    const id = uri.id ?? freshId;
    if (id === freshId) removeHalves(session, id);
    const { publicKey, privateKey } = await session.generate(
      pairOrder(spec, id, uri.object ?? 'ca'),
    );
    const spki = spkiOf(session, publicKey);
    refuseUnfit(session, privateKey, order);
    const signer =
      spki === undefined ? undefined : await this.#provedOne([privateKey], { session, spec, spki });
    if (signer !== undefined) {
      return { signer, uri: exactUri(session, privateKey, uri), isNew: true };
    }
    throw new ZmintError(
      'token-unavailable',
      `the token ${session.name} has made a key whose signatures do not verify`,
      { hint: `zmint makes no use of it; choose another kind of key than ${spec}: --key` },
    );
  }

  /** The first of the keys whose signature verifies with this public key. */
  async #provedOne(
    handles: readonly Handle[],
    pair: Omit<TokenKeyHandle, 'handle'>,
  ): Promise<Signer | undefined> {
    const { session, spec, spki } = pair;
    const fitting = handles.filter(
      (handle) => readNumber(session.read(handle, CKA.keyType)) === keyTypeOf(spec),
    );
    for (const handle of fitting) {
      const signer = createTokenSigner({ ...pair, handle });
      const test = randomBytes(32);
      const signature = await signer.sign(test);
      if (this.#keys.verify(spki, signer.algorithm, test, signature)) return signer;
    }
    return undefined;
  }

  async #session(uri: KeyUri): Promise<TokenSession> {
    const module = await this.#module(uri);
    const token = module.find(uri);
    const name = `${uri.modulePath}\n${token.label}\n${token.serial}`;
    const session = this.#sessions.get(name) ?? new TokenSession(module, token);
    this.#sessions.set(name, session);
    return session;
  }

  async #module({ modulePath }: KeyUri): Promise<TokenModule> {
    const pkcs11 = await this.#load();
    const module = this.#modules.get(modulePath) ?? new TokenModule(pkcs11, modulePath);
    this.#modules.set(modulePath, module);
    return module;
  }
}

function namedBy({ object, id }: Partial<Pick<KeyUri, 'object' | 'id'>>): readonly Attribute[] {
  return [
    ...(object === undefined ? [] : [{ type: CKA.label, value: object }]),
    ...(id === undefined ? [] : [{ type: CKA.id, value: Buffer.from(id, 'hex') }]),
  ];
}

function idOf(session: TokenSession, key: Handle): string {
  return toHex(session.read(key, CKA.id) ?? new Uint8Array());
}

/** What the public objects with the id of a private key hold, as far as zmint uses such keys. */
function publicHalves(session: TokenSession, key: Handle): readonly Uint8Array[] {
  return session
    .find('publicKey', namedBy({ id: idOf(session, key) }))
    .flatMap((object) => spkiOf(session, object) ?? [])
    .filter((spki) => KEY_SPECS.some((spec) => spec === describePublicKey(spki)));
}

/** Nobody but zmint makes keys of that id, and only an attempt that died leaves half of one. */
function removeHalves(session: TokenSession, id: string): void {
  for (const kind of ['publicKey', 'privateKey'] as const)
    for (const object of session.find(kind, namedBy({ id }))) session.destroy(object);
}

function exactUri(session: TokenSession, key: Handle, uri: KeyUri): KeyUri {
  const label = session.read(key, CKA.label);
  const object = label === undefined ? uri.object : new TextDecoder().decode(label);
  const id = idOf(session, key);
  return { ...uri, object: object === '' ? undefined : object, id: id === '' ? undefined : id };
}

function notThere(uri: KeyUri): ZmintError {
  const key = uri.object ?? uri.id ?? '';
  return new ZmintError('not-found', `the key ${key} is not in the token ${tokenName(uri)}`, {
    hint: `see what is there: pkcs11-tool --module ${uri.modulePath} --login --list-objects`,
    details: { keyUri: renderKeyUri(uri) },
  });
}

function withoutPublic(uri: KeyUri): ZmintError {
  const key = uri.object ?? uri.id ?? '';
  return new ZmintError(
    'policy',
    `beside the key ${key} in the token ${tokenName(uri)} there is no public key that zmint can use`,
    { hint: 'put its public key into the token under the same id, or name another key' },
  );
}
