import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { makeExternalCa } from '../support/external-ca.js';
import {
  SUBORDINATE,
  subordinateWorld,
  type SubordinateWorld,
} from '../support/subordinate-world.js';

const WITHOUT = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';

describe('a CA that the company lets sign no CRLs', () => {
  let world: SubordinateWorld;
  const company = makeExternalCa();

  beforeAll(async () => {
    world = await subordinateWorld(company);
    await world.at.given([`zmint ssl import ${world.signed({ extensions: WITHOUT })} --yes`]);
  });

  test.each(['zmint ca crl --yes', 'zmint ca revoke web1 --reason superseded --yes'])(
    '%s is refused, since nobody would take the list',
    async (line) => {
      const { status, err } = await expectUnchanged(world.at, line);
      expect({ status, err }).toMatchObject({
        status: 24,
        err: /CN=Example may not sign CRLs by its key usage/u,
      });
    },
  );

  test('its successor that may signs them, and leaves it out', async () => {
    await world.at.given(['zmint ssl remint --ca --yes']);
    const file = world.signed({ extensions: SUBORDINATE });
    await world.at.given([`zmint ssl import ${file} --no-backup-check --yes`]);
    const { json } = await world.at.run('zmint ca crl --yes --json');
    expect(json()).toMatchObject({ crls: [{ generation: 2 }], keyless: [1] });
    await world.at.given(['zmint ssl retire --yes']);
  });
});
