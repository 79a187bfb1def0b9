/** The seed of a logged run whose folders name none. */
export const noSeed = -1;
