import { describe, expect, test } from '@jest/globals';
import { parseAgentPolicy, type AgentPolicy } from '../../src/zone/agent-policy.js';
import { refusalOf } from '../support/refusal-of.js';

const ALL = { verifyPeer: true, verifyHost: true, caFile: null, caPath: null };

describe('parseAgentPolicy', () => {
  test.each<[string, Partial<AgentPolicy>, string]>([
    ['', {}, 'nothing said is yes, or none'],
    ['# a comment\n\nverify-peer = no\r\n', { verifyPeer: false }, 'line ends of Windows'],
    [
      'VERIFY-HOST=false\nca-file = /etc/a b.pem',
      { verifyHost: false, caFile: '/etc/a b.pem' },
      'any case',
    ],
    ['ca-path = /etc/more\nca-file =', { caPath: '/etc/more' }, 'an empty value is none'],
    [
      '<CurlSSL SSLVerifyPeer="no" CAInfo="/a.pem" CAPath=""/>',
      { verifyPeer: false, caFile: '/a.pem' },
      'XML',
    ],
    [
      "<p><!-- <CurlSSL/> --><CurlSSL SSLVerifyHost='0'\n CAInfo='/a&amp;b.pem'></CurlSSL></p>",
      { verifyHost: false, caFile: '/a&b.pem' },
      'XML with a comment, quotes and entities',
    ],
  ])('%j: %j (%s)', (text, said) => {
    expect(parseAgentPolicy(text)).toEqual({ ...ALL, ...said });
  });

  test.each([
    ['verify-peer = maybe', 'line 1 says "maybe", which is neither yes nor no'],
    ['verify-pear = no', 'line 1 is none of verify-peer'],
    ['\nnonsense', 'line 2 is none of'],
    ['ca-file = more.pem', 'line 1 names "more.pem", which is no path from / on'],
    ['verify-peer = no\nverify-peer = yes', 'line 2 says a second time'],
    ['<policy></policy>', 'it has 0 CurlSSL elements'],
    ['<CurlSSL/><CurlSSL/>', 'it has 2 CurlSSL elements'],
    ['<CurlSSL CAInfo="a.pem"/>', 'CAInfo names "a.pem"'],
    ['<CurlSSL SSLVerifyPeer=""/>', 'SSLVerifyPeer says ""'],
  ])('%j is refused: %s', (text, words) => {
    const error = refusalOf(() => parseAgentPolicy(text));
    expect(error.code).toBe('policy');
    expect(error.message).toContain(words);
  });
});
