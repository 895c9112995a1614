import type { ReadContext } from '../ports/context.js';
import type { Extension } from '../x509/extension.js';
import { pointerExtensions } from '../x509/pointer-extensions.js';
import type { Authority } from '../zone/authority.js';
import { urlFor } from '../zone/extension-settings.js';
import { readSettings } from './read-settings.js';

/**
 * What the settings put into every certificate that a generation of the CA issues, its own root left
 * out. Throws what `readSettings` throws.
 *
 * @param authorities - all generations, those of the same key among them
 */
export async function issuerExtensions(
  ctx: Pick<ReadContext, 'folder' | 'zoneHome'>,
  authorities: readonly Authority[],
  authority: Pick<Authority, 'generation' | 'spkiSha256'>,
): Promise<readonly Extension[]> {
  const { extensions } = await readSettings(ctx);
  const sharing = authorities.filter(({ spkiSha256 }) => spkiSha256 === authority.spkiSha256);
  const generation = Math.min(authority.generation, ...sharing.map((one) => one.generation));
  const inForce = (urls: readonly string[]): readonly string[] =>
    urls.map((url) => urlFor(url, generation));
  return pointerExtensions({
    crlDistributionPoints: inForce(extensions.crlDistributionPoints),
    caIssuers: inForce(extensions.caIssuers),
    ocsp: inForce(extensions.ocsp),
  });
}
