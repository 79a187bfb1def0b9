/** Applies the preferred fixes of diagnostics to an experiment, until none is left. */
import type { ExperimentDiagnostic } from '../diagnostics';
import type { Remedy } from '../remedies';
import { applied, editedText, editsOf, type TextEdit } from './edits';

/** Upper limit of rounds. A fix can reveal mistakes behind it, but each round removes at least one. */
const mostRounds = 100;

export interface Fixed {
  text: string;
  /** Number of applied fixes. */
  count: number;
  /** Diagnostics of the fixed text. */
  diagnostics: readonly ExperimentDiagnostic[];
}

/** The fix that the author meant, without doubt. */
export function preferredFix({ fixes = [] }: ExperimentDiagnostic): Remedy | undefined {
  const preferred = fixes.filter((fix) => fix.preferred);
  return preferred.length === 1 ? preferred[0] : undefined;
}

/** @param check Returns the diagnostics of an experiment. */
export function fixAll(text: string, check: (text: string) => readonly ExperimentDiagnostic[]): Fixed {
  let fixed: Fixed = { text, count: 0, diagnostics: check(text) };
  for (let round = 0; round < mostRounds; round++) {
    const { edits, count } = preferredEdits(fixed.text, fixed.diagnostics);
    if (count === 0) break;
    const next = applied(fixed.text, edits);
    const diagnostics = check(next);
    if (next === fixed.text) break;
    fixed = { text: next, count: fixed.count + count, diagnostics };
  }
  return fixed;
}

/** Edits of all preferred fixes that do not touch each other. */
function preferredEdits(
  text: string,
  diagnostics: readonly ExperimentDiagnostic[],
): { edits: TextEdit[]; count: number } {
  const source = editedText(text);
  const chosen: TextEdit[] = [];
  let count = 0;
  for (const diagnostic of diagnostics) {
    const fix = preferredFix(diagnostic);
    const edits = fix && editsOf(source, fix);
    if (!edits || edits.some((edit) => chosen.some((other) => touches(edit, other)))) continue;
    chosen.push(...edits);
    count++;
  }
  return { edits: chosen, count };
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}
