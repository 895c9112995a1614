/** id-kp-timeStamping, RFC 3161 §2.3. */
export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  [TIME_STAMPING, 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
  ['1.3.6.1.5.5.7.3.17', 'ipsecIKE'],
  ['1.3.6.1.5.2.3.4', 'pkinitClient'],
  ['1.3.6.1.5.2.3.5', 'pkinitKDC'],
  ['1.3.6.1.4.1.311.20.2.2', 'smartcardLogon'],
  ['1.3.6.1.4.1.311.10.3.4', 'encryptedFileSystem'],
  ['1.3.6.1.4.1.311.10.3.12', 'documentSigning'],
  ['2.5.29.37.0', 'any'],
]);

/** The name of an extended key usage (RFC 5280 §4.2.1.12 and its registry); its OID when it has none. */
export function purposeName(oid: string): string {
  return PURPOSES.get(oid) ?? oid;
}
