/** The tap of histograms that other programs logged under any name: what they are of is unknown. */
export const loggedTap = 'logged';
export type LoggedTap = typeof loggedTap;
