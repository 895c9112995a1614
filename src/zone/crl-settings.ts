import { below, settingFields, wholeSetting, type SettingPlace } from './settings-fields.js';

/** How CRLs are made. */
export interface CrlSettings {
  /** How long a CRL holds. */
  readonly days: number;
}

/** What holds where nothing is set. */
export const DEFAULT_CRL_SETTINGS: CrlSettings = { days: 7 };

const MOST_CRL_DAYS = 365;

/** Reads the section `crl`. Throws `unreadable`. */
export function parseCrlSettings(value: unknown, place: SettingPlace): CrlSettings {
  const days = settingFields(value, place, ['days']).get('days');
  if (days === undefined) return DEFAULT_CRL_SETTINGS;
  return { days: wholeSetting(days, below(place, 'days'), { least: 1, most: MOST_CRL_DAYS }) };
}
