/** Protocols that begin TLS after some words in clear, with the port that each has by default. */
export const START_TLS = {
  smtp: 25,
  imap: 143,
  pop3: 110,
  ldap: 389,
  postgres: 5432,
} as const;

/** One of these protocols. */
export type StartTls = keyof typeof START_TLS;
