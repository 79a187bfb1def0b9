/** Prints diagnostics in the format of compilers: `path:line:column: error: message`. */
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import { type Colours, type Console, printable } from './console';

export interface FileDiagnostic extends ExperimentDiagnostic {
  /** File name as given on the command line. */
  file: string;
}

/** Diagnostic for the whole file. */
export function atStart(file: string, message: string): FileDiagnostic {
  return { file, severity: 'error', message, path: [], offset: 0, length: 0, line: 1, column: 1 };
}

export function printDiagnostics(diagnostics: readonly FileDiagnostic[], console: Console): void {
  for (const diagnostic of diagnostics) console.err(inWords(diagnostic, console.errColours));
}

function inWords({ file, line, column, severity, message }: FileDiagnostic, colours: Colours): string {
  const mark = severity === 'error' ? colours.red('error:') : colours.yellow('warning:');
  return `${printable(shownName(file))}:${line}:${column}: ${mark} ${printable(message)}`;
}

export function shownName(file: string): string {
  return file === '-' ? '<stdin>' : file;
}

export function hasError(diagnostics: readonly ExperimentDiagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
