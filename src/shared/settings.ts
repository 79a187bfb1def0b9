/** Settings that can change while a run trains: their values at a step, and their text. */
import * as l10n from '@vscode/l10n';
import { formatCount, formatPlain } from './numbers';

export interface ChangingSettings {
  /** The value that the schedule scales. */
  learningRate: number;
  /** Momentum of SGD; 0 in other optimizers, which have none. */
  momentum: number;
  weightDecay: number;
  batchSize: number;
  /** Whether training also normalizes with the running statistics, which are then constant; see `freezeAt`. */
  freezeStatistics: boolean;
}

/** Settings from a step on. The first update that uses them is the one after `at` earlier updates. */
export interface SettingsChange extends Partial<ChangingSettings> {
  at: number;
}

/** Settings that changed in a run. */
export interface MadeChange extends SettingsChange {
  /** Whether a user made the change while the run trained; otherwise the experiment planned it. */
  byHand: boolean;
}

/** Initial values of the settings that can change. */
export interface Steerable extends Omit<ChangingSettings, 'momentum' | 'freezeStatistics'> {
  /** Null if the optimizer has no momentum. */
  momentum: number | null;
  /** Whether a schedule scales the learning rate. */
  scheduled: boolean;
  /** Whether the network has running statistics that can be frozen. */
  statistics: boolean;
}

/** Names of the settings, in full and in the names of forks. */
const names: Record<keyof ChangingSettings, { full: string; brief: string }> = {
  learningRate: { full: l10n.t('learning rate'), brief: l10n.t('rate') },
  momentum: { full: l10n.t('momentum'), brief: l10n.t('momentum') },
  weightDecay: { full: l10n.t('weight decay'), brief: l10n.t('weight decay') },
  batchSize: { full: l10n.t('batch size'), brief: l10n.t({ message: 'batch', comment: 'Batch size' }) },
  freezeStatistics: { full: l10n.t('running statistics'), brief: l10n.t('statistics') },
};
const frozen = l10n.t({ message: 'frozen', comment: 'Running statistics' });
const moving = l10n.t({ message: 'moving', comment: 'Running statistics' });
const settingNames = Object.keys(names) as (keyof ChangingSettings)[];

/** Settings at a step: the initial ones with all changes up to that step. */
export function settingsAfter(
  first: ChangingSettings,
  changes: readonly SettingsChange[],
  step: number,
): ChangingSettings {
  return Object.assign({ ...first }, ...changes.filter(({ at }) => at <= step).map(settingsOf));
}

/** The same for a run as messages describe it; null if an old record lacks the initial settings. */
export function settingsAt(
  { settings, changes }: { settings: Steerable | null; changes: readonly SettingsChange[] },
  step: number,
): ChangingSettings | null {
  if (!settings) return null;
  const { learningRate, momentum, weightDecay, batchSize } = settings;
  const first = { learningRate, momentum: momentum ?? 0, weightDecay, batchSize, freezeStatistics: false };
  return settingsAfter(first, changes, step);
}

/** The settings alone, without the step and the origin of the change. */
export function settingsOf(change: Partial<ChangingSettings>): Partial<ChangingSettings> {
  const set = settingNames.filter((name) => change[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, change[name]]));
}

/** The wanted settings that differ from the previous ones. */
export function differing(wanted: Partial<ChangingSettings>, before: ChangingSettings): Partial<ChangingSettings> {
  return Object.fromEntries(
    Object.entries(settingsOf(wanted)).filter(([name, value]) => value !== before[name as keyof ChangingSettings]),
  );
}

/** Formats settings: `learning rate 0.02 (÷ 5), running statistics frozen`. @param before Adds the factor of a learning rate. */
export function settingsInWords(settings: Partial<ChangingSettings>, before: ChangingSettings | null): string {
  return inWords(settings, 'full', (value, name) => {
    if (name === 'batchSize') return formatCount(value);
    return `${formatPlain(value)}${name === 'learningRate' && before ? factor(value / before.learningRate) : ''}`;
  });
}

/** Formats settings for names of forks: `rate 0.01, batch 32`, with all digits, so that different settings have different names. */
export function settingsInBrief(settings: Partial<ChangingSettings>): string {
  return inWords(settings, 'brief', String);
}

function inWords(
  settings: Partial<ChangingSettings>,
  length: 'full' | 'brief',
  write: (value: number, name: keyof ChangingSettings) => string,
): string {
  const parts = settingNames.flatMap((name) => {
    const value = settings[name];
    if (value === undefined) return [];
    const written = typeof value === 'boolean' ? (value ? frozen : moving) : write(value, name);
    return [`${names[name][length]} ${written}`];
  });
  return parts.join(', ');
}

function factor(ratio: number): string {
  if (ratio === 1 || !Number.isFinite(ratio) || ratio === 0) return '';
  const size = Number((ratio < 1 ? 1 / ratio : ratio).toPrecision(3));
  return ` (${ratio < 1 ? '÷' : '×'} ${formatPlain(size)})`;
}
