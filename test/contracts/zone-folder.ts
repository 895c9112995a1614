import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ZoneFolder } from '../../src/ports/zone-folder.js';

/** A fresh zone's folder, and a way to read what an update holds. */
export interface ZoneFolderSubject {
  readonly folder: ZoneFolder;
  /** Puts a settings file there, as an administrator would. */
  readonly putSettings: (content: Uint8Array) => void;
  readonly readUpdate: (path: string) => Readonly<Record<string, string>>;
}

const GUID = '6d1f8a52-3c0b-4e6e-9f6a-0d5c1b2a3e4f';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What src/ports/zone-folder.ts promises. */
export function zoneFolderContract(name: string, make: () => Promise<ZoneFolderSubject>): void {
  describe(`zone folder: ${name}`, () => {
    let subject: ZoneFolderSubject;
    let folder: ZoneFolder;

    beforeEach(async () => {
      subject = await make();
      ({ folder } = subject);
    });

    test('there is no trust before it is published', async () => {
      expect(await folder.readTrust()).toBeUndefined();
    });

    test('trust is published, replaced, and published again without change', async () => {
      for (const pem of ['one', 'one and two', 'one and two', 'two']) {
        await folder.publishTrust(bytes(pem));
        expect(Buffer.from((await folder.readTrust()) ?? []).toString()).toBe(pem);
      }
    });

    test('settings are read as they are, and refused when they are no text', async () => {
      expect(await folder.readSettings()).toBeUndefined();
      subject.putSettings(bytes('{"zürich": 1}'));
      expect(await folder.readSettings()).toBe('{"zürich": 1}');
      subject.putSettings(new Uint8Array([0x7b, 0xff]));
      await expect(folder.readSettings()).rejects.toMatchObject({ code: 'unreadable' });
    });

    test('the files of CRLs are exactly those that are given', async () => {
      const path = await folder.publishCrls({
        'generation-1.crl': bytes('a'),
        'bundle.pem': bytes('b'),
      });
      expect(subject.readUpdate(path)).toEqual({ 'generation-1.crl': 'a', 'bundle.pem': 'b' });
      expect(await folder.publishCrls({ 'bundle.pem': bytes('c') })).toBe(path);
      expect(subject.readUpdate(path)).toEqual({ 'bundle.pem': 'c' });
      const written = folder.publishCrls({ '../x': bytes('a') });
      await expect(written).rejects.toMatchObject({ code: 'unsafe-path' });
    });

    test('an update is written whole and replaced whole', async () => {
      const path = await folder.writeUpdate(GUID, { 'ca.cert': bytes('a'), 'kit.sh': bytes('b') });
      expect(subject.readUpdate(path)).toEqual({ 'ca.cert': 'a', 'kit.sh': 'b' });
      expect(await folder.writeUpdate(GUID, { 'ca.cert': bytes('c') })).toBe(path);
      expect(subject.readUpdate(path)).toEqual({ 'ca.cert': 'c' });
    });

    test.each(['../6d1f8a52', '', '.', GUID.toUpperCase(), `${GUID}/x`, `${GUID}\n`])(
      'I-6: %j is no guid',
      async (guid) => {
        const written = folder.writeUpdate(guid, { 'ca.cert': bytes('a') });
        await expect(written).rejects.toMatchObject({ code: 'unsafe-path' });
      },
    );

    test.each(['../ca.cert', '', '.', '.hidden', 'a/b', 'a\0b', 'a\n'])(
      'I-6: %j is no file of an update',
      async (file) => {
        const written = folder.writeUpdate(GUID, { [file]: bytes('a') });
        await expect(written).rejects.toMatchObject({ code: 'unsafe-path' });
      },
    );
  });
}
