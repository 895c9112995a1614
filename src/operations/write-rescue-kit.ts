import { encodeUtf8 } from '../encoding/utf8.js';
import type { OperationContext } from '../ports/context.js';
import { canonicalJson } from '../zone/audit-event.js';
import { renderInstant } from '../zone/instant.js';
import { futureContent } from '../zone/operation-content.js';
import type { OperationRun } from './operation-run.js';
import { bundleOf } from './set-files.js';

/**
 * Writes the content of the certificate update, which is also the offline kit for members that
 * nothing else reaches: the future trust bundle, the cross-certificates, their digests, and a short
 * script that installs the bundle after checking it. Returns its folder.
 */
export async function writeRescueKit(ctx: OperationContext, run: OperationRun): Promise<string> {
  const { operation, snapshot } = run;
  const content = futureContent(snapshot, operation, await ctx.store.anchors());
  const crosses = snapshot.authorityCertificates.filter(
    (record) => record.purpose === 'cross' && record.operationId === operation.id,
  );
  const bundle = await bundleOf(ctx, content.trust);
  const manifest = canonicalJson({
    zone: snapshot.zone.name,
    zoneId: snapshot.zone.id,
    update: operation.updateName,
    guid: operation.updateGuid,
    operation: operation.id,
    made: renderInstant(operation.startedAt),
    roots: content.trust,
    crossCertificates: crosses.map((record) => record.fingerprint),
  });
  const files: Record<string, Uint8Array> = {
    'ca.cert': bundle,
    'manifest.json': encodeUtf8(`${manifest}\n`),
    'install-trust.sh': encodeUtf8(installScript(snapshot.zone.name, ctx.digest.sha256(bundle))),
  };
  if (crosses.length > 0)
    files['cross.pem'] = await bundleOf(
      ctx,
      crosses.map((record) => record.fingerprint),
    );
  const sums = Object.entries(files).map(
    ([name, bytes]) => `${ctx.digest.sha256(bytes)}  ${name}\n`,
  );
  return ctx.folder.writeUpdate(operation.updateGuid, {
    ...files,
    SHA256SUMS: encodeUtf8(sums.join('')),
  });
}

function installScript(zone: string, sha256: string): string {
  const shown = zone.replace(/[^\w .-]/gu, '?');
  return `#!/bin/sh
# Installs the trust bundle of the zone ${shown}.
# usage: sh install-trust.sh TARGET      (the file that your clients read, such as /etc/ssl/zone-ca.pem)
set -eu
target=\${1:?usage: sh install-trust.sh TARGET}
here=$(cd "$(dirname "$0")" && pwd)
want=${sha256}
have=$(sha256sum < "$here/ca.cert" | cut -d' ' -f1)
if [ "$have" != "$want" ]; then
  echo "ca.cert is not the bundle that this script belongs to (SHA-256 $have)" >&2
  exit 1
fi
umask 022
if [ -e "$target" ]; then cp -p "$target" "$target.before-zmint"; fi
cp "$here/ca.cert" "$target.new-zmint"
mv "$target.new-zmint" "$target"
echo "installed: $target (SHA-256 $want)"
`;
}
