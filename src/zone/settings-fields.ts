import { ZmintError } from '../errors.js';

/** Where a value stands: the file, and the names that lead to it, such as `backup.maxAgeHours`. */
export interface SettingPlace {
  readonly file: string;
  readonly field: string;
}

/** The fields of an object by name. */
export type SettingFields = ReadonlyMap<string, unknown>;

/** The fields of an object. Throws `unreadable` when it is none, or has a field that is not known. */
export function settingFields(
  value: unknown,
  place: SettingPlace,
  known: readonly string[],
): SettingFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badSetting(place, 'must be an object');
  const fields = new Map(Object.entries(value));
  const strange = [...fields.keys()].find((name) => !known.includes(name));
  if (strange === undefined) return fields;
  throw badSetting(below(place, strange), `is not known; known are ${known.join(', ')}`);
}

/** A whole number between two others. Throws `unreadable`. */
export function wholeSetting(
  value: unknown,
  place: SettingPlace,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const fits = typeof value === 'number' && Number.isInteger(value);
  if (fits && value >= least && value <= most) return value;
  throw badSetting(place, `must be a whole number from ${least} to ${most}`);
}

/** The place of a field of the object that stands here. */
export function below(place: SettingPlace, name: string): SettingPlace {
  return { file: place.file, field: place.field === '' ? name : `${place.field}.${name}` };
}

/** The error for a setting that is not as it must be: `unreadable`, with file and field. */
export function badSetting({ file, field }: SettingPlace, fact: string): ZmintError {
  const what = field === '' ? file : `${field} in ${file}`;
  return new ZmintError('unreadable', `${what} ${fact}`, {
    hint: `mend ${file}, or move it away: without it the defaults hold`,
    details: { path: file, field },
  });
}
