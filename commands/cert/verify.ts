import { ZmintError } from '../../src/errors.js';
import type { VerifyReport, VerifyRequest } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { moment, text, wholeNumber } from '../cli/parsers.js';
import { filePassphrases, wipe } from './file-passphrases.js';
import { expectedName, objectIdentifier, purpose } from './path-parsers.js';
import { verificationJson } from './verify-json.js';
import { renderVerification } from './verify-view.js';

const STATUSES: Readonly<Record<VerifyReport['verdict'], number>> = {
  valid: 0,
  invalid: 22,
  'invalid-then': 23,
};

/** `zmint cert verify FILE --trust FILE…`. */
export const certVerify = defineCommand({
  name: 'cert verify',
  summary: 'check a certificate and its chain',
  description:
    'Looks for a path from the certificate in FILE to one in a --trust file and judges it by RFC 5280: signatures, dates, names, key usages, name constraints, policies, and revocation when there are CRLs. Certificates behind the first one in FILE and in --untrusted files may stand between. Files may be PEM, DER, PKCS#7, PKCS#12 or Java keystores; content decides. Every problem of the most promising path is printed. With --name or --eku the rules for servers apply, which are stricter.',
  arguments: {
    file: {
      kind: 'required',
      value: 'FILE',
      summary: 'the certificate, or its chain',
      parse: text,
    },
  },
  options: {
    untrusted: {
      kind: 'list',
      flag: '--untrusted',
      value: 'FILE',
      summary: 'certificates that may stand between',
      parse: text,
    },
    trust: {
      kind: 'list',
      flag: '--trust',
      value: 'FILE',
      summary: 'certificates that are trusted; at least one',
      parse: text,
    },
    crl: {
      kind: 'list',
      flag: '--crl',
      value: 'FILE',
      summary: 'revocation lists; every certificate of the path must then be shown good',
      parse: text,
    },
    at: {
      kind: 'value',
      flag: '--at',
      value: 'WHEN',
      summary: 'the instant to judge at instead of now',
      parse: moment,
    },
    name: {
      kind: 'value',
      flag: '--name',
      value: 'NAME',
      summary: 'a DNS name, IP or e-mail address that the certificate must be for',
      parse: expectedName,
    },
    eku: {
      kind: 'value',
      flag: '--eku',
      value: 'PURPOSE',
      summary: 'what it must be good for: serverAuth, clientAuth, … or an object identifier',
      parse: purpose,
    },
    policy: {
      kind: 'list',
      flag: '--policy',
      value: 'OID',
      summary: 'an acceptable certificate policy; any when left out',
      parse: objectIdentifier,
    },
    explicitPolicy: {
      kind: 'flag',
      flag: '--explicit-policy',
      summary: 'a path without an acceptable policy is not valid',
    },
    inhibitMapping: {
      kind: 'flag',
      flag: '--inhibit-mapping',
      summary: 'policy mappings do not count',
    },
    inhibitAny: { kind: 'flag', flag: '--inhibit-any', summary: 'anyPolicy does not count' },
    maxDepth: {
      kind: 'value',
      flag: '--max-depth',
      value: 'N',
      summary: 'how many certificates may stand between; 10 when left out',
      parse: wholeNumber(0, 100),
    },
    tolerant: {
      kind: 'flag',
      flag: '--tolerant',
      summary: 'forgive what RFC 5280 asks of CAs and validation itself does not need',
    },
  },
  changes: false,
  statuses: ['wrong-passphrase', 'unreadable', 'chain-untrusted', 'not-valid-then'],
  examples: [
    {
      line: 'zmint cert verify server.cer --trust ca.cert --name web1.example.com --eku serverAuth',
      shows: 'whether a client that trusts the CA would take the certificate',
    },
    {
      line: 'zmint cert verify server.cer --trust ca.cert --at 2027-03-01T22:00:00Z --json',
      shows: 'the same for another day, for a script',
    },
  ],
  async run(session, input) {
    const { verifyCertificate } = await import('../../src/index.js');
    if (input.trust.length === 0) {
      throw new ZmintError('usage', 'nothing is trusted, so nothing can be valid', {
        hint: 'name a file with the root: --trust FILE',
      });
    }
    const passphrases = await filePassphrases(session, []);
    const read = async (name: string): Promise<File> => ({
      name,
      bytes: await session.readFile(name),
      passphrases,
    });
    try {
      const report = await verifyCertificate(await session.formats(), {
        file: await read(input.file),
        untrusted: await each(input.untrusted, read),
        trust: await each(input.trust, read),
        crls: await each(input.crl, read),
        at: input.at ?? session.now,
        name: input.name,
        eku: input.eku,
        policy: {
          initialPolicySet: input.policy,
          explicit: input.explicitPolicy,
          inhibitMapping: input.inhibitMapping,
          inhibitAny: input.inhibitAny,
        },
        maxDepth: input.maxDepth,
        profile: input.tolerant ? 'tolerant' : undefined,
      });
      return {
        json: () => verificationJson(report),
        text: () => renderVerification(report, session.terminal),
        status: STATUSES[report.verdict],
        diagnostics: report.notes.map((note) => `zmint: passed over ${escapeText(note)}`),
      };
    } finally {
      wipe(passphrases);
    }
  },
});

type File = VerifyRequest['file'];

async function each(
  names: readonly string[],
  read: (name: string) => Promise<File>,
): Promise<readonly File[]> {
  const files: File[] = [];
  for (const name of names) files.push(await read(name));
  return files;
}
