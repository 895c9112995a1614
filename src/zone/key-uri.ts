import { ZmintError } from '../errors.js';
import { fromHex, toHex } from '../encoding/hex.js';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.js';

/** What chooses a token among those that are plugged in; slot numbers change and are not among it. */
export interface TokenName {
  readonly token?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly model?: string;
}

/** Where a private key in a PKCS#11 token is found (RFC 7512). It never holds a PIN. */
export interface KeyUri {
  readonly name: TokenName;
  /** CKA_LABEL; undefined: any. */
  readonly object: string | undefined;
  /** CKA_ID, hexadecimal; undefined: any. */
  readonly id: string | undefined;
  /** Absolute path of the PKCS#11 module. */
  readonly modulePath: string;
  /** Absolute path of a file that holds the PIN. */
  readonly pinSource: string | undefined;
}

const TOKEN_ATTRIBUTES = ['token', 'serial', 'manufacturer', 'model'] as const;
const PATH_ATTRIBUTES = [...TOKEN_ATTRIBUTES, 'object', 'id', 'type'];
const QUERY_ATTRIBUTES = ['module-path', 'pin-source', 'pin-value'];
const HINT =
  "--key-uri 'pkcs11:token=zmint;object=ca?module-path=/usr/lib/softhsm/libsofthsm2.so' (RFC 7512)";

/**
 * Reads a `pkcs11:` URI (RFC 7512 §2.3) that names a token, a key by its label or id, and the path of
 * the module. What is in `pin-value` is handed out beside it, for one use. Throws `usage`, also for
 * attributes that zmint does not go by, slot numbers among them.
 */
export function parseKeyUri(text: string): { readonly uri: KeyUri; readonly pin?: string } {
  if (!/^pkcs11:/iu.test(text))
    throw misread('a key in a token is named by a URI that begins with pkcs11:');
  const [path = '', query = '', ...more] = text.slice('pkcs11:'.length).split('?');
  if (more.length > 0) throw misread('the URI of a key has one question mark at most');
  const attributes = new Map([
    ...readAttributes(path.split(';'), PATH_ATTRIBUTES),
    ...readAttributes(query.split('&'), QUERY_ATTRIBUTES),
  ]);
  const { 'pin-value': pin, ...known } = Object.fromEntries(
    [...attributes].map(([name, value]) => [
      name,
      name === 'id' ? toHex(value) : asText(name, value),
    ]),
  );
  return { uri: keyUriOf(known), ...(pin === undefined ? {} : { pin }) };
}

function keyUriOf(known: Readonly<Record<string, string>>): KeyUri {
  const { token, serial, object, id, type = 'private' } = known;
  if ((token ?? serial) === undefined) throw misread('the URI names no token: token= or serial=');
  if ((object ?? id) === undefined) throw misread('the URI names no key: object= or id=');
  if (type !== 'private') throw misread(`type=${type} is no private key`);
  const modulePath = known['module-path'];
  if (modulePath?.startsWith('/') !== true) {
    throw misread('the URI does not say where the PKCS#11 module is: ?module-path=/…');
  }
  const name = Object.fromEntries(
    TOKEN_ATTRIBUTES.flatMap((attribute) =>
      known[attribute] === undefined ? [] : [[attribute, known[attribute]]],
    ),
  );
  return { name, object, id, modulePath, pinSource: pinFile(known['pin-source']) };
}

/** The URI as it is recorded and shown: attributes in a fixed order, never a PIN. */
export function renderKeyUri(uri: KeyUri): string {
  const path = [
    ...TOKEN_ATTRIBUTES.map((attribute) => [attribute, uri.name[attribute]] as const),
    ['object', uri.object] as const,
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escape(value)}`]));
  const id = uri.id === undefined ? [] : [`id=${uri.id.replace(/../gu, '%$&').toUpperCase()}`];
  const source = uri.pinSource === undefined ? '' : `&pin-source=file:${escapePath(uri.pinSource)}`;
  const query = `module-path=${escapePath(uri.modulePath)}${source}`;
  return `pkcs11:${[...path, ...id, 'type=private'].join(';')}?${query}`;
}

/** The token as people call it: its label, or else its serial number. */
export function tokenName({ name }: KeyUri): string {
  return name.token ?? name.serial ?? '';
}

/** The key of the next generation beside that of an earlier one: a label of its own, and no id yet. */
export function nextKeyUri(uri: KeyUri, generation: number): KeyUri {
  const stem = (uri.object ?? 'ca').replace(/-g\d+$/u, '');
  return { ...uri, object: `${stem}-g${generation}`, id: undefined };
}

function readAttributes(
  parts: readonly string[],
  known: readonly string[],
): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const part of parts.filter((one) => one !== '')) {
    const at = part.indexOf('=');
    const name = at === -1 ? part : part.slice(0, at);
    if (name.startsWith('slot-')) {
      throw misread('slots are numbered anew when tokens are plugged in: name the token instead');
    }
    if (!known.includes(name)) throw misread('zmint goes by no attribute of that name', name);
    if (found.has(name)) throw misread('it is there twice', name);
    const value = at === -1 ? undefined : unescape(part.slice(at + 1));
    if (value === undefined || value.length === 0) throw misread('its value cannot be read', name);
    found.set(name, value);
  }
  return found;
}

/** Octets of a percent-encoded value; undefined when an escape is cut short. */
function unescape(text: string): Uint8Array | undefined {
  if (/%(?![0-9a-f]{2})/iu.test(text)) return undefined;
  const octets = [...text.matchAll(/%(..)|([^%]+)/gu)].map(([, hex, plain = '']) =>
    hex === undefined ? encodeUtf8(plain) : fromHex(hex.toLowerCase()),
  );
  return Uint8Array.from(octets.flatMap((each) => [...each]));
}

function asText(name: string, value: Uint8Array): string {
  let text = '';
  try {
    text = decodeUtf8(value);
  } catch {
    throw misread('its value is no text', name);
  }
  if (/\p{Cc}/u.test(text)) throw misread('its value has control characters', name);
  return text;
}

function pinFile(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  const path = source.replace(/^file:(?:\/\/(?=\/))?/u, '');
  if (path.startsWith('/')) return path;
  throw misread('it must be a file: pin-source=file:/…', 'pin-source');
}

function escape(text: string): string {
  const hex = (octet: string): string => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/gu, hex);
}

/** Slashes may stand in the query (RFC 7512 §2.3). */
function escapePath(path: string): string {
  return escape(path).replaceAll('%2F', '/');
}

/** What was typed is not repeated: a PIN may stand in it. */
function misread(reason: string, attribute?: string): ZmintError {
  const which = attribute === undefined ? '' : `${attribute}: `;
  return new ZmintError('usage', `${which}${reason}`, { hint: HINT });
}
