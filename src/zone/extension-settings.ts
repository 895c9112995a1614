import { badSetting, below, settingFields, type SettingPlace } from './settings-fields.js';

/**
 * Where those who check a certificate find more, as URLs that stand in every certificate but roots.
 * `{generation}` in one stands for the number of the CA's key, as in the names of CRL files.
 */
export interface ExtensionSettings {
  /** CRL distribution points (RFC 5280 §4.2.1.13): the same CRL at each. */
  readonly crlDistributionPoints: readonly string[];
  /** The certificate of the issuer (RFC 5280 §4.2.2.1). */
  readonly caIssuers: readonly string[];
  /** OCSP responders (RFC 6960 §3.1). */
  readonly ocsp: readonly string[];
}

/** What holds where nothing is set. */
export const DEFAULT_EXTENSION_SETTINGS: ExtensionSettings = {
  crlDistributionPoints: [],
  caIssuers: [],
  ocsp: [],
};

/** Not https: whoever checks its certificate would need the list that is behind it (RFC 5280 §8). */
const SCHEMES: Readonly<Record<keyof ExtensionSettings, readonly string[]>> = {
  crlDistributionPoints: ['http:', 'ldap:'],
  caIssuers: ['http:', 'ldap:'],
  ocsp: ['http:'],
};
const NAMES = ['crlDistributionPoints', 'caIssuers', 'ocsp'] as const;
const MOST_URLS = 8;
const LONGEST = 500;

/** Reads the section `extensions`. Throws `unreadable` naming the field. */
export function parseExtensionSettings(value: unknown, place: SettingPlace): ExtensionSettings {
  const fields = settingFields(value, place, NAMES);
  const [crlDistributionPoints, caIssuers, ocsp] = NAMES.map((name) =>
    parseUrls(fields.get(name), below(place, name), SCHEMES[name]),
  );
  return {
    crlDistributionPoints: crlDistributionPoints ?? [],
    caIssuers: caIssuers ?? [],
    ocsp: ocsp ?? [],
  };
}

/** The URL for certificates that this key of the CA signs. */
export function urlFor(url: string, generation: number): string {
  return url.replaceAll('{generation}', String(generation));
}

function parseUrls(
  value: unknown,
  place: SettingPlace,
  schemes: readonly string[],
): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badSetting(place, 'must be a list of URLs');
  const urls = value as readonly unknown[];
  if (urls.length > MOST_URLS) throw badSetting(place, `must have at most ${MOST_URLS} URLs`);
  const checked = urls.map((url) => checkedUrl(url, place, schemes));
  if (new Set(checked).size < checked.length) throw badSetting(place, 'names a URL twice');
  return checked;
}

function checkedUrl(url: unknown, place: SettingPlace, schemes: readonly string[]): string {
  const wanted = `must be URLs that begin with ${schemes.map((one) => `${one}//`).join(' or ')}`;
  if (typeof url !== 'string' || !/^[!-~]+$/u.test(url)) throw badSetting(place, wanted);
  if (url.length > LONGEST) throw badSetting(place, `has a URL of over ${LONGEST} characters`);
  const plain = urlFor(url, 1);
  if (/[{}]/u.test(plain)) throw badSetting(place, 'has braces that are not {generation}');
  if (!URL.canParse(plain)) throw badSetting(place, wanted);
  const { protocol, hostname, username, password } = new URL(plain);
  if (!schemes.includes(protocol) || hostname === '') throw badSetting(place, wanted);
  if (username !== '' || password !== '') throw badSetting(place, 'must not name a user');
  return url;
}
