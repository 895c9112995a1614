import { createPrivateKey, type KeyObject } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret in every form in which it could be written. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** A passphrase: as text, UTF-16, base64 and hexadecimal. */
export function textCanary(name: string, text: string): Canary {
  const bytes = Buffer.from(text, 'utf8');
  const forms = [bytes, Buffer.from(text, 'utf16le'), ...encodings(bytes)];
  return { name, forms };
}

/** A private key: as DER, as lines of PEM, and as the bare scalar of its curve. */
export function keyCanary(name: string, key: KeyObject): Canary {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const pem = [
    key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    key.export({ format: 'pem', type: 'sec1' }).toString(),
  ];
  // The first line of a short key says only its kind, which all keys of that kind share.
  const lines = pem.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line.length > 40)
      .slice(1),
  );
  const scalar = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const whole = [der, scalar];
  const forms = [...whole, ...whole.flatMap(encodings), ...lines.map((line) => Buffer.from(line))];
  return { name, forms };
}

/** The key in a PKCS#8 DER file. */
export function keyIn(file: string): KeyObject {
  return createPrivateKey({ key: readFileSync(file), format: 'der', type: 'pkcs8' });
}

function encodings(bytes: Buffer): readonly Buffer[] {
  const texts = [bytes.toString('base64').replace(/=+$/u, ''), bytes.toString('hex')];
  return [...texts, texts[1]?.toUpperCase() ?? ''].map((text) => Buffer.from(text));
}

/** Which of the secrets are in these bytes. */
export function secretsIn(canaries: readonly Canary[], bytes: Buffer): readonly string[] {
  const found = canaries.filter(({ forms }) => forms.some((form) => bytes.includes(form)));
  return found.map(({ name }) => name);
}

/** Every file below the folders that holds a secret, as `PATH: NAME`; those of `own` are passed over. */
export function secretsBelow(
  canaries: readonly Canary[],
  folders: readonly string[],
  own: (path: string, canary: string) => boolean,
): readonly string[] {
  return folders.flatMap(filesBelow).flatMap((path) =>
    secretsIn(canaries, readFileSync(path))
      .filter((name) => !own(path, name))
      .map((name) => `${path}: ${name}`),
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const facts = lstatSync(path);
    if (facts.isDirectory()) return filesBelow(path);
    return facts.isFile() ? [path] : [];
  });
}

/** What others can see of a process and of those that it has started: command lines and environments. */
export function seenOfProcess(pid: number): Buffer {
  const parts = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map(readQuietly);
  const children = readQuietly(`/proc/${pid}/task/${pid}/children`).toString().trim();
  const below = children === '' ? [] : children.split(' ').map((one) => seenOfProcess(Number(one)));
  return Buffer.concat([...parts, ...below]);
}

/** Empty for a process that has ended meanwhile. */
function readQuietly(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
