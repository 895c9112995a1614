import type { ErrorCode } from '../../src/errors.js';

/** What an error code means to a script and to a person. */
export interface StatusFacts {
  readonly status: number;
  /** A phrase for the reference. */
  readonly meaning: string;
  /** Shown when the error itself brings no hint. */
  readonly hint: string;
}

/** Every error code with its exit status; a code without one does not compile. */
export const EXIT_STATUSES: Readonly<Record<ErrorCode, StatusFacts>> = {
  usage: { status: 2, meaning: 'wrong usage', hint: 'zmint help' },
  'question-unanswered': {
    status: 2,
    meaning: 'a question that nobody could answer',
    hint: 'give the answer as an option, or add --yes',
  },
  'no-zone': {
    status: 10,
    meaning: 'there is no zone in the zone home',
    hint: 'zmint init, or name the zone home with --zone DIR',
  },
  busy: {
    status: 11,
    meaning: 'another command is changing the zone',
    hint: 'try again in a moment',
  },
  'wrong-passphrase': {
    status: 12,
    meaning: 'the passphrase does not open the key or file; nothing was changed',
    hint: 'try again with the right passphrase',
  },
  'operation-pending': {
    status: 13,
    meaning: 'an operation is running that must end first',
    hint: 'zmint status',
  },
  'plan-outdated': {
    status: 13,
    meaning: 'the zone changed since the plan was made; nothing was done',
    hint: 'run the command again to see the new plan',
  },
  'gate-not-satisfied': {
    status: 14,
    meaning: 'members have not proved the new trust yet',
    hint: 'zmint update readiness',
  },
  'too-late': {
    status: 15,
    meaning: 'too late: activation is less than ten minutes away, or has happened',
    hint: 'zmint ssl rollback',
  },
  'unknown-member': {
    status: 16,
    meaning: 'no member has that name',
    hint: 'zmint server list',
  },
  'ambiguous-member': {
    status: 16,
    meaning: 'more than one member has that name',
    hint: 'type more of the path',
  },
  'not-found': {
    status: 17,
    meaning: 'something else that was named does not exist',
    hint: 'zmint status',
  },
  'unsafe-path': {
    status: 18,
    meaning: 'a file or folder that others could change, or that leads elsewhere',
    hint: 'zmint doctor',
  },
  damaged: {
    status: 19,
    meaning: 'the database or a file is not what zmint wrote',
    hint: 'zmint doctor',
  },
  unreadable: {
    status: 20,
    meaning: 'a file cannot be read, or its format is not understood',
    hint: 'check the name and the content of the file',
  },
  'key-mismatch': {
    status: 21,
    meaning: 'the key does not belong to the certificate',
    hint: 'give the key that the certificate was made for',
  },
  'chain-untrusted': {
    status: 22,
    meaning: 'the chain is incomplete or not trusted',
    hint: 'give the certificates up to the root',
  },
  'not-valid-then': {
    status: 23,
    meaning: 'a certificate is not valid at the instant that counts',
    hint: 'choose another instant, or another certificate',
  },
  policy: {
    status: 24,
    meaning: 'refused by a rule of the zone',
    hint: 'zmint help',
  },
  'zone-exists': {
    status: 24,
    meaning: 'the zone home has a zone already',
    hint: 'zmint status, or choose another zone home with --zone DIR',
  },
  'member-exists': {
    status: 24,
    meaning: 'a member of that name exists already',
    hint: 'zmint server list',
  },
  unreachable: {
    status: 30,
    meaning: 'a server cannot be reached',
    hint: 'check that the server runs and that its probe address is right',
  },
  'served-differs': {
    status: 31,
    meaning: 'a server serves another certificate than it should',
    hint: 'zmint ssl verify',
  },
  'reload-failed': {
    status: 32,
    meaning: "a server's reload command failed",
    hint: 'zmint server show',
  },
  storage: {
    status: 33,
    meaning: 'the disk refused a write; what was live is unchanged',
    hint: 'zmint doctor',
  },
  'token-unavailable': {
    status: 34,
    meaning: 'the token with the key of the CA, or its module, is not there or does not answer',
    hint: 'zmint doctor',
  },
  partial: {
    status: 40,
    meaning: 'some members failed, each is listed; the others are done',
    hint: 'mend what is listed and run the command again',
  },
  'not-available-yet': {
    status: 50,
    meaning: 'a command that this version does not have yet',
    hint: 'zmint help',
  },
  bug: {
    status: 70,
    meaning: 'a mistake in zmint itself',
    hint: 'run it again with --verbose and report what it prints',
  },
  interrupted: {
    status: 130,
    meaning: 'interrupted, or answered with no',
    hint: 'zmint status shows where things stand',
  },
};

/** The exit status of an error code. */
export function exitStatus(code: ErrorCode): number {
  return EXIT_STATUSES[code].status;
}
