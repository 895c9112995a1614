import { ZmintError } from '../../src/errors.js';
import { defineCommand } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import { text, wholeNumber } from '../cli/parsers.js';
import { refuseReplacing } from '../refuse-replacing.js';
import { SMALL_ZONE } from '../ssl/given.js';

/** `zmint ca export`: the root, or the trust bundle, for others to trust. */
export const caExport = defineCommand({
  name: 'ca export',
  summary: "write the CA's certificate, or the trust bundle",
  description:
    'Writes the root certificate of the CA in use as PEM, to standard output or to a file, which may be there if it holds certificates and nothing else; of a subordinate CA that is the root above it. While a CA is being replaced, --bundle writes every root that the zone trusts. Certificates are public: nothing of this is secret.',
  arguments: {},
  options: {
    out: { kind: 'value', flag: '--out', value: 'FILE', summary: 'the file to write', parse: text },
    generation: {
      kind: 'value',
      flag: '--generation',
      value: 'N',
      summary: 'another generation than the one in use',
      parse: wholeNumber(1, 1_000_000),
    },
    der: { kind: 'flag', flag: '--der', summary: 'DER instead of PEM; needs --out' },
    bundle: { kind: 'flag', flag: '--bundle', summary: 'every root that the zone trusts' },
  },
  changes: false,
  statuses: [
    'no-zone',
    'operation-pending',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'policy',
    'storage',
  ],
  examples: [
    { line: 'zmint ca export', shows: 'the root on standard output', given: SMALL_ZONE },
    {
      line: 'zmint ca export --bundle --out zone-roots.pem',
      shows: 'a trust bundle for a client',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    refuseContradictions(input);
    if (input.out !== undefined) {
      await session.requirePlace(input.out, 'file');
      await refuseReplacing(session, input.out, input.der ? 'certificate-der' : 'certificates');
    }
    const { exportAuthority } = await import('../../src/index.js');
    const form = input.bundle ? 'bundle' : input.der ? 'der' : 'pem';
    const request = { form, generation: input.generation ?? null } as const;
    const { bytes, fingerprints } = await exportAuthority(
      await session.open(),
      request,
      session.now,
    );
    const pem = input.der ? null : new TextDecoder().decode(bytes);
    const path = input.out === undefined ? null : session.absolute(input.out);
    const json = { form, fingerprints, out: path, pem };
    if (path === null) return { json, text: pem ?? '' };
    await session.writeFile(path, bytes);
    const what = counted(fingerprints.length, 'certificate');
    return { json, text: `Wrote ${what} to ${escapeText(path)}` };
  },
});

function refuseContradictions(input: {
  readonly out: string | undefined;
  readonly generation: number | undefined;
  readonly der: boolean;
  readonly bundle: boolean;
}): void {
  const contradiction = [
    [input.der && input.out === undefined, '--der writes no text: it needs --out FILE'],
    [input.der && input.bundle, 'a bundle is PEM: --der does not go with --bundle'],
    [input.bundle && input.generation !== undefined, '--generation does not go with --bundle'],
  ].find(([holds]) => holds);
  if (contradiction !== undefined) throw new ZmintError('usage', String(contradiction[1]));
}
