import {
  renderAge,
  renderInstant,
  renderMoment,
  type ProvedBackup,
  type ProvedTokenKey,
} from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';

interface ShownBackup extends Pick<ProvedBackup, 'manifest' | 'sha256'> {
  readonly path: string;
  readonly inToken: readonly ProvedTokenKey[];
}

/** What `ca backup verify` says of a backup that is sound. */
export function renderProvedBackup(
  session: Pick<Session, 'terminal' | 'offsetAt' | 'now'>,
  { path, manifest, sha256, inToken }: ShownBackup,
): Outcome {
  const { zoneName, zoneId, madeAt, keys, head, server, custody } = manifest;
  const files = Object.keys(manifest.files).length;
  const generations = keys.map(({ generation }) => generation);
  const fields: readonly (readonly [string, string])[] = [
    ['Zone', zoneName],
    ['Made', `${renderAge(madeAt, session.now)}, ${renderMoment(madeAt, session.offsetAt)}`],
    ['SHA-256', sha256],
    ['CA keys', signedText(manifest)],
    ['In a token', inToken.map(tokenKeyText).join('; ')],
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
      inToken: inToken.map(({ generation, keyUri, unproved }) => ({
        generation,
        keyUri,
        proved: unproved === null,
        reason: unproved,
      })),
      server,
      headSequence: head.sequence,
      files,
    },
    text: `The backup is verified: it is whole and can be restored.\n\n${wrapFields(fields, session.terminal.width)}`,
  };
}

function signedText({ keys, server, custody }: ProvedBackup['manifest']): string {
  if (keys.length === 0) return custody === 'external' ? 'none: the CA is external' : 'none in it';
  const generations = keys.map(({ generation }) => generation).join(', ');
  return `generation ${generations}, on ${server ?? 'no server'}; each has signed a test`;
}

function tokenKeyText({ generation, unproved }: ProvedTokenKey): string {
  const came = unproved === null ? 'it has signed a test there' : `not proved: ${unproved}`;
  return `the key of generation ${generation}; ${came}`;
}
