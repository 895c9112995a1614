import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Attribute, Handle, TokenInfo } from 'pkcs11js';
import { CKA, CKF, CKK, CKO, CKR } from '../../src/adapters/token/cryptoki.js';
import type { Pkcs11Package } from '../../src/adapters/token/load-pkcs11.js';

/** An object in a token: attributes by number, and the key where it is a private one. */
export interface FakeObject {
  readonly handle: number;
  readonly attributes: Map<number, Buffer>;
  readonly key?: KeyObject;
}

/** A token for Ed25519, since node:crypto signs no digest by an elliptic curve, that outlives the processes which use it. */
export class FakeToken {
  readonly label: string;
  readonly serial: string = randomBytes(8).toString('hex');
  pin: string;
  objects: readonly FakeObject[] = [];
  isPlugged = true;
  /** How many wrong PINs it still takes. */
  tries = 3;
  logins = 0;
  #next = 1;

  constructor(label = 'zmint', pin = '123456') {
    this.label = label;
    this.pin = pin;
  }

  /** Writes one half of a pair: an effect. */
  store(attributes: readonly Attribute[], key?: KeyObject): FakeObject {
    const handle = this.#next;
    this.#next += 1;
    const known = new Map(attributes.map(({ type, value }) => [type, octets(value)]));
    const object = { handle, attributes: known, ...(key === undefined ? {} : { key }) };
    this.objects = [...this.objects, object];
    return object;
  }

  /** Removes an object: an effect. */
  remove(handle: number): void {
    this.objects = this.objects.filter((object) => object.handle !== handle);
  }

  /** The same token at another moment: what is done to one does not touch the other. */
  copy(): FakeToken {
    const other = new FakeToken(this.label, this.pin);
    other.objects = this.objects;
    other.#next = this.#next;
    return other;
  }

  get privateKeys(): readonly FakeObject[] {
    return this.objects.filter(({ key }) => key !== undefined);
  }
}

/** The package with these tokens plugged in, their slots numbered anew each time that it is loaded. */
export function fakePkcs11(tokens: readonly FakeToken[]): Pkcs11Package {
  class Fake {
    readonly #slots = new Map(tokens.map((token) => [randomBytes(8).toString('hex'), token]));
    #isOpen = false;
    #token: FakeToken | undefined;
    #found: readonly FakeObject[] = [];
    #signing: FakeObject | undefined;

    load(path: string): void {
      if (path !== '/fake/module.so') throw new Error(`${path}: cannot open shared object file`);
    }
    C_Initialize(): void {
      this.#isOpen = true;
    }
    C_Finalize(): void {
      this.#isOpen = false;
    }
    close(): void {
      if (this.#isOpen) throw new Error('closed before it was finalized');
    }
    C_GetSlotList(): Handle[] {
      return [...this.#slots]
        .filter(([, { isPlugged }]) => isPlugged)
        .map(([slot]) => Buffer.from(slot, 'hex'));
    }
    C_GetTokenInfo(slot: Handle): TokenInfo {
      const { label, serial, tries } = this.#slotOf(slot);
      const flags = tries === 0 ? CKF.pinLocked : tries === 1 ? CKF.finalTry : 0;
      const names = { label: label.padEnd(32), serialNumber: serial.padEnd(16) };
      return { ...names, manufacturerID: 'fake', model: 'fake', flags } as TokenInfo;
    }
    C_OpenSession(slot: Handle): Handle {
      this.#token = this.#slotOf(slot);
      return Buffer.of(1);
    }
    C_CloseSession(): void {
      this.#token = undefined;
    }
    C_Login(_session: Handle, _user: number, pin: string): void {
      const token = this.#present();
      token.logins += 1;
      if (token.tries > 0 && pin === token.pin) token.tries = 3;
      else {
        token.tries = Math.max(0, token.tries - 1);
        throw failed('CKR_PIN_INCORRECT', CKR.pinIncorrect);
      }
    }
    C_FindObjectsInit(_session: Handle, wanted: readonly Attribute[]): void {
      this.#found = this.#present().objects.filter(({ attributes }) =>
        wanted.every(({ type, value }) => attributes.get(type)?.equals(octets(value)) === true),
      );
    }
    C_FindObjects(_session: Handle, most: number): Handle[] {
      const some = this.#found.slice(0, most);
      this.#found = this.#found.slice(most);
      return some.map(({ handle }) => Buffer.of(handle));
    }
    C_FindObjectsFinal(): void {
      this.#found = [];
    }
    C_GetAttributeValue(_session: Handle, handle: Handle, [wanted]: readonly Attribute[]): unknown {
      const type = wanted?.type ?? -1;
      const value = this.#object(handle).attributes.get(type);
      if (value !== undefined) return [{ type, value }];
      throw failed('CKR_ATTRIBUTE_TYPE_INVALID', CKR.attributeTypeInvalid);
    }
    async C_GenerateKeyPairAsync(
      _session: Handle,
      _mechanism: unknown,
      shown: readonly Attribute[],
      hidden: readonly Attribute[],
    ): Promise<unknown> {
      const token = this.#present();
      const pair = generateKeyPairSync('ed25519');
      const point = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
      const kind = { type: CKA.keyType, value: number(CKK.edwards) };
      const publicHalf = token.store([
        { type: CKA.class, value: number(CKO.publicKey) },
        kind,
        { type: CKA.ecPoint, value: Buffer.concat([Buffer.of(4, 32), point]) },
        ...shown,
      ]);
      await Promise.resolve();
      const privateHalf = token.store(
        [{ type: CKA.class, value: number(CKO.privateKey) }, kind, ...hidden],
        pair.privateKey,
      );
      return {
        publicKey: Buffer.of(publicHalf.handle),
        privateKey: Buffer.of(privateHalf.handle),
      };
    }
    C_DestroyObject(_session: Handle, handle: Handle): void {
      this.#present().remove(this.#object(handle).handle);
    }
    C_SignInit(_session: Handle, _mechanism: unknown, handle: Handle): void {
      this.#signing = this.#object(handle);
    }
    C_SignAsync(_session: Handle, data: Buffer): Promise<Buffer> {
      const key = this.#signing?.key;
      this.#present();
      if (key === undefined) return Promise.reject(failed('CKR_KEY_HANDLE_INVALID', 0x60));
      return Promise.resolve(sign(null, data, key));
    }

    #slotOf(slot: Handle): FakeToken {
      const token = this.#slots.get(slot.toString('hex'));
      if (token?.isPlugged !== true) throw failed('CKR_TOKEN_NOT_PRESENT', 0xe0);
      return token;
    }
    #present(): FakeToken {
      if (this.#token?.isPlugged !== true) throw failed('CKR_DEVICE_REMOVED', 0x32);
      return this.#token;
    }
    #object(handle: Handle): FakeObject {
      const object = this.#present().objects.find((one) => one.handle === handle[0]);
      if (object === undefined) throw failed('CKR_OBJECT_HANDLE_INVALID', 0x82);
      return object;
    }
  }
  return { PKCS11: Fake } as unknown as Pkcs11Package;
}

function failed(name: string, code: number): Error {
  return Object.assign(new Error(name), { code });
}

/** As PKCS#11 keeps a CK_ULONG. */
function number(value: number): Buffer {
  const octetsOfIt = Buffer.alloc(8);
  octetsOfIt.writeUInt32LE(value);
  return octetsOfIt;
}

function octets(value: Attribute['value']): Buffer {
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (typeof value === 'number') return number(value);
  return Buffer.from(value as Uint8Array | string);
}
