import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  executeAddAnchors,
  planAddAnchors,
  type AddAnchorsPlan,
} from '../../src/operations/add-anchors.js';
import { listAnchors } from '../../src/operations/list-anchors.js';
import { executeRemoveAnchors, planRemoveAnchors } from '../../src/operations/remove-anchors.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { DAY } from '../../src/zone/instant.js';
import { SERVER_AUTH, type TestIdentity } from '../support/issue-for-test.js';
import { itemsOf, partnerRoot, pemOf } from '../support/partner-root.js';
import {
  caExtensions,
  constraintsOf,
  namesOf,
  purposesOf,
  signedCertificate,
  usageOf,
} from '../support/signed-certificate.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

let fresh = '';
let partner: TestIdentity;
let other: TestIdentity;
let home = '';
let ctx: OperationContext;

beforeAll(async () => {
  fresh = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: fresh, now: NOON }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
  partner = await partnerRoot();
  other = await partnerRoot('Other Root');
});

beforeEach(async () => {
  home = join(temporaryFolder(), 'zone');
  cpSync(fresh, home, { recursive: true, verbatimSymlinks: true });
  ctx = await openTestZone({ zoneHome: home, now: NOON });
});
afterEach(() => {
  ctx.store.close();
});

/** The error that it ends with; undefined when it does not. */
async function refusalOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

interface Wish {
  readonly alias?: string;
  readonly replace?: boolean;
}

function planned(certificates: readonly Certificate[], wish: Wish = {}): Promise<AddAnchorsPlan> {
  const { alias, replace = false } = wish;
  const request = { items: itemsOf(...certificates), where: 'file.pem', alias, replace };
  return planAddAnchors(ctx, request, NOON);
}

async function add(certificates: readonly Certificate[], wish: Wish = {}): Promise<void> {
  await executeAddAnchors(ctx, await planned(certificates, wish));
}

async function aliases(): Promise<readonly string[]> {
  return (await ctx.store.anchors()).map(({ alias }) => alias);
}

function published(): string {
  return readFileSync(join(home, 'truststore/cacerts.pem'), 'utf8');
}

function trustOf(name: string): readonly string[] {
  return checkHome(join(home, 'servers', name), new Date(NOON * 1000)).trust;
}

/** A server certificate of the partner, in the remint-repo of web1. */
async function placePartnerSet(): Promise<void> {
  const leaf = await signedCertificate({
    name: 'web1.example.com',
    issuer: partner,
    extensions: [
      constraintsOf(false),
      usageOf('digitalSignature'),
      purposesOf(SERVER_AUTH),
      namesOf([2, 'web1.example.com']),
    ],
  });
  const repo = join(home, 'servers/web1/remint-repo');
  writeFileSync(join(repo, 'server.cer'), pemOf(leaf.certificate), { mode: 0o600 });
  writeFileSync(join(repo, 'key.der'), leaf.pair.pkcs8, { mode: 0o600 });
}

describe('adding a root', () => {
  test('it is recorded and published, and members wait for their next set', async () => {
    const plan = await planned([partner.certificate], { alias: 'partner' });
    expect(plan.waiting.map(({ name }) => name)).toEqual(['ca1', 'web1']);
    expect(plan.next).toBe('zmint ssl remint --all');
    await executeAddAnchors(ctx, plan);
    expect(await aliases()).toEqual(['partner', 'zone-ca-g1']);
    expect(published()).toContain(pemOf(partner.certificate));
    expect(trustOf('web1')).toHaveLength(1);
    expect(await ctx.store.damage()).toEqual([]);
    await remint(ctx, { all: true });
    expect(trustOf('web1')).toContain(ctx.digest.sha256(partner.certificate.der));
    const [row] = await listAnchors(ctx, 'web1', NOON);
    expect(row).toMatchObject({ anchor: { alias: 'partner' }, holding: 2, members: 2, held: true });
  });

  test('the same certificate again changes nothing, whatever the alias', async () => {
    await add([partner.certificate], { alias: 'partner' });
    const plan = await planned([partner.certificate], { alias: 'friend' });
    expect(plan).toMatchObject({ add: [], known: [{ alias: 'partner' }], stale: false });
  });

  test('an alias stays with its root unless it is to be replaced', async () => {
    await add([partner.certificate], { alias: 'Partner' });
    const refused = await refusalOf(() => planned([other.certificate], { alias: 'partner' }));
    expect(refused).toMatchObject({ code: 'policy', details: { aliases: ['Partner'] } });
    await add([other.certificate], { alias: 'partner', replace: true });
    expect(await aliases()).toEqual(['partner', 'zone-ca-g1']);
    expect(published()).not.toContain(pemOf(partner.certificate));
    expect(published()).toContain(pemOf(other.certificate));
  });

  test('roots of one name get aliases of their own', async () => {
    const twin = await partnerRoot();
    await add([partner.certificate, twin.certificate, partner.certificate]);
    expect(await aliases()).toEqual(['partner-root', 'partner-root-2', 'zone-ca-g1']);
    const both = await refusalOf(() =>
      planned([other.certificate, twin.certificate], { alias: 'x' }),
    );
    expect(both).toBeUndefined();
  });

  test('what is no root is left out and told; without any root it is refused', async () => {
    const below = await signedCertificate({
      name: 'Issuing CA',
      issuer: partner,
      extensions: caExtensions(),
    });
    const plan = await planned([below.certificate, partner.certificate]);
    expect(plan.add).toHaveLength(1);
    expect(plan.leftOut).toEqual([
      'CN=Issuing CA: not a root, but issued by CN=Partner Root; servers send it',
    ]);
    const alone = await refusalOf(() => planned([below.certificate]));
    expect(alone).toMatchObject({ code: 'policy' });
    const server = await signedCertificate({
      name: 'self.example.com',
      issuer: null,
      extensions: [constraintsOf(false)],
    });
    const selfSigned = await refusalOf(() => planned([server.certificate]));
    expect(selfSigned).toMatchObject({
      message: expect.stringContaining('self-signed, but no CA'),
    });
  });

  test('a root that only claims to have signed itself is none', async () => {
    const forged = await signedCertificate({
      name: 'Partner Root',
      issuer: partner,
      extensions: caExtensions(),
    });
    expect(await refusalOf(() => planned([forged.certificate]))).toMatchObject({
      code: 'policy',
      message: expect.stringContaining('its own key has not signed it'),
    });
  });

  test('an expired root is refused', async () => {
    const old = await partnerRoot('Old Root', NOON - DAY);
    expect(await refusalOf(() => planned([old.certificate]))).toMatchObject({
      code: 'not-valid-then',
    });
    const plan = await planned([old.certificate, partner.certificate]);
    expect(plan.add.map(({ alias }) => alias)).toEqual(['partner-root']);
    expect(plan.leftOut).toEqual([expect.stringMatching(/^CN=Old Root: expired /u)]);
  });
});

describe('added roots live on by themselves', () => {
  test('through a remint of the CA and the end of the old one', async () => {
    await add([partner.certificate], { alias: 'partner' });
    await remint(ctx, { ca: true });
    await executeRetire(ctx, await planRetire(ctx, NOON));
    expect(await aliases()).toEqual(['partner', 'zone-ca-g2']);
    for (const name of ['ca1', 'web1']) {
      expect(trustOf(name)).toContain(ctx.digest.sha256(partner.certificate.der));
    }
    expect(published()).toContain(pemOf(partner.certificate));
  });
});

describe('removing a root (I-15)', () => {
  test('by alias in any case, or by the beginning of its fingerprint', async () => {
    await add([partner.certificate, other.certificate]);
    const print = ctx.digest.sha256(other.certificate.der);
    const plan = await planRemoveAnchors(ctx, ['PARTNER-ROOT', print.slice(0, 12)], NOON);
    await executeRemoveAnchors(ctx, plan);
    expect(await aliases()).toEqual(['zone-ca-g1']);
    expect(published()).not.toContain(pemOf(other.certificate));
    const gone = await refusalOf(() => planRemoveAnchors(ctx, ['partner-root'], NOON));
    expect(gone).toMatchObject({ code: 'not-found' });
    await add([partner.certificate]);
    expect(await aliases()).toEqual(['partner-root', 'zone-ca-g1']);
  });

  test('never that of the zone itself', async () => {
    const own = await refusalOf(() => planRemoveAnchors(ctx, ['zone-ca-g1'], NOON));
    expect(own).toMatchObject({ code: 'policy' });
  });

  test('not while the certificate of a server needs it, nor may another take its alias', async () => {
    await add([partner.certificate, other.certificate]);
    await placePartnerSet();
    await remint(ctx, { servers: ['web1'] });
    expect(checkHome(join(home, 'servers/web1'), new Date(NOON * 1000)).chain).toEqual([]);
    const needed = await refusalOf(() => planRemoveAnchors(ctx, ['partner-root'], NOON));
    expect(needed).toMatchObject({ code: 'policy', details: { servers: ['web1'] } });
    const third = await partnerRoot('Third Root');
    const replaced = await refusalOf(() =>
      planned([third.certificate], { alias: 'partner-root', replace: true }),
    );
    expect(replaced).toMatchObject({ code: 'policy', details: { servers: ['web1'] } });
    await executeRemoveAnchors(ctx, await planRemoveAnchors(ctx, ['other-root'], NOON));
    await remint(ctx, { servers: ['web1'] });
    await executeRemoveAnchors(ctx, await planRemoveAnchors(ctx, ['partner-root'], NOON));
    expect(await aliases()).toEqual(['zone-ca-g1']);
  });
});
