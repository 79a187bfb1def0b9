/** What is wrong in an experiment file, and where. */

export interface ExperimentDiagnostic {
  severity: 'error' | 'warning';
  /** One sentence or two: what is wrong, and what to do. */
  message: string;
  /** Properties and indices that lead to the value at fault; empty for the file as a whole. */
  path: (string | number)[];
  /** Place in the text, in UTF-16 units from its start. */
  offset: number;
  length: number;
  /** Counted from 1, as editors and compilers do. */
  line: number;
  column: number;
}
