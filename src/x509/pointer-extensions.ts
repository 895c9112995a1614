import { constructedTag, primitiveTag } from '../encoding/der-tag.js';
import { writeDer, writeOid, writeSequence } from '../encoding/der-writer.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { Extension } from './extension.js';
import { EXTENSION } from './extension-oid.js';

/** URLs that stand in a certificate: where those who check it find more. */
export interface Pointers {
  /** The same CRL at each. */
  readonly crlDistributionPoints: readonly string[];
  readonly caIssuers: readonly string[];
  readonly ocsp: readonly string[];
}

/** id-ad-caIssuers and id-ad-ocsp, RFC 5280 §4.2.2.1. */
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
const OCSP = '1.3.6.1.5.5.7.48.1';

/**
 * cRLDistributionPoints (RFC 5280 §4.2.1.13), one point with all names of the list, and
 * authorityInfoAccess (§4.2.2.1); neither critical, each only when it says something. Throws
 * `policy` for a URL that is not ASCII.
 */
export function pointerExtensions(pointers: Pointers): readonly Extension[] {
  const { crlDistributionPoints, caIssuers, ocsp } = pointers;
  const access = [
    ...ocsp.map((url) => writeSequence(writeOid(OCSP), writeUrl(url))),
    ...caIssuers.map((url) => writeSequence(writeOid(CA_ISSUERS), writeUrl(url))),
  ];
  return [
    ...(crlDistributionPoints.length === 0
      ? []
      : [plain(EXTENSION.crlDistributionPoints, writeSequence(onePoint(crlDistributionPoints)))]),
    ...(access.length === 0
      ? []
      : [plain(EXTENSION.authorityInfoAccess, writeSequence(...access))]),
  ];
}

/** DistributionPoint with distributionPoint [0], in it fullName [0]. */
function onePoint(urls: readonly string[]): Uint8Array {
  const fullName = writeDer(constructedTag(0), ...urls.map(writeUrl));
  return writeSequence(writeDer(constructedTag(0), fullName));
}

function writeUrl(url: string): Uint8Array {
  if (/^[!-~]+$/u.test(url)) return writeDer(primitiveTag(6), encodeUtf8(url));
  throw new ZmintError('policy', `"${url}" cannot stand in a certificate`, {
    hint: 'write it in ASCII without spaces',
  });
}

function plain(oid: string, value: Uint8Array): Extension {
  return { oid, critical: false, value };
}
