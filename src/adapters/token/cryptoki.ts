/** Numbers of PKCS#11 (Cryptoki 2.40 and 3.0, pkcs11t.h) that zmint uses. */

/** Classes of objects. */
export const CKO = { publicKey: 2, privateKey: 3 } as const;

/** Kinds of keys. */
export const CKK = { rsa: 0, ec: 3, edwards: 0x40 } as const;

/** Attributes. */
export const CKA = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
  wrap: 0x106,
  unwrap: 0x107,
  sign: 0x108,
  verify: 0x10a,
  derive: 0x10c,
  modulus: 0x120,
  modulusBits: 0x121,
  publicExponent: 0x122,
  extractable: 0x162,
  neverExtractable: 0x164,
  alwaysSensitive: 0x165,
  ecParams: 0x180,
  ecPoint: 0x181,
  alwaysAuthenticate: 0x202,
} as const;

/** Mechanisms. */
export const CKM = {
  rsaKeyPair: 0x0,
  rsaPkcs: 0x1,
  ecKeyPair: 0x1040,
  ecdsa: 0x1041,
  edwardsKeyPair: 0x1055,
  eddsa: 0x1057,
} as const;

/** Flags of initializing, of sessions and of tokens. */
export const CKF = {
  osLocking: 0x2,
  writableSession: 0x2,
  serialSession: 0x4,
  finalTry: 0x20000,
  pinLocked: 0x40000,
} as const;

/** The user who may sign. */
export const CKU_USER = 1;

/** What calls return. */
export const CKR = {
  attributeSensitive: 0x11,
  attributeTypeInvalid: 0x12,
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLengthRange: 0xa2,
  pinLocked: 0xa4,
  alreadyLoggedIn: 0x100,
  alreadyInitialized: 0x191,
} as const;
