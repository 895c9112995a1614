import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS, parseSettings } from '../../src/zone/settings.js';

const FILE = '/zone/settings.json';
const SCHEMA = '"schema": "zmint.settings/1"';

describe('the settings of a zone', () => {
  test.each([
    ['nothing is set', `{${SCHEMA}}`],
    ['a section without a field', `{${SCHEMA}, "backup": {}}`],
  ])('are the defaults where %s', (_why, text) => {
    expect(parseSettings(text, FILE)).toEqual(DEFAULT_SETTINGS);
  });

  test('are taken as they stand', () => {
    const text = `{${SCHEMA}, "backup": {"maxAgeHours": 168}}`;
    expect(parseSettings(text, FILE).backup.maxAgeHours).toBe(168);
  });

  test.each([
    ['no JSON', '{', '', 'is not JSON'],
    ['no object', '[]', '', 'must be an object'],
    ['null', 'null', '', 'must be an object'],
    ['no schema', '{}', 'schema', 'must be "zmint.settings/1"'],
    ['another schema', '{"schema": "zmint.settings/2"}', 'schema', 'must be "zmint.settings/1"'],
    ['a misspelt section', `{${SCHEMA}, "bakcup": {}}`, 'bakcup', 'is not known'],
    ['a prototype', `{${SCHEMA}, "__proto__": {}}`, '__proto__', 'is not known'],
    ['a misspelt field', `{${SCHEMA}, "backup": {"age": 1}}`, 'backup.age', 'is not known'],
    ['a section that is none', `{${SCHEMA}, "backup": 3}`, 'backup', 'must be an object'],
    ['text', `{${SCHEMA}, "backup": {"maxAgeHours": "9"}}`, 'backup.maxAgeHours', 'whole number'],
    ['no time', `{${SCHEMA}, "backup": {"maxAgeHours": 0}}`, 'backup.maxAgeHours', 'from 1 to'],
    ['a part', `{${SCHEMA}, "backup": {"maxAgeHours": 1.5}}`, 'backup.maxAgeHours', 'whole'],
    ['too much', `{${SCHEMA}, "backup": {"maxAgeHours": 1e9}}`, 'backup.maxAgeHours', '87600'],
  ])('with %s are refused by file and field', (_why, text, field, fact) => {
    const refused = expect(() => parseSettings(text, FILE));
    refused.toThrow(
      expect.objectContaining({ code: 'unreadable', details: { path: FILE, field } }),
    );
    refused.toThrow(fact);
    refused.toThrow(FILE);
  });
});
