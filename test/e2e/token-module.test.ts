import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeToken, pkcs11Tool, softhsmFolder, softhsmModule } from '../support/softhsm.js';
import { FIRST, makeWorld, PIN, run, sign, type SofthsmWorld } from '../support/softhsm-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool } from '../support/tools.js';

const hasTools = ['softhsm2-util', 'pkcs11-tool'].map(requireTool).every(Boolean);

let world: SofthsmWorld;
let before: string;
let moved: string;

/** What is recorded of the key, and how many events there are. */
async function recorded(): Promise<readonly [uri: string, events: string]> {
  const shown = JSON.parse((await run(world, ['ca', 'show', '--json'])).out) as {
    readonly keyUri: string;
  };
  return [shown.keyUri, (await run(world, ['event', 'list', '--json'])).out];
}

const change = (path: string): readonly string[] => ['ca', 'token', '--module-path', path, '--yes'];

(hasTools ? describe : describe.skip)('the module of a token that has moved', () => {
  beforeAll(async () => {
    world = makeWorld();
    before = join(dirname(world.pinFile), 'module.so');
    moved = join(dirname(world.pinFile), 'other place.so');
    copyFileSync(softhsmModule(), before);
    const uri = `pkcs11:token=zmint;object=ca?module-path=${before}`;
    await sign(world, 'init', '--name', 'Token', ...FIRST, '--key-uri', uri);
    renameSync(before, moved);
  }, 60_000);

  test('is told by doctor, with the command that mends it (I-26)', async () => {
    const { status, out } = await run(world, ['doctor']);
    expect(status).toBe(34);
    expect(out).toContain('zmint ca token --module-path FILE');
    const refused = await run(world, [
      'ssl',
      'remint',
      'ca1',
      '--pin-file',
      world.pinFile,
      '--yes',
    ]);
    expect(refused.status).toBe(34);
  });

  test('is not recorded unless it shows the same key, which signs a test', async () => {
    const was = await recorded();
    const noModule = join(dirname(world.pinFile), 'text.so');
    writeFileSync(noModule, 'no library\n');
    const wrong = join(dirname(world.pinFile), 'wrong');
    writeFileSync(wrong, '0000\n', { mode: 0o600 });
    const otherKey = temporaryFolder();
    const others = softhsmFolder(otherKey);
    makeToken(others, 'zmint', PIN);
    const pin = ['--pin-file', world.pinFile];
    const cases: readonly (readonly [words: readonly string[], environment: object, number])[] = [
      [[...change(noModule), ...pin], {}, 34],
      [[...change(moved), '--pin-file', wrong], {}, 12],
      [change(moved), {}, 2],
      [[...change(moved), ...pin], softhsmFolder(temporaryFolder()), 34],
      [[...change(moved), ...pin], others, 17],
      [[...change(moved), ...pin, '--dry-run'], {}, 0],
    ];
    for (const [words, environment, status] of cases) {
      const done = await run(world, words, environment as Record<string, string>);
      expect({ words, status: done.status, err: done.err }).toMatchObject({ words, status });
    }
    // The same label and id, and yet another key.
    const id = /id=([%0-9A-F]+)/u.exec(was[0])?.[1]?.replaceAll('%', '') ?? '';
    const words = ['--login', '--pin', PIN, '--keypairgen', '--key-type', 'EC:prime256v1'];
    pkcs11Tool(others, ...words, '--label', 'ca', '--id', id);
    expect((await run(world, [...change(moved), ...pin], others)).status).toBe(19);
    expect(await recorded()).toEqual(was);
  }, 60_000);

  test('is recorded with an event, and the CA signs on', async () => {
    const [was] = await recorded();
    const { out } = await sign(world, ...change(moved), '--json');
    const [is, events] = await recorded();
    expect(is).toBe(was.replace('/module.so', '/other%20place.so'));
    expect(JSON.parse(out)).toMatchObject({
      changed: [{ generation: 1, keyUri: is }],
      unchanged: [],
    });
    expect(events).toContain('token-module-changed');
    await sign(world, 'ssl', 'remint', 'ca1', '--yes');
    expect((await run(world, ['doctor'])).status).toBe(0);
    expect((await run(world, ['event', 'verify'])).status).toBe(0);
    const again = await run(world, change(moved));
    expect({ status: again.status, out: again.out }).toMatchObject({
      status: 0,
      out: /There is nothing to do/u,
    });
  }, 60_000);
});
