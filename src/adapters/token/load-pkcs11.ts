import type * as Pkcs11 from 'pkcs11js';
import type { ZmintError } from '../../errors.js';
import { unavailable } from './token-error.js';

/** What of the package is used. */
export type Pkcs11Package = Pick<typeof Pkcs11, 'PKCS11'>;

const NOT_INSTALLED: ReadonlySet<unknown> = new Set([
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'ERR_DLOPEN_FAILED',
]);

/** Loads the optional package that calls PKCS#11 modules. Throws `token-unavailable` when it is not installed. */
export async function loadPkcs11(
  load: () => Promise<{ readonly default: unknown }> = () => import('pkcs11js'),
): Promise<Pkcs11Package> {
  try {
    return (await load()).default as Pkcs11Package;
  } catch (error) {
    throw notInstalled(error) ?? error;
  }
}

function notInstalled(error: unknown): ZmintError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (!NOT_INSTALLED.has(code)) return undefined;
  return unavailable(
    'the package pkcs11js, by which zmint speaks to tokens, is not installed for this Node',
    'with make and a C++ compiler at hand: npm install --global --include=optional zmint',
    error,
  );
}
