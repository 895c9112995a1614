import type { Attribute, Handle, KeyPair, Mechanism, PKCS11 } from 'pkcs11js';
import { ZmintError } from '../../errors.js';
import { CKA, CKF, CKO, CKR, CKU_USER } from './cryptoki.js';
import { isWrongPin, refusedBy, returnValue } from './token-error.js';
import type { FoundToken, TokenModule } from './token-module.js';

/** Longer than every signature: RSA with 16384 bits. */
const LONGEST_SIGNATURE = 2048;
const AT_ONCE = 16;
const MISSING: ReadonlySet<number | undefined> = new Set([
  CKR.attributeSensitive,
  CKR.attributeTypeInvalid,
]);

/** What is made, and what each half of the pair is to be. */
export interface PairOrder {
  readonly mechanism: Mechanism;
  readonly publicKey: Attribute[];
  readonly privateKey: Attribute[];
}

/** A session with a token. Errors of the token are `token-unavailable`. */
export class TokenSession {
  readonly name: string;
  readonly #module: TokenModule;
  readonly #slot: Handle;
  readonly #session: Handle;
  #isLoggedIn = false;
  #refused: ZmintError | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(module: TokenModule, token: FoundToken) {
    this.#module = module;
    this.#slot = token.slot;
    this.name = token.label === '' ? token.serial : token.label;
    this.#session = this.#call('opening a session', (api) =>
      api.C_OpenSession(token.slot, CKF.serialSession | CKF.writableSession),
    );
  }

  /**
   * Logs in unless that has been done. Throws `wrong-passphrase`; then the token is not asked again,
   * since it counts wrong PINs and locks itself.
   */
  async login(readPin: () => Promise<Uint8Array>): Promise<void> {
    if (this.#isLoggedIn) return;
    if (this.#refused !== undefined) throw this.#refused;
    if ((this.#flags() & CKF.pinLocked) !== 0) throw this.#refuse();
    const pin = await readPin();
    try {
      this.#module.api.C_Login(this.#session, CKU_USER, new TextDecoder().decode(pin));
    } catch (error) {
      if (isWrongPin(error)) throw this.#refuse(error);
      if (returnValue(error) !== CKR.alreadyLoggedIn) {
        throw refusedBy(this.name, 'the login', error);
      }
    } finally {
      pin.fill(0);
    }
    this.#isLoggedIn = true;
  }

  /** The objects of a class that have these attributes. */
  find(kind: 'publicKey' | 'privateKey', wanted: readonly Attribute[] = []): readonly Handle[] {
    return this.#call('looking for keys', (api) => {
      api.C_FindObjectsInit(this.#session, [{ type: CKA.class, value: CKO[kind] }, ...wanted]);
      const found: Handle[] = [];
      for (let some: Handle[]; (some = api.C_FindObjects(this.#session, AT_ONCE)).length > 0;)
        found.push(...some);
      api.C_FindObjectsFinal(this.#session);
      return found;
    });
  }

  /** The value of an attribute; undefined when the object has none, or does not show it. */
  read(object: Handle, type: number): Uint8Array | undefined {
    return this.#call('reading a key', (api) => {
      try {
        const [attribute] = api.C_GetAttributeValue(this.#session, object, [{ type }]);
        return attribute?.value;
      } catch (error) {
        if (MISSING.has(returnValue(error))) return undefined;
        throw error;
      }
    });
  }

  generate({ mechanism, publicKey, privateKey }: PairOrder): Promise<KeyPair> {
    return this.#inTurn('making a key', (api) =>
      api.C_GenerateKeyPairAsync(this.#session, mechanism, publicKey, privateKey),
    );
  }

  destroy(object: Handle): void {
    this.#call('removing half of a key', (api) => {
      api.C_DestroyObject(this.#session, object);
    });
  }

  /** One signature at a time: a session has one operation. */
  sign(mechanism: number, key: Handle, data: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn('signing', (api) => {
      api.C_SignInit(this.#session, { mechanism }, key);
      return api.C_SignAsync(this.#session, Buffer.from(data), Buffer.alloc(LONGEST_SIGNATURE));
    });
  }

  /** The last session that is closed logs out. */
  close(): void {
    this.#call('closing the session', (api) => {
      api.C_CloseSession(this.#session);
    });
  }

  #inTurn<Result>(doing: string, work: (api: PKCS11) => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => work(this.#module.api));
    this.#last = turn.catch(() => undefined);
    return turn.catch((error: unknown) => {
      throw refusedBy(this.name, doing, error);
    });
  }

  #call<Result>(doing: string, work: (api: PKCS11) => Result): Result {
    try {
      return work(this.#module.api);
    } catch (error) {
      throw refusedBy(this.name, doing, error);
    }
  }

  #flags(): number {
    return this.#call('looking at it', (api) => api.C_GetTokenInfo(this.#slot).flags);
  }

  #refuse(cause?: unknown): ZmintError {
    const flags = this.#flags();
    const isLocked = (flags & CKF.pinLocked) !== 0;
    const few = (flags & CKF.finalTry) === 0 ? '' : ', and one try is left before it locks itself';
    const fact = isLocked ? 'is locked after wrong PINs' : `is not opened by this PIN${few}`;
    this.#refused = new ZmintError('wrong-passphrase', `the token ${this.name} ${fact}`, {
      hint: isLocked
        ? "its security officer sets a new PIN with the token's own tool; nothing was changed"
        : 'run the command again with the right PIN; nothing was changed',
      cause,
    });
    return this.#refused;
  }
}
