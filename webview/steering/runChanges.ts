/** The changes of a run on the page. */
import type { RunState } from '../../src/protocol';
import { type MadeChange, settingsAt, settingsInWords } from '../../src/shared/settings';

/** Changes that a run does not share with the run that it was forked from. */
export function ownChanges({ changes, fork }: RunState): MadeChange[] {
  return fork ? changes.filter(({ at }) => at >= fork.step) : changes;
}

/** `learning rate 0.02 (÷ 5)`. */
export function changeWords({ settings, changes }: RunState, change: MadeChange): string {
  const earlier = changes.slice(0, changes.indexOf(change));
  return settingsInWords(change, settingsAt({ settings, changes: earlier }, change.at));
}
