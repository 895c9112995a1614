import { ZmintError } from '../../src/errors.js';
import type { Target } from '../../src/index.js';
import type { Session } from '../cli/session.js';

const LEAST_JKS_CHARACTERS = 6;

/** Warns of what readers of a store cannot open or protects little. Throws `policy` for what keytool refuses. */
export function warnOfStore(
  session: Pick<Session, 'warn'>,
  to: Target,
  passphrase: Uint8Array | null,
): void {
  if (passphrase === null) return;
  if (to === 'jks') {
    const characters = passphrase.filter((octet) => (octet & 0xc0) !== 0x80).length;
    if (characters < LEAST_JKS_CHARACTERS) {
      throw new ZmintError(
        'policy',
        'keytool opens no store with a passphrase of under 6 characters',
        { hint: 'choose a longer one' },
      );
    }
    session.warn('JKS protects keys weakly; prefer --to p12, which Java reads too');
  }
  if (to !== 'pem' && to !== 'der' && passphrase.some((octet) => octet >= 0x80)) {
    session.warn('keytool cannot open stores whose passphrase is not ASCII');
  }
}
