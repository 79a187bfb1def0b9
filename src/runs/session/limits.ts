/** Limits of a start, where nothing else is chosen. */

/** Megabytes for the runs of one start of an experiment. */
export const defaultBudget = 250;

/** Plans with more runs than this start only after a question. */
export const mostWithoutQuestion = 10_000;

/** Runs that train at the same time. */
export const mostJobs = 256;
