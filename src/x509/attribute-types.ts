/** The attribute types that zmint writes into names. */
export type NameAttributeType = 'CN' | 'O' | 'OU' | 'L' | 'ST' | 'C';

/** Object identifier and upper bound in characters of each (RFC 5280 appendix A.1, `ub-…`). */
export const NAME_ATTRIBUTES: Readonly<
  Record<NameAttributeType, { readonly oid: string; readonly most: number }>
> = {
  CN: { oid: '2.5.4.3', most: 64 },
  O: { oid: '2.5.4.10', most: 64 },
  OU: { oid: '2.5.4.11', most: 64 },
  L: { oid: '2.5.4.7', most: 128 },
  ST: { oid: '2.5.4.8', most: 128 },
  C: { oid: '2.5.4.6', most: 2 },
};

const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
]);

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NAME_ATTRIBUTES).map(([name, { oid }]) => [oid, name] as const),
  ...OTHER_NAMES,
]);

/** The short name of an attribute type (RFC 4514 §3 and the LDAP registry); its OID when it has none. */
export function attributeTypeName(oid: string): string {
  return SHORT_NAMES.get(oid) ?? oid;
}
