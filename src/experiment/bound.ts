/** Maximum number of seeds of a sequential test if none is given. */
export const defaultBound = 80;
