import { describe, expect, test } from '@jest/globals';
import { isPeerAlert, probeFailure, probeReason } from '../../../src/adapters/net/probe-failure.js';

describe('probeReason', () => {
  test.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'no-route'],
    ['ENETUNREACH', 'no-route'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'no-certificate'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'no-certificate'],
    ['ERR_SSL_BAD_SIGNATURE', 'handshake'],
    ['EPROTO', 'handshake'],
    ['EMFILE', 'other'],
  ])('%s means %s', (code, reason) => {
    expect(probeReason(Object.assign(new Error('x'), { code }))).toBe(reason);
  });

  test('what has no code is other', () => {
    expect(probeReason('just text')).toBe('other');
  });
});

describe('isPeerAlert', () => {
  test.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true],
    ['ERR_SSL_BAD_SIGNATURE', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false],
  ])('%s: %s', (code, alert) => {
    expect(isPeerAlert(Object.assign(new Error('x'), { code }))).toBe(alert);
  });
});

describe('probeFailure', () => {
  test('carries the target, the reason and the code', () => {
    const cause = Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    expect(probeFailure('web1:443', 'dns', { cause })).toMatchObject({
      code: 'unreachable',
      message: 'the host name in web1:443 is not known here',
      details: { target: 'web1:443', reason: 'dns', code: 'ENOTFOUND' },
      cause,
    });
  });
});
