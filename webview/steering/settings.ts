/** The settings of a run at a step, and its changes in words. */
import type { ChangingSettings, MadeChange, RunState } from '../../src/protocol';
import { formatCount, formatPlain } from '../../src/shared/numbers';

/** Null where the host does not say what the run began with. */
export function settingsAt({ settings, changes }: RunState, step: number): ChangingSettings | null {
  if (!settings) return null;
  const { learningRate, momentum, weightDecay, batchSize } = settings;
  const first = { learningRate, momentum: momentum ?? 0, weightDecay, batchSize, freezeStatistics: false };
  return Object.assign(
    first,
    ...changes.filter(({ at }) => at <= step).map(({ at: _, byHand: __, ...changed }) => changed),
  );
}

/** Changes that a run does not share with the one that it leaves. */
export function ownChanges({ changes, fork }: RunState): MadeChange[] {
  return fork ? changes.filter(({ at }) => at >= fork.step) : changes;
}

/** `learning rate 0.02 (÷ 5)`. */
export function changeWords(state: RunState, change: MadeChange): string {
  const before = settingsAt({ ...state, changes: state.changes.slice(0, state.changes.indexOf(change)) }, change.at);
  const { learningRate, momentum, weightDecay, batchSize, freezeStatistics } = change;
  const words: string[] = [];
  if (learningRate !== undefined) {
    words.push(`learning rate ${formatPlain(learningRate)}${before ? factor(learningRate / before.learningRate) : ''}`);
  }
  if (momentum !== undefined) words.push(`momentum ${formatPlain(momentum)}`);
  if (weightDecay !== undefined) words.push(`weight decay ${formatPlain(weightDecay)}`);
  if (batchSize !== undefined) words.push(`batch size ${formatCount(batchSize)}`);
  if (freezeStatistics !== undefined) words.push(`running statistics ${freezeStatistics ? 'frozen' : 'moving again'}`);
  return words.join(', ');
}

function factor(ratio: number): string {
  if (ratio === 1) return '';
  const size = Number((ratio < 1 ? 1 / ratio : ratio).toPrecision(3));
  return ` (${ratio < 1 ? '÷' : '×'} ${formatPlain(size)})`;
}
