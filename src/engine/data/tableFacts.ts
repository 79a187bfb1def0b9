/** What was understood of a table, as plain data: for the lines that are shown of it, and for its warnings. */

export interface ColumnFacts {
  name: string;
  /** The experiment excludes `ignored` columns. */
  as: 'numbers' | 'words' | 'target' | 'ignored';
  /** Number of different words in a column of words. */
  different?: number;
  /** Currency, percent sign or unit around every number; may be empty. */
  unit?: string;
}

export interface TableFacts {
  path: string;
  /** Number of used rows. */
  rows: number;
  /** Number of rows that are excluded because of a missing value. */
  leftOut: number;
  columns: ColumnFacts[];
  target: {
    name: string;
    /** Statistics of the training rows in the file's units; null for a classification. */
    numbers: { mean: number; std: number } | null;
    /** Whether training uses the standardized target. */
    standardized: boolean;
  };
  /** Names and fields of the first row, without excluded columns. */
  firstRow: { name: string; field: string }[];
  /** Differences of the file from plain CSV in UTF-8, each in a few words. */
  reading: string[];
  /** What a person should decide, each with the property of `data` that it concerns. */
  questions: { property: string; message: string }[];
}
