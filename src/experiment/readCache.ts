/**
 * Results of the checks of arms, by what the arms contain. While a person writes, an edit changes one arm, and the others need no new check.
 * Experiments that name files are not cached, because the files can change.
 */
import { fileSources } from './dataFiles';
import type { Finding } from './findings';
import type { Experiment } from './schema';

export interface CheckedArm {
  experiment: Experiment | null;
  findings: readonly Finding[];
}

/** Upper limit of all keys, in characters. The oldest entries are evicted. */
const mostCharacters = 2_000_000;

export class ReadCache {
  private readonly entries = new Map<string, CheckedArm>();
  private characters = 0;

  /** @param input Everything that the check depends on. */
  get(input: unknown, check: () => CheckedArm): CheckedArm {
    const key = JSON.stringify(input);
    const known = this.entries.get(key);
    if (known) return known;
    const checked = check();
    if (!checked.experiment || fileSources(checked.experiment).length > 0 || key.length > mostCharacters / 10)
      return checked;
    this.entries.set(key, checked);
    this.characters += key.length;
    for (const oldest of this.entries.keys()) {
      if (this.characters <= mostCharacters) break;
      this.entries.delete(oldest);
      this.characters -= oldest.length;
    }
    return checked;
  }
}
