import {
  chmodSync,
  chownSync,
  linkSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { FileKeyVault } from '../../../src/adapters/fs/key-vault.js';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { FileZoneFolder } from '../../../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { sampleRepo, sampleSet } from '../../contracts/member-homes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { freshZone } from './fresh-zone.js';
import { makePipe } from './make-pipe.js';

const fs = createNodeZoneFs();
const NOBODY = 65_534;

/** Where a zone stands, and a folder that is none of its. */
export interface Scene {
  readonly parent: string;
  readonly zone: string;
  readonly home: string;
  readonly elsewhere: string;
}

/** A zone with a member that has a live set, a spare one and a repo. */
export async function scene(): Promise<Scene> {
  const parent = temporaryFolder();
  const { zoneHome, home } = freshZone(parent);
  const homes = new FileMemberHomes(fs, zoneHome);
  await homes.prepare(home);
  for (const number of [1, 2]) await homes.writeSet(home, number, sampleSet(String(number)));
  await homes.switchLive(home, 1);
  await homes.writeRepo(home, sampleRepo('a'));
  await new FileZoneFolder(fs, zoneHome).publishTrust(new Uint8Array([1]));
  const elsewhere = join(parent, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  return { parent, zone: zoneHome, home, elsewhere };
}

/** Moves a folder away and leaves a link to it. */
function linkInstead(path: string, scene: Scene): void {
  renameSync(path, join(scene.elsewhere, 'moved'));
  symlinkSync(join(scene.elsewhere, 'moved'), path);
}

function fileInstead(path: string): void {
  rmSync(path, { recursive: true });
  writeFileSync(path, 'x', { mode: 0o600 });
}

type Act = (scene: Scene) => Promise<unknown>;

const homesOf = ({ zone }: Scene): FileMemberHomes => new FileMemberHomes(fs, zone);
/** Everything that touches files, by name. */
export const acts: Readonly<Record<string, Act>> = {
  prepare: (s) => homesOf(s).prepare(s.home),
  observe: (s) => homesOf(s).observe(s.home),
  readSet: (s) => homesOf(s).readSet(s.home, 2),
  writeSet: (s) => homesOf(s).writeSet(s.home, 2, sampleSet('b')),
  switchLive: (s) => homesOf(s).switchLive(s.home, 2),
  unlinkLive: (s) => homesOf(s).unlinkLive(s.home),
  removeSet: (s) => homesOf(s).removeSet(s.home, 2),
  readRepo: (s) => homesOf(s).readRepo(s.home),
  writeRepo: (s) => homesOf(s).writeRepo(s.home, sampleRepo('b')),
  publishTrust: (s) => new FileZoneFolder(fs, s.zone).publishTrust(new Uint8Array([2])),
  listKeys: (s) => new FileKeyVault({ fs, zoneHome: s.zone, keys: createNodeKeys() }).list(s.home),
};
const onSets = ['observe', 'readSet', 'writeSet', 'switchLive', 'removeSet'];
const onSecurity = [...onSets, 'prepare', 'unlinkLive'];
const onHome = [...onSecurity, 'readRepo', 'writeRepo', 'listKeys'];
const onZone = [...onHome, 'publishTrust'];

/** A situation, who must refuse it, and the hint that they give. */
export interface Hostile {
  readonly what: string;
  readonly arrange: (scene: Scene) => void;
  readonly refused: readonly string[];
  readonly hint: string;
  readonly needsRoot?: boolean;
}

const generation = (s: Scene): string => join(s.home, 'security', 'generations', '2');
export const hostile: readonly Hostile[] = [
  {
    what: 'an ancestor that the group can write to',
    arrange: (s) => {
      chmodSync(s.parent, 0o770);
    },
    refused: onZone,
    hint: 'chmod go-w',
  },
  {
    what: 'an ancestor that everybody can write to',
    arrange: (s) => {
      chmodSync(s.parent, 0o707);
    },
    refused: onZone,
    hint: 'chmod go-w',
  },
  {
    what: 'a zone home that everybody can write to, though it is sticky',
    arrange: (s) => {
      chmodSync(s.zone, 0o1777);
    },
    refused: onZone,
    hint: 'chmod go-w',
  },
  ...[
    'servers',
    'servers/web1',
    'servers/web1/security',
    'servers/web1/security/generations',
  ].flatMap((path): Hostile[] => {
    const refused = path.endsWith('generations')
      ? onSets
      : path.endsWith('security')
        ? onSecurity
        : onHome;
    return [
      {
        what: `a link for ${path}`,
        arrange: (s) => {
          linkInstead(join(s.zone, path), s);
        },
        refused,
        hint: 'ls -ld',
      },
      {
        what: `a file for ${path}`,
        arrange: (s) => {
          fileInstead(join(s.zone, path));
        },
        refused,
        hint: 'ls -ld',
      },
      {
        what: `${path} open to the group`,
        arrange: (s) => {
          chmodSync(join(s.zone, path), 0o770);
        },
        refused,
        hint: 'chmod go-w',
      },
      {
        what: `${path} of another user`,
        arrange: (s) => {
          chownSync(join(s.zone, path), NOBODY, NOBODY);
        },
        refused,
        hint: 'chown',
        needsRoot: true,
      },
    ];
  }),
  {
    what: 'a link for a generation',
    arrange: (s) => {
      linkInstead(generation(s), s);
    },
    refused: onSets,
    hint: 'ls -ld',
  },
  {
    what: 'a link for the repo',
    arrange: (s) => {
      linkInstead(join(s.home, 'remint-repo'), s);
    },
    refused: ['prepare', 'readRepo', 'writeRepo'],
    hint: 'ls -ld',
  },
  {
    what: 'a link for the folder of the trust store',
    arrange: (s) => {
      linkInstead(join(s.zone, 'truststore'), s);
    },
    refused: ['publishTrust'],
    hint: 'ls -ld',
  },
  {
    what: 'a link for the trust store',
    arrange: (s) => {
      linkInstead(join(s.zone, 'truststore', 'cacerts.pem'), s);
    },
    refused: ['publishTrust'],
    hint: 'ls -ld',
  },
  {
    what: 'a link for a file of a set',
    arrange: (s) => {
      linkInstead(join(generation(s), 'server.cer'), s);
    },
    refused: ['readSet'],
    hint: 'ls -ld',
  },
  {
    what: 'a key that others can read',
    arrange: (s) => {
      chmodSync(join(generation(s), 'key.der'), 0o640);
    },
    refused: ['readSet'],
    hint: 'chmod 600',
  },
  {
    what: 'a key with a second name',
    arrange: (s) => {
      linkSync(join(generation(s), 'key.pem'), join(s.elsewhere, 'mine'));
    },
    refused: ['readSet'],
    hint: 'ls -li',
  },
  {
    what: 'a key of another user',
    arrange: (s) => {
      chownSync(join(generation(s), 'key.pem'), NOBODY, NOBODY);
    },
    refused: ['readSet'],
    hint: 'chown',
    needsRoot: true,
  },
  {
    what: 'a certificate that others can write',
    arrange: (s) => {
      chmodSync(join(generation(s), 'server.cer'), 0o666);
    },
    refused: ['readSet'],
    hint: 'chmod go-w',
  },
  {
    what: 'a link for a key in the repo',
    arrange: (s) => {
      linkInstead(join(s.home, 'remint-repo', 'key.der'), s);
    },
    refused: ['readRepo', 'writeRepo'],
    hint: 'ls -ld',
  },
  {
    what: 'a key in the repo that others can read',
    arrange: (s) => {
      chmodSync(join(s.home, 'remint-repo', 'key.der'), 0o644);
    },
    refused: ['readRepo'],
    hint: 'chmod 600',
  },
  {
    what: 'a named pipe in the repo',
    arrange: (s) => {
      rmSync(join(s.home, 'remint-repo', 'ca.cert'));
      makePipe(join(s.home, 'remint-repo', 'ca.cert'));
    },
    refused: ['readRepo', 'writeRepo'],
    hint: '',
  },
  ...[
    '../../../elsewhere',
    '/etc',
    'generations/01',
    'generations/1/',
    './generations/1',
    'generations/..',
    'generations/1\n',
  ].map((target): Hostile => ({
    what: `live pointing to ${JSON.stringify(target)}`,
    arrange: (s) => {
      rmSync(join(s.home, 'security', 'live'));
      symlinkSync(target, join(s.home, 'security', 'live'));
    },
    refused: ['observe', 'writeSet', 'switchLive', 'unlinkLive', 'removeSet'],
    hint: 'zmint ssl resume',
  })),
  {
    what: 'a folder for live',
    arrange: (s) => {
      rmSync(join(s.home, 'security', 'live'));
      mkdirSync(join(s.home, 'security', 'live'), { mode: 0o700 });
    },
    refused: ['observe', 'writeSet', 'switchLive', 'unlinkLive', 'removeSet'],
    hint: 'zmint ssl resume',
  },
  {
    what: 'a live link of another user',
    arrange: (s) => {
      lchownSync(join(s.home, 'security', 'live'), NOBODY, NOBODY);
    },
    refused: ['observe', 'writeSet', 'switchLive', 'unlinkLive', 'removeSet'],
    hint: 'zmint ssl resume',
    needsRoot: true,
  },
];
