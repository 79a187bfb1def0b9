/** Settings that can change while a run trains: their values at a step, and in words. */
import { formatCount, formatPlain } from './numbers';

export interface ChangingSettings {
  /** The value that the schedule scales. */
  learningRate: number;
  /** Momentum of SGD; 0 in other optimizers, which have none. */
  momentum: number;
  weightDecay: number;
  batchSize: number;
  /** Training too is normalized by the running statistics, which stay as they are; see `freezeAt`. */
  freezeStatistics: boolean;
}

/** Settings from a step on: the update after `at` earlier ones is the first that is made with them. */
export interface SettingsChange extends Partial<ChangingSettings> {
  at: number;
}

/** Settings that changed in a run. */
export interface MadeChange extends SettingsChange {
  /** Changed by a person while the run trained; else planned in the experiment. */
  byHand: boolean;
}

/** The changeable settings that a run starts with. */
export interface Steerable extends Omit<ChangingSettings, 'momentum' | 'freezeStatistics'> {
  /** Null where the optimizer has none. */
  momentum: number | null;
  /** Whether a schedule scales the learning rate. */
  scheduled: boolean;
  /** Whether running statistics exist that could be frozen. */
  statistics: boolean;
}

/** How each setting is called, in full and in the names of forks. */
const names: Record<keyof ChangingSettings, { full: string; brief: string }> = {
  learningRate: { full: 'learning rate', brief: 'rate' },
  momentum: { full: 'momentum', brief: 'momentum' },
  weightDecay: { full: 'weight decay', brief: 'weight decay' },
  batchSize: { full: 'batch size', brief: 'batch' },
  freezeStatistics: { full: 'running statistics', brief: 'statistics' },
};
const settingNames = Object.keys(names) as (keyof ChangingSettings)[];

/** The settings at a step: the first ones with all changes made up to there. */
export function settingsAfter(
  first: ChangingSettings,
  changes: readonly SettingsChange[],
  step: number,
): ChangingSettings {
  return Object.assign({ ...first }, ...changes.filter(({ at }) => at <= step).map(settingsOf));
}

/** The same for a run as messages describe it; null where an old record does not say what the run started with. */
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

/** Of the wanted settings those that differ from the ones before. */
export function differing(wanted: Partial<ChangingSettings>, before: ChangingSettings): Partial<ChangingSettings> {
  return Object.fromEntries(
    Object.entries(settingsOf(wanted)).filter(([name, value]) => value !== before[name as keyof ChangingSettings]),
  );
}

/** `learning rate 0.02 (÷ 5), running statistics frozen`. @param before Where it is known, a learning rate has its factor. */
export function settingsInWords(settings: Partial<ChangingSettings>, before: ChangingSettings | null): string {
  return inWords(settings, 'full', (value, name) => {
    if (name === 'batchSize') return formatCount(value);
    return `${formatPlain(value)}${name === 'learningRate' && before ? factor(value / before.learningRate) : ''}`;
  });
}

/** `rate 0.01, batch 32`, all digits of each number: names of forks differ where their settings do. */
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
    const written = typeof value === 'boolean' ? (value ? 'frozen' : 'moving') : write(value, name);
    return [`${names[name][length]} ${written}`];
  });
  return parts.join(', ');
}

function factor(ratio: number): string {
  if (ratio === 1 || !Number.isFinite(ratio) || ratio === 0) return '';
  const size = Number((ratio < 1 ? 1 / ratio : ratio).toPrecision(3));
  return ` (${ratio < 1 ? '÷' : '×'} ${formatPlain(size)})`;
}
