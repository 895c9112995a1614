import { renderAge, renderInstant, renderMoment, type ProvedBackup } from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';

/** What `ca backup verify` says of a backup that is sound. */
export function renderProvedBackup(
  session: Pick<Session, 'terminal' | 'offsetAt' | 'now'>,
  { path, manifest, sha256 }: Pick<ProvedBackup, 'manifest' | 'sha256'> & { readonly path: string },
): Outcome {
  const { zoneName, zoneId, madeAt, keys, head, server, custody } = manifest;
  const files = Object.keys(manifest.files).length;
  const generations = keys.map(({ generation }) => generation);
  const signed =
    keys.length === 0
      ? 'none: the CA is external'
      : `generation ${generations.join(', ')}, on ${server ?? 'no server'}; each has signed a test`;
  const fields: readonly (readonly [string, string])[] = [
    ['Zone', zoneName],
    ['Made', `${renderAge(madeAt, session.now)}, ${renderMoment(madeAt, session.offsetAt)}`],
    ['SHA-256', sha256],
    ['CA keys', signed],
    ['Holds', `${counted(files, 'file')}; the audit log up to event ${head.sequence}`],
  ];
  return {
    json: {
      verified: true,
      path,
      sha256,
      zone: { id: zoneId, name: zoneName, custody },
      madeAt: renderInstant(madeAt),
      generations,
      server,
      headSequence: head.sequence,
      files,
    },
    text: `The backup is verified: it is whole and can be restored.\n\n${wrapFields(fields, session.terminal.width)}`,
  };
}
