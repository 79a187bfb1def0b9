/** What was understood of a table, as plain data: for the lines that are shown of it, and for its warnings. */

export interface ColumnFacts {
  name: string;
  /** `ignored` columns are left out as the experiment says. */
  as: 'numbers' | 'words' | 'target' | 'ignored';
  /** Different words, in a column of words. */
  different?: number;
  /** Currency, percent sign or unit around every number; empty where there is none. */
  unit?: string;
}

export interface TableFacts {
  path: string;
  /** Rows that are used. */
  rows: number;
  /** Rows that are left out, as they lack a value. */
  leftOut: number;
  columns: ColumnFacts[];
  target: {
    name: string;
    /** Of the training rows, as the file has them; null in a classification. */
    numbers: { mean: number; std: number } | null;
    /** Whether what is learned is the number of standard deviations from the mean. */
    standardized: boolean;
  };
  /** Names and fields of the first row, without columns that are left out. */
  firstRow: { name: string; field: string }[];
  /** How the file departs from plain CSV in UTF-8, each in a few words. */
  reading: string[];
  /** What a person should decide, each with the property of `data` that it concerns. */
  questions: { property: string; message: string }[];
}
