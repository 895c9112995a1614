import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld } from '../support/import-world.js';

/** An internal zone with two servers, and the chain of an external CA beside it. */
const INTERNAL: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
  'zmint server add web2 --dns web2.example.com --yes',
];
const CHANGE = 'zmint ca change --to external --chain chain.pem';

let ca: ExternalCa;

beforeAll(() => {
  ca = makeExternalCa();
});

describe('from an internal CA to an external one', () => {
  test('goes', async () => {
    const world = await importWorld(ca, INTERNAL);
    const show = async (line: string) => {
      const ran = await world.at.run(line);
      process.stderr.write(`$ ${line}\n${ran.out}${ran.err}[${ran.status}]\n`);
      return ran;
    };
    await show(`${CHANGE} --yes`);
    await show('zmint status');
    await show('zmint update readiness');
    await show('zmint doctor');
    await show('zmint ssl list');
    await show('zmint generate-csr --waiting --out .');
    world.signed('web1');
    world.signed('web2');
    await show('zmint ssl import web1.cer --yes');
    await show('zmint ssl resume');
    await show('zmint ssl import web2.cer --yes');
    await show('zmint doctor');
    await show('zmint ssl rollback --yes');
    await show('zmint ssl activate --yes');
    await show('zmint ssl retire --yes');
    await show('zmint ca list');
    await show('zmint doctor');
    await show('zmint ca change --to internal --server web2 --no-passphrase --yes');
    await show('zmint status');
    await show('zmint ssl retire --yes');
    await show('zmint doctor');
    await show('zmint ca list');
    await show('zmint ssl remint web1 --yes');
    expect(world.live('web1')).toBeDefined();
  }, 120_000);
});
