/** Edits of an experiment that remove a finding, made where the finding arises. `editing/edits.ts` applies them to the text. */
import * as l10n from '@vscode/l10n';
import { pathInWords, quote, shown } from './words';

export type Path = readonly (string | number)[];

/** A change of the value at a path. */
export type ValueEdit =
  /** Replaces or adds a value. Objects on the path are added if they are missing. */
  | { edit: 'set'; path: Path; value: unknown }
  /** Adds an item at the end of a list, which is added if it is missing. */
  | { edit: 'append'; path: Path; value: unknown }
  | { edit: 'rename'; path: Path; name: string }
  | { edit: 'remove'; path: Path }
  /** Removes the property whose name is at an offset. */
  | { edit: 'removeAt'; offset: number }
  /** Moves a property with its text to a different object. */
  | { edit: 'move'; path: Path; to: Path }
  /** Replaces a property by a comment with its value. */
  | { edit: 'comment'; path: Path }
  /** Exchanges two values. */
  | { edit: 'swap'; path: Path; with: Path }
  /** Writes the items of a list in a different order: the index of the item at each place. */
  | { edit: 'order'; path: Path; order: readonly number[] }
  /** Replaces characters of the text. */
  | { edit: 'text'; offset: number; length: number; text: string };

export interface Remedy {
  /** The change as a command: `Change to "relu"`. */
  title: string;
  edits: readonly ValueEdit[];
  /** Whether it is what the author meant, without doubt. Fix All applies only these. */
  preferred: boolean;
}

/** Marks a remedy as one of several, of which the author must choose. */
export function optional(remedy: Remedy): Remedy {
  return { ...remedy, preferred: false };
}

/** `batchSize`, `layers[1]`. */
function nameOf(path: Path): string {
  let start = path.length - 1;
  while (start > 0 && typeof path[start] === 'number') start--;
  return pathInWords(path.slice(start));
}

/** Longest value that a title quotes. */
const longestShown = 60;

function inTitle(value: unknown): string {
  const written = typeof value === 'object' ? JSON.stringify(value) : shown(value);
  return written.length <= longestShown ? written : shown(value);
}

export function setTo(path: Path, value: unknown, title = l10n.t`Set ${nameOf(path)} to ${inTitle(value)}`): Remedy {
  return { title, edits: [{ edit: 'set', path, value }], preferred: true };
}

/** Replaces a misspelt word. */
export function changeTo(path: Path, value: unknown): Remedy {
  return setTo(path, value, l10n.t`Change to ${inTitle(value)}`);
}

export function add(path: Path, value: unknown): Remedy {
  const name = String(path[path.length - 1]);
  return setTo(path, value, l10n.t`Add ${quote(name)}: ${inTitle(value)}`);
}

export function append(path: Path, value: unknown): Remedy {
  const title = l10n.t`Add ${inTitle(value)} to ${pathInWords(path)}`;
  return { title, edits: [{ edit: 'append', path, value }], preferred: true };
}

export function rename(path: Path, name: string): Remedy {
  return { title: l10n.t`Change to ${quote(name)}`, edits: [{ edit: 'rename', path, name }], preferred: true };
}

export function remove(path: Path, title = l10n.t`Remove ${quote(nameOf(path))}`): Remedy {
  return { title, edits: [{ edit: 'remove', path }], preferred: true };
}

export function move(path: Path, to: Path): Remedy {
  const title = l10n.t`Move to ${quote(pathInWords(to))}`;
  return { title, edits: [{ edit: 'move', path, to }], preferred: true };
}

export function replaceText(title: string, offset: number, length: number, text: string): Remedy {
  return { title, edits: [{ edit: 'text', offset, length, text }], preferred: true };
}

/** The remedy with each path replaced. @param change Its second argument is whether a value is written at the path. */
export function withPaths(remedy: Remedy, change: (path: Path, isWritten: boolean) => Path): Remedy {
  const edits = remedy.edits.map((each): ValueEdit => {
    if (each.edit === 'text' || each.edit === 'removeAt') return each;
    const path = change(each.path, each.edit === 'set');
    if (each.edit === 'move') return { ...each, path, to: change(each.to, true) };
    return each.edit === 'swap' ? { ...each, path, with: change(each.with, false) } : { ...each, path };
  });
  return { ...remedy, edits };
}
