import { describe, expect, test } from '@jest/globals';
import { judgeVector, readPathVectors, type PathVector } from '../support/path-vectors.js';
import { costOf } from '../support/cpu-time.js';

/** FIPS 186-5 has withdrawn DSA; PKITS wants it, with SHA-1. */
const DIFFERENT: Readonly<Record<string, string>> = {
  '4.1.4': 'a DSA signature',
  '4.1.5': 'a DSA key with inherited parameters',
};

function verdict(vector: PathVector): 'SUCCESS' | 'FAILURE' {
  const result = judgeVector(vector);
  return typeof result === 'object' && result.valid ? 'SUCCESS' : 'FAILURE';
}

describe.each([
  ['pkits.jsonl', 249],
  ['bettertls-pathbuilding.jsonl', 81],
])('%s', (file, count) => {
  const vectors = readPathVectors(file);
  const run = vectors === undefined ? test.skip : test;

  run(`has ${count} cases`, () => {
    expect(vectors).toHaveLength(count);
  });

  run('is judged as expected, but for what is listed', () => {
    const wrong: string[] = [];
    for (const vector of vectors ?? []) {
      if (verdict(vector) !== vector.expected) wrong.push(vector.id);
    }
    const listed = Object.keys(DIFFERENT);
    expect(wrong).toEqual(file === 'pkits.jsonl' ? listed : []);
  });

  run('costs what its certificates cost, none of them an explosion', () => {
    const spent = costOf(400, () => {
      for (const vector of vectors ?? []) verdict(vector);
    });
    expect(spent).toBeLessThan(400);
  });

  run('tells for each refusal the certificate, the rule and words', () => {
    for (const vector of vectors ?? []) {
      const result = judgeVector(vector);
      if (typeof result === 'string') {
        expect(result).toMatch(/^no canonical DER at byte \d+: /u);
      } else if (!result.valid) {
        for (const { rfc, message } of result.problems) {
          expect(rfc).toMatch(/^(?:RFC \d+ §[\d.]+|NIST SP 800-131A)$/u);
          expect(message).toMatch(/^(?:"|the certificate).* \S/u);
        }
      }
    }
  });
});
