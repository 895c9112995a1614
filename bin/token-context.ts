import type { Opened, PinOptions } from '../commands/cli/surroundings.js';
import { createNodeKeys } from '../src/adapters/crypto/keys.js';
import { keepMemoryOutOfCoreFiles } from '../src/adapters/system/core-files.js';
import { Pkcs11TokenKeys } from '../src/adapters/token/pkcs11-token-keys.js';
import type { TokenContext } from '../src/index.js';
import { createPinSource } from './pin-source.js';

/** Keys in the tokens of this machine. */
export function createTokenContext(options: PinOptions): Opened<TokenContext> {
  keepMemoryOutOfCoreFiles();
  const pin = createPinSource(options, process.env.CREDENTIALS_DIRECTORY);
  const tokens = new Pkcs11TokenKeys(createNodeKeys());
  return {
    context: { tokens, pin },
    close: () => {
      pin.close();
      tokens.close();
    },
  };
}
