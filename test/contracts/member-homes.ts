import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MemberHomes, RequestFiles, SetFiles } from '../../src/ports/member-homes.js';

/** An implementation with a home that nobody has prepared yet. */
export interface MemberHomesSubject {
  readonly homes: MemberHomes;
  readonly home: string;
  /** Puts a file into the repo as a person does. */
  readonly place: (name: string, bytes: Uint8Array) => void;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A server's set whose files tell the generation. */
export function sampleSet(mark: string): SetFiles {
  return {
    'server.cer': bytes(`certificate ${mark}`),
    'key.pem': bytes(`pem ${mark}`),
    'key.der': bytes(`der ${mark}`),
    'ca.cert': bytes(`trust ${mark}`),
  };
}

/** A repo's files whose content tells whose they are. */
export function sampleRepo(
  mark: string,
): Required<Pick<SetFiles, 'server.cer' | 'key.der' | 'ca.cert'>> {
  return {
    'server.cer': bytes(`certificate ${mark}`),
    'key.der': bytes(`der ${mark}`),
    'ca.cert': bytes(`trust ${mark}`),
  };
}

/** What src/ports/member-homes.ts promises. */
export function memberHomesContract(name: string, make: () => Promise<MemberHomesSubject>): void {
  describe(`member homes: ${name}`, () => {
    let subject: MemberHomesSubject;
    let homes: MemberHomes;
    let home: string;

    beforeEach(async () => {
      subject = await make();
      ({ homes, home } = subject);
      await homes.prepare(home);
    });

    describe('sets', () => {
      test('a prepared home is empty, and preparing again changes nothing', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.switchLive(home, 1);
        await homes.prepare(home);
        expect(await homes.observe(home)).toEqual({ live: 1, generations: [1] });
      });

      test('nothing is live in a fresh home', async () => {
        expect(await homes.observe(home)).toEqual({ live: undefined, generations: [] });
        expect(await homes.readSet(home, 1)).toBeUndefined();
      });

      test('a set reads back as it was written', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        expect(texts(await homes.readSet(home, 1))).toEqual(texts(sampleSet('a')));
        expect(await homes.observe(home)).toEqual({ live: undefined, generations: [1] });
      });

      test('a device has only its trust', async () => {
        await homes.writeSet(home, 1, { 'ca.cert': bytes('trust') });
        expect(texts(await homes.readSet(home, 1))).toEqual({ 'ca.cert': 'trust' });
        await homes.switchLive(home, 1);
        expect(await homes.observe(home)).toEqual({ live: 1, generations: [1] });
      });

      test.each(['server.jks', 'server.p12'] as const)('a set with a %s', async (store) => {
        const keystore = { [store]: bytes('store'), 'keystore.pass': bytes('password') };
        expect(await homes.readKeystore(home)).toEqual({});
        await homes.writeSet(home, 1, { ...sampleSet('a'), ...keystore });
        expect(texts(await homes.readSet(home, 1))).toEqual(
          texts({ ...sampleSet('a'), ...keystore }),
        );
        expect(await homes.readKeystore(home)).toEqual({});
        await homes.switchLive(home, 1);
        expect(Object.keys(await homes.readKeystore(home)).sort()).toEqual(
          ['keystore.pass', store].sort(),
        );
        await homes.writeSet(home, 2, sampleSet('b'));
        await homes.switchLive(home, 2);
        expect(await homes.readKeystore(home)).toEqual({});
      });

      test('a keystore without its password, and two of them, are refused', async () => {
        const half = { ...sampleSet('a'), 'server.jks': bytes('store') };
        await expect(homes.writeSet(home, 1, half)).rejects.toMatchObject({ code: 'bug' });
        const bare = { ...sampleSet('a'), 'keystore.pass': bytes('password') };
        await expect(homes.writeSet(home, 1, bare)).rejects.toMatchObject({ code: 'bug' });
        const two = { ...half, 'server.p12': bytes('x'), 'keystore.pass': bytes('password') };
        await expect(homes.writeSet(home, 1, two)).rejects.toMatchObject({ code: 'bug' });
        const device = { 'ca.cert': bytes('trust'), 'keystore.pass': bytes('password') };
        await expect(homes.writeSet(home, 1, device)).rejects.toMatchObject({ code: 'bug' });
      });

      test('a set that is neither a server’s nor a device’s is refused', async () => {
        const half = { 'server.cer': bytes('certificate'), 'ca.cert': bytes('trust') };
        await expect(homes.writeSet(home, 1, half)).rejects.toMatchObject({ code: 'bug' });
        const hollow = { ...sampleSet('a'), 'key.der': new Uint8Array() };
        await expect(homes.writeSet(home, 1, hollow)).rejects.toMatchObject({ code: 'bug' });
        expect((await homes.observe(home)).generations).toEqual([]);
      });

      test('generations come in rising order, by number', async () => {
        for (const number of [10, 9, 2, 100]) await homes.writeSet(home, number, sampleSet('x'));
        expect((await homes.observe(home)).generations).toEqual([2, 9, 10, 100]);
      });

      test('a set that is not live is replaced', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.writeSet(home, 1, { 'ca.cert': bytes('only trust') });
        expect(texts(await homes.readSet(home, 1))).toEqual({ 'ca.cert': 'only trust' });
      });

      test('writing the same set again is harmless', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.writeSet(home, 1, sampleSet('a'));
        expect(texts(await homes.readSet(home, 1))).toEqual(texts(sampleSet('a')));
      });

      test('the live set is neither written nor removed', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.switchLive(home, 1);
        const damaged = { code: 'damaged' };
        await expect(homes.writeSet(home, 1, sampleSet('b'))).rejects.toMatchObject(damaged);
        await expect(homes.removeSet(home, 1)).rejects.toMatchObject(damaged);
        expect(texts(await homes.readSet(home, 1))).toEqual(texts(sampleSet('a')));
      });

      test('live goes forth and back, and staying is harmless', async () => {
        for (const number of [1, 2]) await homes.writeSet(home, number, sampleSet(String(number)));
        for (const number of [1, 2, 2, 1]) {
          await homes.switchLive(home, number);
          expect(await homes.observe(home)).toEqual({ live: number, generations: [1, 2] });
        }
      });

      test('live never points to a set that is not there', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.switchLive(home, 1);
        await expect(homes.switchLive(home, 2)).rejects.toMatchObject({ code: 'damaged' });
        expect((await homes.observe(home)).live).toBe(1);
      });

      test('unlinking leaves the sets; doing it twice is harmless', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.switchLive(home, 1);
        await homes.unlinkLive(home);
        await homes.unlinkLive(home);
        expect(await homes.observe(home)).toEqual({ live: undefined, generations: [1] });
      });

      test('a set is removed; doing it twice is harmless', async () => {
        for (const number of [1, 2]) await homes.writeSet(home, number, sampleSet('x'));
        await homes.removeSet(home, 1);
        await homes.removeSet(home, 1);
        expect(await homes.observe(home)).toEqual({ live: undefined, generations: [2] });
      });

      test.each([0, -1, 1.5, Number.NaN, 1e21, Number.POSITIVE_INFINITY])(
        'I-6: %p is no generation',
        async (number) => {
          const unsafe = { code: 'unsafe-path' };
          await expect(homes.writeSet(home, number, sampleSet('a'))).rejects.toMatchObject(unsafe);
          await expect(homes.readSet(home, number)).rejects.toMatchObject(unsafe);
          await expect(homes.switchLive(home, number)).rejects.toMatchObject(unsafe);
          await expect(homes.removeSet(home, number)).rejects.toMatchObject(unsafe);
        },
      );
    });

    describe('keys that wait', () => {
      const request = (mark: string): RequestFiles => ({
        'key.der': bytes(`der ${mark}`),
        'server.csr': bytes(`csr ${mark}`),
      });

      test('are whole, beside each other, and replaced under their number', async () => {
        expect(await homes.readRequest(home, 1)).toBeUndefined();
        await homes.writeRequest(home, 1, request('a'));
        await homes.writeRequest(home, 2, request('b'));
        await homes.writeRequest(home, 1, request('c'));
        expect(await homes.readRequest(home, 1)).toEqual(request('c'));
        expect(await homes.readRequest(home, 2)).toEqual(request('b'));
      });

      test('are removed one by one, and removing is harmless when they are gone', async () => {
        await homes.removeRequest(home, 1);
        await homes.writeRequest(home, 1, request('a'));
        await homes.writeRequest(home, 2, request('b'));
        await homes.removeRequest(home, 1);
        await homes.removeRequest(home, 1);
        expect(await homes.readRequest(home, 1)).toBeUndefined();
        expect(await homes.readRequest(home, 2)).toEqual(request('b'));
      });

      test('leave sets and repo alone; the request in the repo is cleared by its digest', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.writeRepo(home, sampleRepo('a'));
        await homes.writeRequest(home, 1, request('a'));
        await homes.writeRepoRequest(home, bytes('csr a'));
        expect(await homes.observe(home)).toMatchObject({ generations: [1] });
        expect((await homes.readRepo(home)).certificates).toHaveLength(1);
        await homes.clearRepo(home, { 'server.csr': digest('csr b') });
        await homes.clearRepo(home, { 'server.csr': digest('csr a') });
        expect(text((await homes.readRepo(home)).key?.bytes)).toBe('der a');
        expect(await homes.readRequest(home, 1)).toEqual(request('a'));
      });
    });

    describe('CRLs', () => {
      test('lie beside the sets, are replaced whole, and touch neither them nor live', async () => {
        await homes.writeSet(home, 1, sampleSet('a'));
        await homes.switchLive(home, 1);
        expect(await homes.readCrls(home)).toBeUndefined();
        for (const content of ['first', 'second', 'second']) {
          const before = text(await homes.readCrls(home));
          expect(await homes.writeCrls(home, bytes(content))).toBe(
            before === content ? 'same' : 'changed',
          );
          expect(text(await homes.readCrls(home))).toBe(content);
        }
        expect(await homes.observe(home)).toEqual({ live: 1, generations: [1] });
        expect(texts(await homes.readSet(home, 1))).toEqual(texts(sampleSet('a')));
      });

      test('are not written where no set was ever made', async () => {
        expect(await homes.writeCrls(`${home}-none`, bytes('a'))).toBe('none');
        expect(await homes.readCrls(`${home}-none`)).toBeUndefined();
      });
    });

    describe('the repo', () => {
      test('an empty repo has nothing', async () => {
        expect(await homes.readRepo(home)).toEqual({
          certificates: [],
          key: undefined,
          caCert: undefined,
          leftovers: false,
        });
      });

      test('what zmint wrote reads back, with its age', async () => {
        await homes.writeRepo(home, sampleRepo('a'));
        const repo = await homes.readRepo(home);
        expect(repo.certificates.map(({ name: file }) => file)).toEqual(['server.cer']);
        expect(text(repo.key?.bytes)).toBe('der a');
        expect(text(repo.caCert?.bytes)).toBe('trust a');
        expect(repo.key?.ageMs).toBeGreaterThanOrEqual(0);
        expect(repo.key?.ageMs).toBeLessThan(60_000);
      });

      test('writing again replaces, and what is not given stays', async () => {
        await homes.writeRepo(home, sampleRepo('a'));
        await homes.writeRepo(home, { 'ca.cert': bytes('wider trust') });
        const repo = await homes.readRepo(home);
        expect(text(repo.caCert?.bytes)).toBe('wider trust');
        expect(text(repo.key?.bytes)).toBe('der a');
      });

      test('a person’s certificate is seen under each of six endings, others are not', async () => {
        const endings = ['cer', 'cert', 'crt', 'der', 'p7b', 'pem'];
        for (const ending of [...endings, 'txt']) subject.place(`server.${ending}`, bytes(ending));
        const { certificates } = await homes.readRepo(home);
        expect(certificates.map((file) => [file.name, text(file.bytes)])).toEqual(
          endings.map((ending) => [`server.${ending}`, ending]),
        );
      });

      test('clearing takes what is unchanged and leaves a person’s files', async () => {
        await homes.writeRepo(home, sampleRepo('a'));
        subject.place('server.pem', bytes('mine'));
        await homes.clearRepo(home, {
          'server.cer': digest('certificate a'),
          'key.der': digest('another key'),
          'server.pem': digest('not mine'),
          'server.crt': digest('never there'),
        });
        const repo = await homes.readRepo(home);
        expect(repo.certificates.map(({ name: file }) => file)).toEqual(['server.pem']);
        expect(text(repo.key?.bytes)).toBe('der a');
      });
    });
  });
}

function digest(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function text(content: Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : new TextDecoder().decode(content);
}

function texts(files: SetFiles | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(files ?? {}).map(([name, content]) => [name, text(content as Uint8Array)]),
  );
}
