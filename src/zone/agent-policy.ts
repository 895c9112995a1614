import { ZmintError } from '../errors.js';

/** What a policy tells the agents of a machine about the servers that they talk to. */
export interface AgentPolicy {
  /** Whether the chain of a server must reach a trusted certificate. */
  readonly verifyPeer: boolean;
  /** Whether its certificate must be for its name. */
  readonly verifyHost: boolean;
  /** Absolute path of a file with more certificates to trust; null: none. */
  readonly caFile: string | null;
  /** Absolute path of a folder with such files; null: none. */
  readonly caPath: string | null;
}

type Key = keyof AgentPolicy;

const PLAIN_KEYS: ReadonlyMap<string, Key> = new Map([
  ['verify-peer', 'verifyPeer'],
  ['verify-host', 'verifyHost'],
  ['ca-file', 'caFile'],
  ['ca-path', 'caPath'],
]);
const XML_KEYS: ReadonlyMap<string, Key> = new Map([
  ['SSLVerifyPeer', 'verifyPeer'],
  ['SSLVerifyHost', 'verifyHost'],
  ['CAInfo', 'caFile'],
  ['CAPath', 'caPath'],
]);
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['1', true],
  ['no', false],
  ['false', false],
  ['0', false],
]);
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
]);

/**
 * Reads a policy: lines of `verify-peer`, `verify-host`, `ca-file` and `ca-path` with `=` and a
 * value, `#` before comments; or an XML file with one `CurlSSL` element, as management servers send
 * it to their agents. What is not said is yes, or none. Throws `policy` naming the line or attribute.
 */
export function parseAgentPolicy(text: string): AgentPolicy {
  const policy: { -readonly [K in Key]: AgentPolicy[K] } = {
    verifyPeer: true,
    verifyHost: true,
    caFile: null,
    caPath: null,
  };
  const entries = text.includes('<') ? readElement(text) : readLines(text);
  const seen = new Set<Key>();
  for (const { key, value, where } of entries) {
    if (seen.has(key)) throw refusal(`${where} says a second time what was said before`);
    seen.add(key);
    if (key === 'verifyPeer' || key === 'verifyHost') policy[key] = yesOrNo(value, where);
    else policy[key] = pathOrNone(value, where);
  }
  return policy;
}

interface Entry {
  readonly key: Key;
  readonly value: string;
  readonly where: string;
}

function readLines(text: string): readonly Entry[] {
  return text.split(/\r\n|\n|\r/u).flatMap((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const where = `line ${index + 1}`;
    const [, name = '', value = ''] = /^([\w-]+)\s*=\s*(.*)$/u.exec(line) ?? [];
    const key = PLAIN_KEYS.get(name.toLowerCase());
    if (key === undefined)
      throw refusal(`${where} is none of verify-peer, verify-host, ca-file and ca-path`);
    return [{ key, value, where }];
  });
}

function readElement(text: string): readonly Entry[] {
  const elements = [...text.replace(/<!--.*?-->/gsu, '').matchAll(/<CurlSSL\b([^<>]*)>/gu)];
  const [, attributes = ''] = elements[0] ?? [];
  if (elements.length !== 1) throw refusal(`it has ${elements.length} CurlSSL elements, not one`);
  return [...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu)].flatMap(
    ([, name = '', double, single]) => {
      const key = XML_KEYS.get(name);
      const raw = double ?? single ?? '';
      const value = raw.replace(
        /&(?:lt|gt|quot|apos|amp);/gu,
        (each) => ENTITIES.get(each) ?? each,
      );
      return key === undefined ? [] : [{ key, value, where: name }];
    },
  );
}

function yesOrNo(value: string, where: string): boolean {
  const answer = WORDS.get(value.toLowerCase());
  if (answer === undefined) throw refusal(`${where} says "${value}", which is neither yes nor no`);
  return answer;
}

function pathOrNone(value: string, where: string): string | null {
  if (value === '') return null;
  if (value.startsWith('/') && !value.includes('\0')) return value;
  throw refusal(`${where} names "${value}", which is no path from / on`);
}

function refusal(fact: string): ZmintError {
  return new ZmintError('policy', fact, {
    hint: 'a policy has lines such as: verify-peer = yes, ca-file = /etc/agent/more.pem',
  });
}
