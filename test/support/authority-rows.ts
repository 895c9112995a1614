import type { AuthorityRequest } from '../../src/zone/authority-request.js';

/** A request for the certificate of a CA, with every field filled. */
export const AUTHORITY_REQUEST: AuthorityRequest = {
  generation: 3,
  state: 'csr-generated',
  commonName: 'Zürich „Nord“',
  subject: 'CN=Zürich „Nord“ G3',
  keySpec: 'rsa:3072',
  spkiSha256: 'ef'.repeat(32),
  csr: '-----BEGIN CERTIFICATE REQUEST-----\n',
  keyMemberId: 'member-1',
  custody: 'passphrase',
  wish: { activateAt: { when: 'ready' }, updateName: null },
  createdAt: 1_795_238_779,
};
