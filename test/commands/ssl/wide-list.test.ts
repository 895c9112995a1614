import { describe, expect, test } from '@jest/globals';
import { PLAIN } from '../../../commands/cli/style.js';
import { renderCertificates } from '../../../commands/ssl/certificate-pane-view.js';
import { renderServerLines } from '../../../commands/ssl/server-lines-view.js';
import { lineOfServer, type ServerCertificate } from '../../../src/index.js';
import { inBatches } from '../../support/gather.js';
import { certificate, member, operation, part } from '../../support/zone-rows.js';

const NOW = 1_795_262_400;

function row(changes: Partial<ServerCertificate> = {}): ServerCertificate {
  return {
    member: member(1),
    home: '/srv/web1',
    current: null,
    future: null,
    status: 'no-certificate',
    revoked: false,
    request: null,
    operation: null,
    part: null,
    live: null,
    waiting: null,
    ...changes,
  };
}

async function shown(
  rows: readonly ServerCertificate[],
  options: Parameters<typeof renderCertificates>[1],
): Promise<string> {
  const pieces =
    options.surface.width < 120
      ? renderServerLines(inBatches(rows.map(lineOfServer), 2), options)
      : renderCertificates(inBatches(rows, 2), options);
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function titles(
  width: number,
  rows: readonly ServerCertificate[],
): Promise<readonly string[]> {
  const surface = { width, style: PLAIN };
  const text = await shown(rows, { surface, offsetAt: () => 0, now: NOW });
  return (text.split('\n')[0] ?? '').split(/ {2,}/u);
}

describe('the list of certificates', () => {
  const updating = row({ operation: operation(1), part: part(1) });

  test('shows as many fields as there is room for', async () => {
    expect(await titles(80, [row()])).toEqual([
      ...['Issued to', 'Expires on', 'Certificate status', 'SHA-256'],
    ]);
    expect(await titles(80, [updating])).toEqual([
      ...['Issued to', 'Expires on', 'Certificate status', 'Update status'],
    ]);
    expect(await titles(200, [updating])).toEqual([
      ...['Issued to', 'Subject', 'Issued by', 'Valid from', 'Expires on', 'Certificate status'],
      ...['Update status', 'Options', 'Version', 'SHA-256'],
    ]);
  });

  test('escapes what comes from a certificate', async () => {
    const current = { ...certificate(1).record, subject: 'CN=\u001b[2J\u202eevil' };
    const surface = { width: 200, style: PLAIN };
    const options = { surface, offsetAt: () => 0, now: NOW };
    const text = await shown([row({ current, status: 'active' })], options);
    expect(text).toContain('CN=\\x1b[2J\\u202eevil');
  });
});
