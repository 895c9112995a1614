import { ZmintError } from '../../src/errors.js';
import { parseExpectedName, type ExpectedName } from '../../src/index.js';
import type { Parse } from '../cli/command.js';

/** Key purposes by the names that RFC 5280 §4.2.1.12 and RFC 6960 give them. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['serverauth', '1.3.6.1.5.5.7.3.1'],
  ['clientauth', '1.3.6.1.5.5.7.3.2'],
  ['codesigning', '1.3.6.1.5.5.7.3.3'],
  ['emailprotection', '1.3.6.1.5.5.7.3.4'],
  ['timestamping', '1.3.6.1.5.5.7.3.8'],
  ['ocspsigning', '1.3.6.1.5.5.7.3.9'],
]);
const OBJECT_IDENTIFIER = /^[012](?:\.(?:0|[1-9]\d{0,14}))+$/u;

/** `web1.example.com`, `192.0.2.7`, `anna@example.com`. Throws `usage`. */
export const expectedName: Parse<ExpectedName> = (word) => parseExpectedName(word);

/** An object identifier in dots, `anyPolicy` among them. Throws `usage`. */
export const objectIdentifier: Parse<string> = (word) => {
  if (word.toLowerCase() === 'anypolicy') return '2.5.29.32.0';
  if (OBJECT_IDENTIFIER.test(word)) return word;
  throw new ZmintError('usage', `"${word}" is no object identifier`, {
    hint: 'such as 2.16.840.1.101.3.2.1.48.1',
  });
};

/** `serverAuth` and the like in any case, or an object identifier. Throws `usage`. */
export const purpose: Parse<string> = (word) => {
  const known = PURPOSES.get(word.toLowerCase());
  if (known !== undefined) return known;
  if (OBJECT_IDENTIFIER.test(word)) return word;
  throw new ZmintError('usage', `"${word}" is no key purpose`, {
    hint: 'serverAuth, clientAuth, codeSigning, emailProtection, timeStamping, OCSPSigning, or an object identifier',
  });
};
