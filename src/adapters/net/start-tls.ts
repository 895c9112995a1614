import type { Socket } from 'node:net';
import { ZmintError } from '../../errors.js';
import type { StartTls } from '../../zone/start-tls.js';
import { LineReader } from './line-reader.js';
import { probeFailure } from './probe-failure.js';

/** What both sides say until TLS may begin. Rejects when the server does not want to. */
type Opening = (talk: LineReader) => Promise<void>;

/** SSLRequest: length 8, code 80877103 (PostgreSQL, "Frontend/Backend Protocol"). */
const POSTGRES_REQUEST = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);
/** ExtendedRequest with 1.3.6.1.4.1.1466.20037, message 1 (RFC 4511 §4.14.1). */
const LDAP_REQUEST = Uint8Array.from([
  ...[0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16],
  ...new TextEncoder().encode('1.3.6.1.4.1.1466.20037'),
]);
const MOST_LDAP_OCTETS = 4096;

const OPENINGS: Readonly<Record<StartTls, Opening>> = {
  // RFC 3207 §4
  smtp: async (talk) => {
    await smtpReply(talk, '220');
    talk.write('EHLO zmint.invalid\r\n');
    const offered = await smtpReply(talk, '250');
    if (!offered.some((line) => /^250[ -]STARTTLS\s*$/iu.test(line))) {
      throw refused('it does not offer STARTTLS');
    }
    talk.write('STARTTLS\r\n');
    await smtpReply(talk, '220');
  },
  // RFC 3501 §6.2.1
  imap: async (talk) => {
    const greeting = await talk.line();
    if (!/^\* (?:OK|PREAUTH)\b/iu.test(greeting)) throw refused(greeting);
    talk.write('a1 STARTTLS\r\n');
    let answer = await talk.line();
    while (answer.startsWith('* ')) answer = await talk.line();
    if (!/^a1 OK\b/iu.test(answer)) throw refused(answer);
  },
  // RFC 2595 §4
  pop3: async (talk) => {
    const greeting = await talk.line();
    if (!greeting.startsWith('+OK')) throw refused(greeting);
    talk.write('STLS\r\n');
    const answer = await talk.line();
    if (!answer.startsWith('+OK')) throw refused(answer);
  },
  ldap: async (talk) => {
    talk.write(LDAP_REQUEST);
    const code = await ldapResult(talk);
    if (code !== 0) throw refused(`LDAP result ${code}`);
  },
  postgres: async (talk) => {
    talk.write(POSTGRES_REQUEST);
    const [answer = 0] = await talk.octets(1);
    if (answer === 0x53) return;
    throw refused(answer === 0x4e ? 'it is not set up for TLS' : 'it is no PostgreSQL server');
  },
};

/**
 * Asks the server to begin TLS. Resolves when the next octet on the connection is that of the
 * handshake. Throws `unreachable` when the server refuses, hangs up, speaks another protocol, or
 * sends anything behind its consent (which would be taken for a part of what TLS protects).
 */
export async function startTls(socket: Socket, protocol: StartTls, target: string): Promise<void> {
  const talk = new LineReader(socket);
  try {
    await OPENINGS[protocol](talk);
    if (talk.hasMore()) throw refused('it goes on in clear after it has agreed to TLS');
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    const message = `${target} does not begin TLS as ${protocol} does: ${error.message}`;
    throw probeFailure(target, 'no-tls', { message });
  } finally {
    talk.close();
  }
}

/** Lines up to the one with a blank behind the code (RFC 5321 §4.2.1). */
async function smtpReply(talk: LineReader, wanted: string): Promise<readonly string[]> {
  const lines: string[] = [];
  do lines.push(await talk.line());
  while (/^\d{3}-/u.test(lines.at(-1) ?? '') && lines.length < 100);
  const last = lines.at(-1) ?? '';
  if (last.startsWith(wanted)) return lines;
  throw refused(last);
}

/** The resultCode of an ExtendedResponse; it is the first ENUMERATED in it. */
async function ldapResult(talk: LineReader): Promise<number> {
  const [tag = 0, first = 0] = await talk.octets(2);
  if (tag !== 0x30) throw refused('it does not answer in LDAP');
  const more = first > 0x80 ? await talk.octets(first & 0x07) : Uint8Array.of(first);
  const length = more.reduce((sum, octet) => sum * 256 + octet, 0);
  if (length > MOST_LDAP_OCTETS) throw refused('its answer is too long');
  const body = await talk.octets(length);
  const at = body.findIndex((octet, index) => octet === 0x0a && body[index + 1] === 1);
  return at === -1 ? -1 : (body[at + 2] ?? -1);
}

function refused(fact: string): ZmintError {
  return new ZmintError('unreachable', fact.slice(0, 200));
}
