import type { Handle, PKCS11, TokenInfo } from 'pkcs11js';
import { tokenName, type KeyUri, type TokenName } from '../../zone/key-uri.js';
import { CKF, CKR } from './cryptoki.js';
import type { Pkcs11Package } from './load-pkcs11.js';
import { refusedBy, returnValue, unavailable } from './token-error.js';

/** A token that is plugged in. */
export interface FoundToken {
  readonly slot: Handle;
  readonly label: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly flags: number;
}

/** A PKCS#11 module that was loaded; all calls go through `api`. */
export class TokenModule {
  readonly api: PKCS11;
  readonly #path: string;
  #isOwn = true;

  /** Throws `token-unavailable` when there is no such module. */
  constructor(pkcs11: Pkcs11Package, path: string) {
    this.#path = path;
    this.api = new pkcs11.PKCS11();
    try {
      this.api.load(path);
      this.#initialize();
    } catch (error) {
      throw unavailable(
        `the PKCS#11 module ${path} cannot be loaded`,
        `install it, or name the right one: ls -l ${path}`,
        error,
      );
    }
  }

  /**
   * The one token that fits. Slots are looked through anew: their numbers say nothing. Throws
   * `token-unavailable` when there is none, or more than one.
   */
  find(uri: KeyUri): FoundToken {
    const fitting = this.#tokens().filter((token) => fits(token, uri.name));
    const [found, ...others] = fitting;
    const name = tokenName(uri);
    if (found === undefined) {
      throw unavailable(
        `the token ${name} is not plugged in`,
        `plug it in; what is there: pkcs11-tool --module ${this.#path} --list-token-slots`,
      );
    }
    if (others.length === 0) return found;
    const serials = fitting.map(({ serial }) => serial).join(', ');
    throw unavailable(
      `${fitting.length} tokens are called ${name}: serial numbers ${serials}`,
      'leave one plugged in, or name it by serial= in --key-uri',
    );
  }

  close(): void {
    if (this.#isOwn) this.api.C_Finalize();
    this.api.close();
  }

  #initialize(): void {
    try {
      // Signatures are made on threads of the pool.
      this.api.C_Initialize({ flags: CKF.osLocking });
    } catch (error) {
      if (returnValue(error) !== CKR.alreadyInitialized) throw error;
      this.#isOwn = false;
    }
  }

  #tokens(): readonly FoundToken[] {
    try {
      return this.api
        .C_GetSlotList(true)
        .map((slot) => tokenOf(slot, this.api.C_GetTokenInfo(slot)));
    } catch (error) {
      throw refusedBy(`behind ${this.#path}`, 'looking for tokens', error);
    }
  }
}

/** Fields are padded with blanks. */
function tokenOf(slot: Handle, info: TokenInfo): FoundToken {
  return {
    slot,
    label: info.label.trimEnd(),
    serial: info.serialNumber.trimEnd(),
    manufacturer: info.manufacturerID.trimEnd(),
    model: info.model.trimEnd(),
    flags: info.flags,
  };
}

function fits(found: FoundToken, wanted: TokenName): boolean {
  return (
    (wanted.token ?? found.label) === found.label &&
    (wanted.serial ?? found.serial) === found.serial &&
    (wanted.manufacturer ?? found.manufacturer) === found.manufacturer &&
    (wanted.model ?? found.model) === found.model
  );
}
