/** Arms of several run folders beside each other in the panel. */
import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { Hydrate, Reading, StoredFrames } from '../protocol';
import type { ComparedChoice, ComparedHydration } from '../runs/folder/comparedHydration';
import type { Watch } from './latestRequest';
import type { Shown } from './webviewPanel';

export class ComparedRuns implements Shown {
  constructor(
    /** What is compared, so that it is found again after a reload of the window. */
    readonly compared: readonly ComparedChoice[],
    private readonly read: ComparedHydration,
  ) {}

  hydration(): Hydrate {
    return this.read.content;
  }

  frames(id: string): StoredFrames | null {
    const run = this.read.content.runs.find((each) => each.id === id);
    return run && !run.evicted ? run : this.read.frames(id);
  }

  /** Without effect: nothing trains. */
  async control(): Promise<void> {}

  /** Without effect: the page offers no forks of these runs. */
  async steer(): Promise<void> {}

  async runAgain(): Promise<void> {
    throw new Error(l10n.t('A comparison cannot run again: open one of its runs.'));
  }
}

/** Reads what is compared. @returns Undefined if it is no longer wanted. @throws RunFolderError */
export type ReadCompared = (
  choices: readonly ComparedChoice[],
  watch: Watch<Reading>,
) => Promise<ComparedRuns | undefined>;

export const readCompared: ReadCompared = async (choices, { isWanted, report }) => {
  const [{ comparingFolders }, { bitByBit }] = await Promise.all([
    import('../runs/folder/comparedHydration'),
    import('../runs/pieces'),
  ]);
  const progress = (share: number) => {
    if (share < 1) report({ name: l10n.t('Comparison'), share });
  };
  const read = await bitByBit(comparingFolders(choices, `comparison ${randomUUID()}`, progress), isWanted);
  return read ? new ComparedRuns(choices, read) : undefined;
};
