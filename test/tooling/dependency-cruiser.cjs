/** Each layer, and what it may import, types included. Anything not listed is forbidden. */
const layers = {
  'src/errors': [],
  'src/encoding': [],
  'src/x509': ['src/encoding'],
  'src/path': ['src/encoding', 'src/x509'],
  'src/zone': ['src/encoding', 'src/x509', 'src/path'],
  'src/ports': ['src/x509', 'src/zone'],
  'src/operations': ['src/encoding', 'src/x509', 'src/path', 'src/zone', 'src/ports'],
  'src/adapters': ['src/encoding', 'src/x509', 'src/zone', 'src/ports'],
  'src/index': ['src/encoding', 'src/x509', 'src/path', 'src/zone', 'src/ports', 'src/operations'],
  commands: ['src/index'],
  bin: ['commands', 'src/index', 'src/adapters'],
};
const pure = Object.keys(layers).filter(
  (layer) => layer.startsWith('src/') && layer !== 'src/adapters',
);
const from = (layer) => ({ path: `^${layer}[/.]` });
const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const only = (name, path, home) => ({
  name,
  severity: 'error',
  from: { pathNot: `^(${home}|test/)` },
  to: { path },
});

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `layer: ${layer}`,
      severity: 'error',
      from: from(layer),
      to: {
        path: '^(bin|commands|src|test)/',
        pathNot: [layer, 'src/errors', ...allowed].map((each) => `^${each}[/.]`),
      },
    })),
    {
      name: 'pure core: no Node modules',
      severity: 'error',
      from: { path: pure.map((layer) => `^${layer}[/.]`) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure core: no packages',
      severity: 'error',
      from: { path: pure.filter((layer) => layer !== 'src/x509').map((layer) => `^${layer}[/.]`) },
      to: { dependencyTypes: packages },
    },
    {
      name: 'x509: no packages but ASN.1 structures',
      severity: 'error',
      from: from('src/x509'),
      to: { dependencyTypes: packages, pathNot: 'node_modules/@peculiar/asn1-' },
    },
    {
      name: 'commands: no Node modules',
      severity: 'error',
      from: from('commands'),
      to: { dependencyTypes: ['core'] },
    },
    only(
      'SQL stays in adapters/sql',
      'node_modules/(@types/)?(kysely|better-sqlite3|pg)/',
      'src/adapters/sql/',
    ),
    only('tokens stay in adapters/token', 'node_modules/pkcs11js/', 'src/adapters/token/'),
    only(
      'commander, prompts and colours stay in commands/cli',
      'node_modules/(commander|inquirer|chalk)/',
      'commands/cli/',
    ),
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/tooling/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
