import { describe, expect, test } from '@jest/globals';
import { homesOf, rewrite } from './direct-imports.mjs';

const INDEX = `
export type { Instant } from './zone/instant.js';
export { parseWhen, type Moment } from './zone/parse-when.js';
export { planRemint as plan, executeRemint } from './operations/remint.js';
`;
const homes = homesOf(INDEX, '/r/src');

describe('direct imports', () => {
  test('the index says where each value lives', () => {
    expect([...homes.keys()]).toEqual(['parseWhen', 'plan', 'executeRemint']);
    expect(homes.get('plan')).toEqual({ file: '/r/src/operations/remint.ts', name: 'planRemint' });
  });

  test('a static import goes to the file itself, types go away', () => {
    expect(rewrite("import { plan, type Moment } from '../../src/index.js';", homes, 'c.ts')).toBe(
      'import { planRemint as plan } from "/r/src/operations/remint.ts";',
    );
  });

  test('an import of types alone is left alone', () => {
    const text = "import type { Instant } from '../../src/index.js';";
    expect(rewrite(text, homes, 'c.ts')).toBe(text);
  });

  test('a dynamic import takes only the names that it uses', () => {
    const text = "const { plan, executeRemint: execute } = await import('../../src/index.js');";
    expect(rewrite(text, homes, 'c.ts')).toBe(
      "const { plan, executeRemint: execute } = await import('zmint-direct:executeRemint,plan');",
    );
  });

  test.each([
    ["import { planRemint } from '../../src/index.js';", 'exports no value planRemint'],
    ["const lib = await import('../../src/index.js');", 'write const'],
  ])('%s is refused', (text, message) => {
    expect(() => rewrite(text, homes, 'c.ts')).toThrow(message);
  });
});
