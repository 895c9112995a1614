import { toHex } from '../encoding/hex.js';
import type { OperationContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import type { SerialReservation } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { IssueFacts } from './issue-certificate.js';
import { recordEvent } from './record-event.js';

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
  const numbered = orders.map((order) => ({ order, serial: freshSerial(ctx) }));
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

/** A first octet of 1 to 127 and 128 random bits (I-7). */
function freshSerial(ctx: OperationContext): Uint8Array {
  const serial = ctx.random.bytes(17);
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
