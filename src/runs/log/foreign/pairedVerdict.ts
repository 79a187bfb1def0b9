/**
 * Compares two arms of logs by the last values of a tag, with the statistics of claims. Runs are paired by the numbers of their
 * seeds, and nothing more is known of what a pair shares.
 */
import * as l10n from '@vscode/l10n';
import { leastPairs, type Verdict, verdicts } from '../../../experiment/claims/verdict';
import type { PanelCompare } from '../../../protocol';
import { count } from '../../../shared/counts';
import { noSeed } from '../../../shared/noSeed';
import { formatCount } from '../../../shared/numbers';

export interface LastOfRun {
  arm: string;
  /** `noSeed` if no folder names one. */
  seed: number;
  isGrowing: boolean;
  /** The last value of the tag, and its step; null if the run has none. */
  last: { step: number; value: number } | null;
}

type Comparison = Pick<PanelCompare, 'tag' | 'better' | 'than' | 'direction'>;

export function pairedVerdict(runs: readonly LastOfRun[], { tag, better, than, direction }: Comparison): Verdict {
  const here = runs.filter(({ arm, seed }) => seed !== noSeed && (arm === better || arm === than));
  const seeds = new Set(here.map(({ seed }) => seed));
  const logged = here.flatMap(({ last, ...run }) => (last ? [{ ...run, ...last }] : []));
  const inBoth = new Set(
    [...seeds].filter((seed) =>
      [better, than].every((arm) => logged.some((run) => run.arm === arm && run.seed === seed)),
    ),
  );
  const paired = logged.filter(({ seed }) => inBoth.has(seed));
  const claim = {
    says:
      direction === 'less'
        ? l10n.t`${better} has a smaller last value of ${tag} than ${than}`
        : l10n.t`${better} has a larger last value of ${tag} than ${than}`,
    // Not the tag alone: a number whose unit is unknown must not be taken for a share.
    metric: l10n.t`last value of ${tag}`,
    take: 'final',
    direction,
    better,
    than,
    by: 0,
    compare: 'same',
    diverged: 'exclude',
  } as const;
  const [verdict] = verdicts(
    [claim],
    paired.map(({ arm, seed, value, step }) => ({
      arm,
      seed,
      point: {},
      status: 'completed',
      final: null,
      steps: step,
      channels: [],
      series: () => ({ steps: [step], values: [value] }),
    })),
  );
  const unusable = inBoth.size - verdict.pairs;
  const sentences = [
    verdict.pairs < leastPairs
      ? verdict.pairs === 1
        ? l10n.t`There is 1 pair, and a verdict needs at least ${leastPairs}.`
        : l10n.t`There are ${count(verdict.pairs, 'pair')}, and a verdict needs at least ${leastPairs}.`
      : verdict.reason,
    inBoth.size === 1
      ? l10n.t`1 of ${count(seeds.size, 'seed')} has the tag in both arms.`
      : l10n.t`${formatCount(inBoth.size)} of ${count(seeds.size, 'seed')} have the tag in both arms.`,
    unusable > 0
      ? l10n.t`In ${formatCount(unusable)} of them a last value is infinite, not a number, or too large.`
      : '',
    stepsInWords(paired.map(({ step }) => step)),
    paired.some(({ isGrowing }) => isGrowing)
      ? l10n.t('Some of the runs still grow: compare again when they have ended.')
      : '',
  ];
  return {
    ...verdict,
    compared: claim.metric,
    reason: sentences.filter(Boolean).join(' '),
    way: l10n.t(
      'Runs are paired by the numbers of their seed folders. The logs do not show whether a pair had the same data, initial weights and settings.',
    ),
    change: [],
  };
}

function stepsInWords(steps: readonly number[]): string {
  if (steps.length === 0) return '';
  const [first, last] = [steps.reduce((a, b) => Math.min(a, b)), steps.reduce((a, b) => Math.max(a, b))];
  return first === last
    ? l10n.t`All last values are of step ${formatCount(first)}.`
    : l10n.t`The last values are of different steps, ${formatCount(first)} to ${formatCount(last)}.`;
}
