import type { ReadContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';

/** The files that zmint puts into a remint-repo for a set, with their SHA-256. */
export function renderedFiles(ctx: ReadContext, files: SetFiles): Readonly<Record<string, string>> {
  const rendered: Record<string, string> = {};
  for (const name of ['server.cer', 'key.der', 'ca.cert'] as const) {
    const bytes = files[name];
    if (bytes !== undefined) rendered[name] = ctx.digest.sha256(bytes);
  }
  return rendered;
}
