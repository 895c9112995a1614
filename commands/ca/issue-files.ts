import { ZmintError } from '../../src/errors.js';
import type { IssueOutlet, IssuePlan, IssueReport, WaitingIssue } from '../../src/index.js';
import { outPassphrase } from '../cert/out-passphrase.js';
import type { Session } from '../cli/session.js';
import type { IssueInput } from './issue-options.js';
import { readClaim, renderClaim } from './issue-claim.js';
import { issuePlace, type IssuePlace } from './issue-place.js';
import { readUnfinishedKey, type UnfinishedKey } from './unfinished-key.js';

/** The files of an issued certificate: where they go, and how they are written. */
export interface IssueFiles {
  /** What a run which died has left there; null: nothing. */
  readonly waiting: WaitingIssue | null;
  /**
   * Throws `policy` for a file that is there without --force, unless it is what would be written: the
   * roots, or the certificate of a run that died, which the plan takes up.
   */
  readonly refuseOthers: (plan: IssuePlan) => Promise<void>;
  /** What must be there before the certificate exists, durable and read back. Throws `storage`. */
  readonly outlet: IssueOutlet;
  /**
   * The rest; the file with the key, or else the certificate, gets its name last, so that a run which
   * dies can be taken up. Returns all paths that were written.
   */
  readonly write: (report: IssueReport) => Promise<readonly string[]>;
  /** Wipes passphrase and key. */
  readonly forget: () => void;
}

interface KeyForms {
  readonly pkcs8: Uint8Array;
  readonly pem: Uint8Array;
}

type Wanted = Pick<IssueInput, 'out' | 'csr' | 'p12' | 'force' | 'outPassphraseFile' | 'name'> & {
  /** The public key (SPKI, DER) of the request; null: there is none. */
  readonly spki: Uint8Array | null;
};

/**
 * Asks for the passphrase of a PKCS#12 file, looks for what a run that died has left, and gives what
 * writes the files. Throws `usage`, what reading a passphrase throws, and what `readUnfinishedKey`
 * throws.
 */
export async function issueFiles(session: Session, input: Wanted): Promise<IssueFiles> {
  const place = await issuePlace(session, input);
  // Before anything is asked.
  if (!input.force) await refuseExisting(session, place.secret?.path);
  const passphrase = input.p12 && !session.dryRun ? await pfxPassphrase(session, input) : null;
  const unfinished = await findUnfinished(session, place, passphrase);
  const alias = input.name ?? '';
  return {
    waiting: await findWaiting(session, place, { spki: input.spki, unfinished }),
    refuseOthers: (plan) => refuseOthers(session, place, { plan, force: input.force }),
    outlet: {
      keep: (key) => keepKey(session, place, { ...key, passphrase }),
      claim: async (spkiSha256, at) => {
        if (place.claim !== undefined)
          await session.writeFile(place.claim, renderClaim({ spkiSha256, at }));
      },
    },
    write: (report) => {
      const pkcs8 = report.pkcs8 ?? unfinished?.pkcs8 ?? null;
      return writeRest(session, place, { ...report, pkcs8, alias, passphrase });
    },
    forget: () => {
      passphrase?.fill(0);
      unfinished?.pkcs8.fill(0);
    },
  };
}

/** A plan alone does not ask for the passphrase that would open what was left. */
async function findUnfinished(
  session: Session,
  { secret }: IssuePlace,
  passphrase: Uint8Array | null,
): Promise<UnfinishedKey | null> {
  if (secret === undefined || (secret.form === 'pfx' && passphrase === null)) return null;
  return readUnfinishedKey(session, secret.partial, passphrase);
}

async function findWaiting(
  session: Session,
  { claim }: IssuePlace,
  { spki, unfinished }: Pick<Wanted, 'spki'> & { readonly unfinished: UnfinishedKey | null },
): Promise<WaitingIssue | null> {
  if (spki !== null) {
    const left = claim === undefined ? null : await readClaim(session, claim);
    return left === null ? null : { spki, left };
  }
  if (unfinished === null) return null;
  const { digest } = await session.formats();
  // The key was made for the one certificate that it waits for.
  const left = { spkiSha256: digest.sha256(unfinished.spki), at: null };
  return { spki: unfinished.spki, left };
}

async function refuseOthers(
  session: Session,
  { certificate, trust }: IssuePlace,
  { plan, force }: { readonly plan: IssuePlan; readonly force: boolean },
): Promise<void> {
  if (force) return;
  await refuseOther(session, certificate, plan.recorded?.certificate);
  await refuseOther(session, trust, plan.roots);
}

async function refuseOther(
  session: Session,
  path: string | undefined,
  wanted: string | undefined,
): Promise<void> {
  if (wanted === undefined || !(await holds(session, path, utf8(wanted))))
    await refuseExisting(session, path);
}

async function holds(
  session: Session,
  path: string | undefined,
  bytes: Uint8Array,
): Promise<boolean> {
  if (path === undefined || !(await session.exists(path))) return false;
  return isSame(await session.readFile(path), bytes);
}

async function refuseExisting(session: Session, path: string | undefined): Promise<void> {
  if (path === undefined || !(await session.exists(path))) return;
  throw new ZmintError('policy', `${path} is there already`, {
    hint: 'choose another --out, or add --force to replace it',
  });
}

async function keepKey(
  session: Session,
  { secret }: IssuePlace,
  key: KeyForms & { readonly passphrase: Uint8Array | null },
): Promise<void> {
  if (secret === undefined) return;
  const bytes = secret.form === 'pem' ? key.pem : await lockedKey(session, key);
  await session.writeFile(secret.partial, bytes, 'secret');
  const read = await session.readFile(secret.partial);
  const same = isSame(read, bytes);
  read.fill(0);
  if (!same) throw new ZmintError('storage', `${secret.partial} does not read back as written`);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}

async function lockedKey(
  session: Session,
  { pkcs8, passphrase }: KeyForms & { readonly passphrase: Uint8Array | null },
): Promise<Uint8Array> {
  const { keyPem } = await import('../../src/index.js');
  return keyPem(await session.formats(), pkcs8, passphrase);
}

interface Whole extends IssueReport {
  readonly alias: string;
  readonly passphrase: Uint8Array | null;
}

async function writeRest(
  session: Session,
  { secret, certificate, claim, trust }: IssuePlace,
  report: Whole,
): Promise<readonly string[]> {
  if (trust !== undefined) await session.writeFile(trust, utf8(report.roots));
  if (certificate !== undefined) {
    await session.writeFile(claim ?? certificate, utf8(report.certificate));
    if (claim !== undefined) await session.renameFile(claim, certificate);
  }
  if (secret?.form === 'pfx') {
    const { issuedPfx } = await import('../../src/index.js');
    const pfx = await issuedPfx(await session.formats(), report, report);
    await session.writeFile(secret.partial, pfx, 'secret');
  }
  if (secret !== undefined) await session.renameFile(secret.partial, secret.path);
  return [secret?.path, certificate, trust].filter((path) => path !== undefined);
}

async function pfxPassphrase(session: Session, input: Wanted): Promise<Uint8Array | null> {
  const facts = { isStore: true, hasKeys: true, wasEncrypted: true, none: false };
  return outPassphrase(session, { ...facts, file: input.outPassphraseFile });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
