/** Files that commands write. */

/** End of the name of an experiment, by which the editor recognizes it. */
export const ending = '.bnexp.json';

/** Formats in which runs are exported; also the ends of the names of their files. */
export const formats = ['html', 'csv', 'jsonl'] as const;
export type Format = (typeof formats)[number];
