import type { SetLane } from '../src/adapters/fs/set-lane.js';
import type { OperationContext } from '../src/index.js';
import { once } from './once.js';

type KeyVault = OperationContext['vault'];
type TokenKeys = OperationContext['tokens'];
type TlsProbe = OperationContext['network'];
type Services = OperationContext['services'];
type Passwords = OperationContext['passwords'];
type ContainerCrypto = OperationContext['containers'];

/** The vault whose code is loaded when a CA key is first used. */
export function lazyVault(load: () => Promise<KeyVault>): KeyVault {
  const vault = once(load);
  return {
    seal: async (place, pkcs8, identity, unlock) =>
      (await vault()).seal(place, pkcs8, identity, unlock),
    open: async (place, identity, unlock) => (await vault()).open(place, identity, unlock),
    lockedBy: async (place, identity) => (await vault()).lockedBy(place, identity),
    copy: async (from, to, identity, unlock) => (await vault()).copy(from, to, identity, unlock),
    list: async (home) => (await vault()).list(home),
    discard: async (place) => (await vault()).discard(place),
    publishCertificate: async (place, pem) => (await vault()).publishCertificate(place, pem),
  };
}

/** The tokens whose code is loaded when one is first asked for. */
export function lazyTokens(load: () => Promise<TokenKeys>): TokenKeys {
  let loaded: Promise<TokenKeys> | undefined;
  let opened: TokenKeys | undefined;
  const tokens = (): Promise<TokenKeys> =>
    (loaded ??= load().then((made) => {
      opened = made;
      return made;
    }));
  return {
    look: async (uri) => (await tokens()).look(uri),
    unlock: async (uri, readPin) => (await tokens()).unlock(uri, readPin),
    open: async (uri, spki, readPin) => (await tokens()).open(uri, spki, readPin),
    provide: async (order, readPin) => (await tokens()).provide(order, readPin),
    close: () => {
      opened?.close();
    },
  };
}

/** The passwords whose code is loaded when one is first hashed or checked. */
export function lazyPasswords(load: () => Promise<Passwords>): Passwords {
  const passwords = once(load);
  return {
    hash: async (password) => (await passwords()).hash(password),
    verify: async (password, hash) => (await passwords()).verify(password, hash),
  };
}

/** The probe whose code is loaded when a server is first looked at. */
export function lazyProbe(load: () => Promise<TlsProbe>): TlsProbe {
  const probe = once(load);
  return {
    look: async (target, serverName, timeout) => (await probe()).look(target, serverName, timeout),
  };
}

/** The thread that writes sets, whose code is loaded with its first task. */
export function lazySetLane(load: () => Promise<SetLane>): SetLane {
  const lane = once(load);
  return { write: async (sets) => (await lane()).write(sets) };
}

/** The services whose code is loaded at the first reload. */
export function lazyServices(load: () => Promise<Services>): Services {
  const services = once(load);
  return { reload: async (command, limit) => (await services()).reload(command, limit) };
}

/** The ciphers of files with keys, whose code is loaded when one is first opened; what is given is at hand. */
export function lazyContainers(
  load: () => Promise<ContainerCrypto>,
  atHand: Pick<ContainerCrypto, 'sha1' | 'publicKeyOf'>,
): ContainerCrypto {
  const containers = once(load);
  return {
    ...atHand,
    decrypt: async (encrypted, passphrase) => (await containers()).decrypt(encrypted, passphrase),
    encrypt: async (method, data, passphrase) =>
      (await containers()).encrypt(method, data, passphrase),
    mac: async (mac, data, passphrase) => (await containers()).mac(mac, data, passphrase),
  };
}
