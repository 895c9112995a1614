import { renderKeyUri, parseKeyUri, type KeyUri, type OperationContext } from '../src/index.js';
import { unanswered } from './cli/prompts.js';
import type { Session } from './cli/session.js';

/** `--key-uri URI`, as typed. */
export interface GivenKeyUri {
  readonly uri: KeyUri;
  /** A PIN that stood in it. */
  readonly pin?: string;
}

/** The option of commands that make the key of a CA. */
export const KEY_URI_OPTION = {
  kind: 'value',
  flag: '--key-uri',
  value: 'URI',
  summary: 'the CA key is in a token: pkcs11:token=…;object=…?module-path=… (RFC 7512)',
  parse: parseKeyUri,
} as const;

/** Takes a PIN out of the process list and says how to do without. Call it first. */
export function hidePin(session: Session, given: GivenKeyUri | undefined): void {
  if (given?.pin === undefined) return;
  session.hideArguments();
  session.warn(
    "--key-uri: a pin-value on the command line can be seen by others and stays in the shell's history; --pin-file or pin-source=file: is better",
  );
}

/** The context in which the PIN that was typed opens the token that was named. */
export function withPin(ctx: OperationContext, given: GivenKeyUri | undefined): OperationContext {
  const pin = given?.pin;
  if (pin === undefined) return ctx;
  const named = JSON.stringify(given?.uri.name);
  return {
    ...ctx,
    pin: {
      read: (uri) =>
        JSON.stringify(uri.name) === named
          ? Promise.resolve(new TextEncoder().encode(pin))
          : ctx.pin.read(uri),
    },
  };
}

/** Where the key is to be, without a PIN; nothing when no URI was typed. */
export function keyUriText(given: GivenKeyUri | undefined): { readonly keyUri?: string } {
  return given === undefined ? {} : { keyUri: renderKeyUri(given.uri) };
}

/** Without anybody to ask, a missing PIN must show before anything is written. Throws `question-unanswered`. */
export function refuseUnansweredPin(session: Session, { uri, pin }: GivenKeyUri): void {
  const { pinFile, pinFd } = session.options;
  const credentials = session.environment.CREDENTIALS_DIRECTORY;
  const given = pinFile ?? pinFd ?? uri.pinSource ?? pin ?? credentials;
  if (given !== undefined || session.dryRun || session.terminal.interactive) return;
  throw unanswered('PIN of the token:', 'give it with --pin-file FILE or --pin-fd N');
}
