/** Names that the person gave to arms of watched logs. The workspace remembers them by the folder of the logs; the files stay as they are. */
import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';

const key = 'batchnormLab.armNames';
/** Folders whose names are remembered: the last ones. */
const mostFolders = 100;
export const longestName = 200;

export class ArmNames {
  constructor(private readonly memory: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** Names by the arms' own names. */
  of(logs: string): Map<string, string> {
    const stored = this.folders().find(([path]) => path === logs)?.[1];
    return new Map(typeof stored === 'object' && stored !== null ? Object.entries(stored).filter(isName) : []);
  }

  /** @param name Empty to give the arm its own name back. */
  set(logs: string, arm: string, name: string): void {
    const names = this.of(logs);
    names.delete(arm);
    if (name !== '') names.set(arm, name);
    const others = this.folders().filter(([path]) => path !== logs);
    const all = names.size > 0 ? [...others, [logs, Object.fromEntries(names)] as const] : others;
    void this.memory.update(key, all.slice(-mostFolders));
  }

  /** Another version may have stored something else. */
  private folders(): (readonly [path: string, names: unknown])[] {
    const stored = this.memory.get<unknown>(key);
    return Array.isArray(stored) ? stored.filter((each): each is [string, unknown] => Array.isArray(each)) : [];
  }
}

function isName(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string' && entry[1] !== '' && entry[1].length <= longestName;
}

/**
 * The names that arms are shown by: those that the person gave, as far as no other arm has them.
 * @param arms The arms' own names.
 */
export function shownNames(arms: Iterable<string>, given: ReadonlyMap<string, string>): Map<string, string> {
  const own = new Set(arms);
  const taken = new Set([...own].filter((arm) => !given.has(arm)));
  const shown = new Map<string, string>();
  for (const arm of own) {
    const name = given.get(arm) ?? arm;
    const isFree = name === arm || !taken.has(name);
    shown.set(arm, isFree ? name : arm);
    taken.add(isFree ? name : arm);
  }
  return shown;
}

/** What is wrong with a name for an arm, or undefined. @param others Names that other arms are shown by, and their own ones. */
export function nameProblem(name: string, others: readonly string[]): string | undefined {
  if (name.length > longestName) return l10n.t`A name has at most ${longestName} characters.`;
  return others.includes(name) ? l10n.t`“${name}” is a different arm.` : undefined;
}
