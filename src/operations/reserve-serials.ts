import { toHex } from '../encoding/hex.js';
import type { OperationContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import type { SerialReservation } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { IssueFacts } from './issue-certificate.js';
import { recordEvent } from './record-event.js';

const SERIAL_OCTETS = 17;

interface ToBeSigned {
  readonly issuer: { readonly signer: Signer };
  readonly facts: IssueFacts;
}

/** An order with the serial number that is recorded for it. */
export interface Numbered<T> {
  readonly order: T;
  readonly serial: Uint8Array;
}

/**
 * Records a fresh serial number for each order, all in one transaction and in their order, before
 * anything is signed (I-8). Throws what `ZoneStore.commit` throws.
 */
export async function reserveSerials<T extends ToBeSigned>(
  ctx: OperationContext,
  orders: readonly T[],
  now: Instant,
): Promise<readonly Numbered<T>[]> {
  const random = ctx.random.bytes(SERIAL_OCTETS * orders.length);
  const numbered = orders.map((order, index) => ({ order, serial: serialAt(random, index) }));
  const issuers = new Map<Uint8Array, string>();
  const serials = numbered.map(({ order, serial }) => {
    const { spki } = order.issuer.signer;
    const issuer = issuers.get(spki) ?? ctx.digest.sha256(spki);
    issuers.set(spki, issuer);
    return reservation(issuer, serial, order.facts);
  });
  const [first] = orders;
  await recordEvent(
    ctx,
    {
      what: 'serials-reserved',
      at: now,
      operationId: first?.facts.operationId ?? null,
      details: { count: orders.length },
    },
    [{ type: 'reserve-serials', serials }],
  );
  return numbered;
}

/** The one at that place: a first octet of 1 to 127 and 128 random bits (I-7). */
function serialAt(random: Uint8Array, index: number): Uint8Array {
  const serial = random.slice(SERIAL_OCTETS * index, SERIAL_OCTETS * (index + 1));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  return serial;
}

function reservation(
  issuerSpkiSha256: string,
  serial: Uint8Array,
  facts: IssueFacts,
): SerialReservation {
  return {
    issuerSpkiSha256,
    serial: toHex(serial),
    purpose: facts.purpose,
    memberId: facts.memberId,
    operationId: facts.operationId,
    reservedAt: facts.at,
  };
}
