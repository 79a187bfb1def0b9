/**
 * Compares arms of any run folders: the settings that differ, the results of each with the interval of their mean, and differences
 * from the first. Differences are in pairs where two arms share seeds and data, and the comparison says where they do not.
 */
import * as l10n from '@vscode/l10n';
import type { FinalResults } from '../../engine/results';
import type { RunStatus } from '../../shared/progress';
import type { Point } from '../../shared/sweep/grid';
import { bootstrapInterval, mean } from '../claims/inference';
import { dataFiles } from '../dataFiles';
import type { Experiment } from '../schema';
import { count } from '../words';
import { type DifferingSetting, differingSettings, isSame } from './settings';

/** A run of a compared arm. */
export interface ComparedRun {
  seed: number;
  status: RunStatus;
  final: FinalResults | null;
  /** Whether settings were changed manually while it trained. */
  isChanged: boolean;
  /** Hashes of its data files by property; null if they are unknown. */
  data: Readonly<Record<string, string>> | null;
}

/** An arm of a run folder, at one point of its sweep. */
export interface ComparedArm {
  /** Unique among the compared arms. */
  label: string;
  folder: string;
  arm: string;
  point: Point;
  /** Version of the engine that trained it. */
  engine: string;
  /** Its resolved experiment; null if it cannot be read. */
  experiment: Experiment | null;
  runs: readonly ComparedRun[];
}

export type ComparedMetric = keyof FinalResults;

export const comparedMetrics: readonly ComparedMetric[] = ['testAccuracy', 'testLoss', 'trainAccuracy', 'trainLoss'];

/** A mean with its bootstrap interval of 95 %; null for fewer than four values. */
export interface Estimate {
  mean: number;
  interval: [low: number, high: number] | null;
  /** Number of values. */
  number: number;
}

/** Difference of an arm from the first. */
export interface ArmDifference extends Estimate {
  /** `number` is that of the pairs; without pairs the difference of two means, which has no interval. */
  paired: boolean;
}

export interface ArmResult {
  /** Over the seeds of the arm; null if no run has this result. */
  value: Estimate | null;
  /** Null for the first arm, and if either has no result. */
  difference: ArmDifference | null;
}

export interface ComparisonRow {
  label: string;
  folder: string;
  arm: string;
  seeds: number;
  /** Number of runs per status. */
  outcome: Partial<Record<RunStatus, number>>;
  results: Partial<Record<ComparedMetric, ArmResult>>;
  /** Why the arm is not compared in pairs with the first, as a sentence; null if it is. */
  unpaired: string | null;
}

export interface Comparison {
  /** Metrics that at least one arm has. */
  metrics: ComparedMetric[];
  /** In the order of the arms; the others are compared with the first. */
  rows: ComparisonRow[];
  settings: DifferingSetting[];
  /** Sentences. */
  remarks: string[];
}

/** In slices, because each interval takes some milliseconds. @param arms At least one. */
export function* comparing(arms: readonly ComparedArm[]): Generator<void, Comparison> {
  const metrics = comparedMetrics.filter((metric) => arms.some(({ runs }) => valuesOf(runs, metric).size > 0));
  const [first] = arms;
  const rows: ComparisonRow[] = [];
  for (const arm of arms) {
    const unpaired = arm === first ? null : whyUnpaired(first, arm);
    const results: ComparisonRow['results'] = {};
    for (const metric of metrics) {
      const values = valuesOf(arm.runs, metric);
      const value = estimate(
        [...values.values()],
        metric.endsWith('Accuracy') ? [0, 1] : [0, Number.POSITIVE_INFINITY],
      );
      const other = arm === first ? null : valuesOf(first.runs, metric);
      results[metric] = { value, difference: other && differenceOf(metric, values, other, unpaired === null) };
      yield;
    }
    const { label, folder, arm: name, runs } = arm;
    rows.push({ label, folder, arm: name, seeds: runs.length, outcome: outcomeOf(runs), results, unpaired });
  }
  return {
    metrics,
    rows,
    settings: differingSettings(arms.map(({ experiment }) => experiment)),
    remarks: remarksOn(arms),
  };
}

/** Results of completed runs by seed. A run whose settings were changed manually is not one of its arm. */
function valuesOf(runs: readonly ComparedRun[], metric: ComparedMetric): Map<number, number> {
  return new Map(
    runs.flatMap(({ seed, status, final, isChanged }): [number, number][] => {
      const value = status === 'completed' && !isChanged ? final?.[metric] : undefined;
      return typeof value === 'number' && Number.isFinite(value) ? [[seed, value]] : [];
    }),
  );
}

/** @param bounds The values that are possible: an interval of few values may be wider. */
function estimate(values: readonly number[], [least, most]: readonly [number, number]): Estimate | null {
  if (values.length === 0) return null;
  const interval = bootstrapInterval(values);
  return {
    mean: mean(values),
    interval: interval && [Math.max(least, interval[0]), Math.min(most, interval[1])],
    number: values.length,
  };
}

function differenceOf(
  metric: ComparedMetric,
  values: ReadonlyMap<number, number>,
  first: ReadonlyMap<number, number>,
  paired: boolean,
): ArmDifference | null {
  if (paired) {
    const differences = [...values].flatMap(([seed, value]) => {
      const other = first.get(seed);
      return other === undefined ? [] : [value - other];
    });
    const most = metric.endsWith('Accuracy') ? 1 : Number.POSITIVE_INFINITY;
    const known = estimate(differences, [-most, most]);
    return known && { ...known, paired };
  }
  if (values.size === 0 || first.size === 0) return null;
  const difference = mean([...values.values()]) - mean([...first.values()]);
  return { mean: difference, interval: null, number: Math.min(values.size, first.size), paired };
}

/** Why two arms have no pairs, as a sentence; null if they have some. */
function whyUnpaired(first: ComparedArm, other: ComparedArm): string | null {
  const seeds = new Map(first.runs.map((run) => [run.seed, run]));
  const pairs = other.runs.flatMap((run): [ComparedRun, ComparedRun][] => {
    const base = seeds.get(run.seed);
    return base ? [[base, run]] : [];
  });
  if (pairs.length === 0) return l10n.t('Not paired: it shares no seed with the first.');
  if (!first.experiment || !other.experiment)
    return l10n.t('Not paired: its data are unknown, because its settings cannot be read.');
  if (!isSame(first.experiment.data, other.experiment.data)) return l10n.t('Not paired: it has different data.');
  if (dataFiles(first.experiment.data).length > 0) {
    if (pairs.some((pair) => pair.some(({ data }) => data === null)))
      return l10n.t('Not paired: it is unknown whether its data files had the same content.');
    if (pairs.some(([a, b]) => !isSame(a.data, b.data)))
      return l10n.t('Not paired: its data files had a different content.');
  }
  return null;
}

function outcomeOf(runs: readonly ComparedRun[]): ComparisonRow['outcome'] {
  const outcome: ComparisonRow['outcome'] = {};
  for (const { status } of runs) outcome[status] = (outcome[status] ?? 0) + 1;
  return outcome;
}

function remarksOn(arms: readonly ComparedArm[]): string[] {
  const engines = [
    ...new Set(arms.map(({ engine }) => engine || l10n.t({ message: 'unknown', comment: 'Version of the engine' }))),
  ];
  const changed = arms.flatMap(({ runs }) => runs.filter(({ isChanged }) => isChanged)).length;
  const uncounted = arms.flatMap(({ runs }) => runs.filter(({ status }) => status !== 'completed')).length;
  const unknown = arms.filter(({ experiment }) => !experiment).map(({ label }) => label);
  return [
    ...(engines.length > 1
      ? [
          l10n.t`The runs were trained by different versions (${engines.join(', ')}): part of a difference may be theirs.`,
        ]
      : []),
    ...(uncounted > 0
      ? [
          uncounted === 1
            ? l10n.t`${count(uncounted, 'run')} without a result does not count.`
            : l10n.t`${count(uncounted, 'run')} without a result do not count.`,
        ]
      : []),
    ...(changed > 0
      ? [
          changed === 1
            ? l10n.t`${count(changed, 'run')} whose settings were changed manually does not count.`
            : l10n.t`${count(changed, 'run')} whose settings were changed manually do not count.`,
        ]
      : []),
    ...(unknown.length > 0 ? [l10n.t`The settings of ${unknown.join(', ')} cannot be read.`] : []),
  ];
}
