import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { StartTls } from '../../src/zone/start-tls.js';

/** How a server behaves that does not do as the protocol says. */
export type Mischief =
  'none' | 'refuses' | 'goes-on-in-clear' | 'hangs-up' | 'is-silent' | 'another-protocol';

/** What the server shows once TLS has begun. */
export interface StartTlsOptions {
  /** Null: TLS from the first octet. */
  readonly protocol: StartTls | null;
  readonly key: string;
  /** PEM, leaf first. */
  readonly chain: string;
  readonly mischief?: Mischief;
}

export interface StartTlsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Step {
  readonly heard: RegExp;
  readonly answer: Buffer | string;
}

/** The words of a server up to the one behind which TLS begins; the rest of the talk is TLS. */
interface Talk {
  readonly greeting: string;
  /** What a client may ask at any time, and what it is told. */
  readonly asides?: readonly Step[];
  /** What the client says, and what is answered; the last answer is the consent. */
  readonly steps: readonly Step[];
  /** In place of the consent. */
  readonly refusal: Buffer | string;
}

const LDAP_NAME = Buffer.from('1.3.6.1.4.1.1466.20037');
/** ExtendedResponse: message 1, resultCode, empty matchedDN and diagnosticMessage, responseName. */
function ldapResponse(code: number): Buffer {
  const result = Buffer.from([0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00]);
  const name = Buffer.concat([Buffer.from([0x8a, LDAP_NAME.length]), LDAP_NAME]);
  const inside = Buffer.concat([result, name]);
  const body = Buffer.concat([Buffer.from([0x02, 0x01, 0x01, 0x78, inside.length]), inside]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

const TALKS: Readonly<Record<StartTls, Talk>> = {
  smtp: {
    greeting: '220-mail.example.com ready\r\n220 ESMTP\r\n',
    steps: [
      {
        heard: /^EHLO \S+\r\n$/u,
        answer: '250-mail.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n',
      },
      { heard: /^STARTTLS\r\n$/u, answer: '220 go ahead\r\n' },
    ],
    refusal: '454 TLS not available\r\n',
  },
  imap: {
    greeting: '* OK IMAP4rev1 ready\r\n',
    asides: [
      {
        heard: /^(\S+) CAPABILITY\r\n$/u,
        answer: '* CAPABILITY IMAP4rev1 STARTTLS\r\n$1 OK done\r\n',
      },
    ],
    steps: [
      { heard: /^(\S+) STARTTLS\r\n$/u, answer: '* CAPABILITY IMAP4rev1\r\n$1 OK begin\r\n' },
    ],
    refusal: '$1 BAD no TLS here\r\n',
  },
  pop3: {
    greeting: '+OK ready\r\n',
    steps: [{ heard: /^STLS\r\n$/u, answer: '+OK begin\r\n' }],
    refusal: '-ERR no TLS here\r\n',
  },
  ldap: {
    greeting: '',
    steps: [{ heard: /1\.3\.6\.1\.4\.1\.1466\.20037$/u, answer: ldapResponse(0) }],
    refusal: ldapResponse(53),
  },
  postgres: {
    greeting: '',
    steps: [{ heard: /^.{8}$/su, answer: 'S' }],
    refusal: 'N',
  },
};

/** A server of the protocol on 127.0.0.1 that can do no more than begin TLS. */
export async function startTlsServer(options: StartTlsOptions): Promise<StartTlsServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, options: StartTlsOptions): void {
  const { protocol, mischief = 'none' } = options;
  if (mischief === 'is-silent') return;
  if (mischief === 'another-protocol') {
    socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    return;
  }
  if (protocol === null) {
    beginTls(socket, options);
    return;
  }
  const talk = TALKS[protocol];
  const steps = [...talk.steps];
  socket.write(talk.greeting);
  const listen = (chunk: Buffer): void => {
    const text = chunk.toString('latin1');
    const aside = talk.asides?.find(({ heard }) => heard.test(text));
    const step = aside ?? steps.shift();
    if (step?.heard.test(text) !== true) {
      socket.destroy();
    } else if (aside !== undefined || steps.length > 0) {
      answer(socket, step, text);
    } else {
      socket.off('data', listen);
      consent(socket, { options, refusal: talk.refusal, step, text });
    }
  };
  socket.on('data', listen);
}

function answer(socket: Socket, step: Step, text: string): void {
  const [, tag = ''] = step.heard.exec(text) ?? [];
  socket.write(typeof step.answer === 'string' ? step.answer.replace('$1', tag) : step.answer);
}

interface Consent {
  readonly options: StartTlsOptions;
  readonly refusal: Step['answer'];
  readonly step: Step;
  readonly text: string;
}

function consent(socket: Socket, { options, refusal, step, text }: Consent): void {
  const { mischief = 'none' } = options;
  if (mischief === 'hangs-up') {
    socket.end();
  } else if (mischief === 'refuses') {
    answer(socket, { heard: step.heard, answer: refusal }, text);
  } else {
    answer(socket, step, text);
    if (mischief === 'goes-on-in-clear') socket.write('250 injected\r\n');
    else beginTls(socket, options);
  }
}

function beginTls(socket: Socket, { key, chain }: StartTlsOptions): void {
  const tls = new TLSSocket(socket, { isServer: true, key, cert: chain });
  tls.on('error', () => socket.destroy());
  tls.resume();
}
