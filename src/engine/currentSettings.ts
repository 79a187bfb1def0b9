/** The settings of a run as they are now, and the changes of them that lie ahead. */
import { type ChangingSettings, type SettingsChange, settingsOf } from '../shared/settings';
import type { TrainingSpecification } from './specification';

/** The initial settings of a run. */
export function firstSettings({ optimizer, batchSize }: TrainingSpecification): ChangingSettings {
  const { learningRate, weightDecay } = optimizer;
  const momentum = optimizer.kind === 'sgd' ? optimizer.momentum : 0;
  return { learningRate, momentum, weightDecay, batchSize, freezeStatistics: false };
}

/** Applies changes in the order of their steps. If two at one step set the same property, the later one counts. */
export function joinChanges(changes: readonly SettingsChange[]): SettingsChange[] {
  const joined = new Map<number, SettingsChange>();
  for (const change of changes) joined.set(change.at, { ...joined.get(change.at), ...change });
  return [...joined.values()].sort((a, b) => a.at - b.at);
}

export class CurrentSettings {
  private settings: ChangingSettings;
  private readonly ahead: SettingsChange[];

  constructor(training: TrainingSpecification) {
    this.settings = firstSettings(training);
    this.ahead = joinChanges(training.changes ?? []);
  }

  get now(): Readonly<ChangingSettings> {
    return this.settings;
  }

  /** The largest minibatch that there will be. */
  get largestBatch(): number {
    return Math.max(this.settings.batchSize, ...this.ahead.map(({ batchSize }) => batchSize ?? 0));
  }

  /** Applies the changes that are due after the given number of updates. @returns The changes applied now. */
  reach(step: number): SettingsChange[] {
    const due: SettingsChange[] = [];
    while (this.ahead.length > 0 && this.ahead[0].at <= step) due.push(this.ahead.shift() as SettingsChange);
    for (const change of due) this.make(change);
    return due;
  }

  /** Makes a change that was not planned. */
  make(change: SettingsChange): void {
    this.settings = { ...this.settings, ...settingsOf(change) };
  }
}
