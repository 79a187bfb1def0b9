/** A CSV file as typed columns: all rows of one length, each with the line it begins on. */

import type { ColumnData } from './columnData';
import type { Encoding } from './decode';
import type { Notation } from './numerals';

export interface Table {
  path: string;
  /** From the header, or `column 0`, `column 1`, …. */
  names: string[];
  /** Whether the header has no name for each column. */
  unnamed: boolean[];
  rowCount: number;
  /** Line number of each row in the file, from 1. */
  lines: Uint32Array;
  columns: ColumnData[];
  /** The first row's fields. */
  firstRow: string[];
  reading: Reading;
}

/** How the file was read: what a person would want to know of it. */
export interface Reading {
  encoding: Encoding;
  delimiter: string;
  /** Columns are separated by runs of spaces. */
  aligned: boolean;
  notation: Notation;
  sepLine: boolean;
  /** Lines that begin with # and are no rows. */
  comments: number;
  /** Rows without a single value. */
  blankRows: number;
  /** What the fields beyond the header's are: names of the rows at their start, or nothing behind the last delimiter. */
  edge: Edge;
}

export type Edge = 'none' | 'row-names' | 'trailing-delimiter';
