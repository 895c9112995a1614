import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  rootDir: '../..',
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  reporters: ['default', '<rootDir>/test/tooling/count-reporter.mjs'],
  // As many as there are cores: much of the time goes by in other processes, clocks and disks.
  maxWorkers: availableParallelism(),
  testTimeout: 120_000,
  setupFiles: ['<rootDir>/test/tooling/repeatable.mjs'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
