import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { decodePem } from '../../src/encoding/pem.js';
import type { ExpectedName, PathResult } from '../../src/path/path-input.js';
import { validatePath } from '../../src/path/validate-path.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/vectors');
const EKUS: Readonly<Record<string, string>> = { serverAuth: '1.3.6.1.5.5.7.3.1' };
const keys = createNodeKeys();

/** One case that somebody else wrote, as its file has it. */
export interface PathVector {
  readonly id: string;
  readonly expected: 'SUCCESS' | 'FAILURE';
  readonly trusted: readonly string[];
  readonly untrusted: readonly string[];
  readonly leaf: string;
  readonly crls: readonly string[];
  readonly time: string;
  readonly peer: { readonly kind: string; readonly value: string } | null;
  readonly eku_default?: string;
  readonly check_revocation: boolean;
  readonly max_depth: number | null;
  readonly policy: {
    readonly initial_policy_set: readonly string[];
    readonly explicit: boolean;
    readonly inhibit_mapping: boolean;
    readonly inhibit_any: boolean;
  } | null;
  readonly desc: string;
}

/** The cases of a file; undefined, said aloud, where the files are not. */
export function readPathVectors(name: string): readonly PathVector[] | undefined {
  const path = resolve(FOLDER, name);
  if (!existsSync(path)) {
    process.stderr.write(
      `path vectors: ${name} is not beside the repository, its cases are not run\n`,
    );
    return undefined;
  }
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as PathVector);
}

/** Judges a case; a certificate or CRL that cannot be read is told as its message. */
export function judgeVector(vector: PathVector): PathResult | string {
  try {
    const crls = vector.crls.map((pem) => parseCertificateList(derOf(pem)));
    const eku = EKUS[vector.eku_default ?? ''];
    const { policy } = vector;
    return validatePath({
      leaf: parse(vector.leaf),
      anchors: vector.trusted.map(parse),
      untrusted: vector.untrusted.map(parse),
      at: Date.parse(vector.time) / 1000,
      verify: (...parts) => keys.verify(...parts),
      crls,
      checkRevocation: vector.check_revocation,
      ...(eku === undefined ? {} : { eku }),
      ...(vector.peer === null ? {} : { name: nameOf(vector.peer) }),
      ...(vector.max_depth === null ? {} : { maxDepth: vector.max_depth }),
      ...(policy === null
        ? {}
        : {
            policy: {
              initialPolicySet: policy.initial_policy_set,
              explicit: policy.explicit,
              inhibitMapping: policy.inhibit_mapping,
              inhibitAny: policy.inhibit_any,
            },
          }),
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nameOf(peer: { readonly kind: string; readonly value: string }): ExpectedName {
  return { kind: peer.kind === 'IP' ? 'ip' : 'dns', value: peer.value };
}

function parse(pem: string): Certificate {
  return parseCertificate(derOf(pem));
}

function derOf(pem: string): Uint8Array {
  const [block] = decodePem(pem);
  if (block === undefined) throw new Error('the case has no PEM block');
  return block.der;
}
