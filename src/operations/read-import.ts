import { ZmintError, type ErrorCode } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import type { ContainerItem } from '../x509/container.js';
import type { ImportFile } from './import-plan.js';
import { readContainer } from './read-container.js';

/** One thing in a file of an import. */
export interface Find {
  readonly file: string;
  readonly where: string;
  /** As a person typed it; null: it is not said whose it is. */
  readonly server: string | null;
  /** Undefined: the file could not be read. */
  readonly item: ContainerItem | undefined;
  readonly problem: FindProblem | undefined;
}

/** Why a thing cannot be used at all. */
export interface FindProblem {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint: string;
}

/** Everything in the files, in their order; what cannot be read or opened is a find with a problem. */
export async function readImport(
  ctx: Pick<FormatContext, 'containers'>,
  files: readonly ImportFile[],
): Promise<readonly Find[]> {
  const finds: Find[] = [];
  for (const file of files) finds.push(...(await readOne(ctx, file)));
  return finds;
}

async function readOne(
  ctx: Pick<FormatContext, 'containers'>,
  file: ImportFile,
): Promise<readonly Find[]> {
  const { name, server } = file;
  try {
    const { items } = await readContainer(ctx, { ...file, tolerant: true });
    return items.map((item) => ({
      file: name,
      where: items.length === 1 ? '' : item.where,
      server,
      item,
      problem: problemOf(item, name),
    }));
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const reason = withoutName(error.message, name);
    const problem = { code: error.code, reason, hint: error.hint ?? inspect(name) };
    return [{ file: name, where: '', server, item: undefined, problem }];
  }
}

function problemOf(item: ContainerItem, name: string): FindProblem | undefined {
  if (item.kind === 'damaged')
    return { code: 'unreadable', reason: item.reason, hint: inspect(name) };
  if (item.kind !== 'encrypted-key' && item.kind !== 'encrypted-part') return undefined;
  return {
    code: 'wrong-passphrase',
    reason: 'it is encrypted, and no passphrase opens it',
    hint: 'give its passphrase with --passphrase-file FILE',
  };
}

/** A find has the name of its file beside the reason. */
function withoutName(message: string, name: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}

function inspect(name: string): string {
  return `zmint cert inspect ${name}`;
}
