import type { ExtensionSettings } from '../../src/index.js';
import type { LabelledLines } from '../cli/labelled-lines.js';

/** What the settings put into every certificate that is issued; nothing when nothing is set. */
export function extensionLines(settings: ExtensionSettings): readonly LabelledLines[] {
  return [
    ['CRL at', settings.crlDistributionPoints],
    ['CA issuer at', settings.caIssuers],
    ['OCSP at', settings.ocsp],
  ];
}
