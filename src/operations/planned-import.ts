import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { activationOrder } from '../zone/activation-order.js';
import type { Member } from '../zone/member.js';
import { asKeySpec } from '../zone/plan-authority.js';
import type { PlannedServer } from '../zone/remint-plan.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';

/** What a certificate that came from outside means for its server: the part of it in an operation. */
export function plannedImport(
  ctx: Pick<ReadContext, 'digest'>,
  snapshot: ZoneSnapshot,
  member: Member,
  leaf: Certificate,
): PlannedServer {
  const today = snapshot.current.get(member.id);
  const { dnsNames, ipAddresses, notBefore, notAfter } = leaf;
  return {
    memberId: member.id,
    name: member.name,
    names: { commonName: member.dnsName ?? member.name, dnsNames, ipAddresses },
    keySpec: asKeySpec(leaf.key) ?? snapshot.zone.keySpec,
    keepKey: today?.spkiSha256 === ctx.digest.sha256(leaf.spki),
    validity: { notBefore, notAfter },
    replaces: today?.fingerprint ?? null,
    replacedEnds: today?.notAfter ?? null,
    placedByHand: true,
    order: activationOrder(member, snapshot.zone.caMemberId),
  };
}
