import { beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import type { OutsideStore } from '../../src/ports/outside-store.js';
import { partnerRoot } from '../support/partner-root.js';

const PREFIX = 'zmint-1a2b3c4d-';

/** What src/ports/outside-store.ts promises; each test begins with an empty store. */
export function outsideStoreContract(name: string, make: () => OutsideStore): void {
  describe(`outside store: ${name}`, () => {
    let store: OutsideStore;

    beforeEach(() => {
      store = make();
    });

    async function root(alias: string): Promise<{ name: string; der: Uint8Array }> {
      // The subject is the same each time, as with generations of a CA.
      const { der } = (await partnerRoot('Same Name')).certificate;
      const digits = createNodeDigest().sha256(der).slice(0, 16);
      return { name: `${PREFIX}${alias}-${digits}`, der };
    }

    test('an empty store has nothing, and removing from it is harmless', async () => {
      expect(await store.list(PREFIX)).toEqual([]);
      await store.remove(`${PREFIX}gone-0123456789abcdef`);
      await store.refresh();
      expect(await store.list(PREFIX)).toEqual([]);
    });

    test('roots of one subject are told apart, added again and removed alone', async () => {
      const [first, second] = [await root('first'), await root('second')];
      for (const one of [first, second, first]) await store.add(one.name, one.der);
      await store.refresh();
      expect(await store.list(PREFIX)).toEqual(
        [first, second].sort((a, b) => (a.name < b.name ? -1 : 1)),
      );
      await store.remove(first.name);
      await store.refresh();
      expect(await store.list(PREFIX)).toEqual([second]);
      await store.remove(first.name);
      expect(await store.list(PREFIX)).toEqual([second]);
    });

    test('only names with the prefix are shown', async () => {
      const { name: own, der } = await root('own');
      await store.add(own, der);
      await store.refresh();
      expect(await store.list('zmint-99999999-')).toEqual([]);
      expect(await store.list(own)).toHaveLength(1);
    });
  });
}
