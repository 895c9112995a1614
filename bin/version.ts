/** Set by the build to the version in package.json. */
declare const ZMINT_VERSION: string | undefined;

/** The version of this program; `source` when it runs without having been built. */
export const VERSION = typeof ZMINT_VERSION === 'string' ? ZMINT_VERSION : 'source';
