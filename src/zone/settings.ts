import { DEFAULT_CRL_SETTINGS, parseCrlSettings, type CrlSettings } from './crl-settings.js';
import {
  DEFAULT_EXTENSION_SETTINGS,
  parseExtensionSettings,
  type ExtensionSettings,
} from './extension-settings.js';
import {
  below,
  badSetting,
  settingFields,
  wholeSetting,
  type SettingPlace,
} from './settings-fields.js';

/** What an administrator has set for the zone in `settings.json` of its home. */
export interface Settings {
  readonly backup: BackupSettings;
  readonly crl: CrlSettings;
  readonly extensions: ExtensionSettings;
}

/** How backups are asked for. */
export interface BackupSettings {
  /** Before the CA is changed the last verified backup must be younger than so many hours. */
  readonly maxAgeHours: number;
}

/** What holds where nothing is set. */
export const DEFAULT_SETTINGS: Settings = {
  backup: { maxAgeHours: 24 },
  crl: DEFAULT_CRL_SETTINGS,
  extensions: DEFAULT_EXTENSION_SETTINGS,
};

const SCHEMA = 'zmint.settings/1';
const HOURS_OF_TEN_YEARS = 87_600;

/** How each section is read; the compiler refuses a section without a reader. */
const SECTIONS: {
  readonly [Name in keyof Settings]: (value: unknown, place: SettingPlace) => Settings[Name];
} = { backup: parseBackup, crl: parseCrlSettings, extensions: parseExtensionSettings };

/**
 * Reads the text of a settings file; what it leaves out is as in `DEFAULT_SETTINGS`. Throws
 * `unreadable` naming file and field for anything that is not known or does not fit: a setting that
 * is misspelt must not be taken for one that is not there.
 */
export function parseSettings(text: string, file: string): Settings {
  const place = { file, field: '' };
  const fields = settingFields(parseJson(text, place), place, ['schema', ...Object.keys(SECTIONS)]);
  if (fields.get('schema') !== SCHEMA)
    throw badSetting(below(place, 'schema'), `must be "${SCHEMA}"`);
  return {
    backup: section('backup', fields.get('backup'), place),
    crl: section('crl', fields.get('crl'), place),
    extensions: section('extensions', fields.get('extensions'), place),
  };
}

function section<Name extends keyof Settings>(
  name: Name,
  value: unknown,
  place: SettingPlace,
): Settings[Name] {
  if (value === undefined) return DEFAULT_SETTINGS[name];
  return SECTIONS[name](value, below(place, name));
}

function parseBackup(value: unknown, place: SettingPlace): BackupSettings {
  const hours = settingFields(value, place, ['maxAgeHours']).get('maxAgeHours');
  if (hours === undefined) return DEFAULT_SETTINGS.backup;
  const range = { least: 1, most: HOURS_OF_TEN_YEARS };
  return { maxAgeHours: wholeSetting(hours, below(place, 'maxAgeHours'), range) };
}

function parseJson(text: string, place: SettingPlace): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw badSetting(place, 'is not JSON');
    throw error;
  }
}
