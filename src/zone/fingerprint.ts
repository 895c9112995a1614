/** The SHA-256 of a certificate's DER, 64 lower-case hexadecimal digits; identity of a certificate in a zone. */
export type Fingerprint = string;
