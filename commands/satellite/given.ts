/** Command lines that make a zone with a satellite; what examples begin with. */
export const SATELLITE_ZONE: readonly string[] = [
  'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
  'zmint server add sat1 --dns sat1.example.com --kind satellite --role authentication --reload true --yes',
];

/** The same, with the satellite's certificate in files of the working folder. */
export const SATELLITE_FILES: readonly string[] = [
  ...SATELLITE_ZONE,
  'zmint cert convert zone/servers/sat1/security/live/server.cer --only leaf --to der --out sat1.der',
  'zmint cert convert zone/servers/sat1/security/live/key.der --to der --out sat1.key --no-out-passphrase --yes',
  'zmint ca export --out issuer.cert',
];
