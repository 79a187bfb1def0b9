/** Error or warning in an experiment file, with its location. */
import type { Remedy } from './remedies';

export interface ExperimentDiagnostic {
  severity: 'error' | 'warning';
  /** One or two sentences: the problem and the remedy. */
  message: string;
  /** Path of the invalid value; empty for the whole file. */
  path: (string | number)[];
  /** Offset in the text in UTF-16 units. */
  offset: number;
  length: number;
  /** Line, starting at 1. */
  line: number;
  column: number;
  /** Edits of the file that remove it. */
  fixes?: readonly Remedy[];
  /** Whether the text is not JSON here. JSON support of editors reports this too. */
  syntax?: true;
}

/** The message as a sentence. The name of a property at its beginning keeps its case. */
export function sentence({ message, path }: Pick<ExperimentDiagnostic, 'message' | 'path'>): string {
  const [first] = message.split(/[^\w]/, 1);
  const isName = path.includes(first) || /[A-Z]/.test(first);
  return isName ? message : message.charAt(0).toUpperCase() + message.slice(1);
}
