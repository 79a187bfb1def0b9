/** The version in package.json, which the bundler puts in. */
declare const BNLAB_VERSION: string;

export const version = BNLAB_VERSION;
