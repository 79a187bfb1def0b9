/** The one number of a run that a claim compares. */
import type { FinalResults } from '../../engine/results';
import type { Claim } from '../schema';

/** What is known of a run that has ended. */
export interface EndedRun {
  arm: string;
  seed: number;
  point: Readonly<Record<string, unknown>>;
  status: 'completed' | 'diverged' | 'cancelled' | 'failed';
  final: FinalResults | null;
  /** Planned number of steps. */
  steps: number;
  /** What was taken of the run for each claim, in their order, where its frames are no longer held. */
  numbers?: readonly (number | undefined)[];
  /** Completed, with a lower training loss at its end than at its beginning; undefined where that is not known. */
  converged?: boolean;
  /** A channel's values at its frames, NaN where it was not measured; null when the run has no such channel. */
  series(channel: string): { steps: ArrayLike<number>; values: ArrayLike<number> } | null;
}

/** Results by the name that a claim has for them, and the channels that hold their course. */
const courses: Record<string, string> = {
  testAccuracy: 'network/test/accuracy',
  trainAccuracy: 'network/train/accuracy',
  testLoss: 'network/test/loss',
  trainLoss: 'network/train/loss',
};

/** Whether a smaller number is the better one. */
export function smallerIsBetter({ metric, take, direction }: Claim): boolean {
  if (direction !== undefined) return direction === 'less';
  return take === 'stepsTo' || /loss$/i.test(metric);
}

/** Undefined where the run has no such number. */
export function metricOf(run: EndedRun, claim: Claim): number | undefined {
  const result = finalResult(run, claim.metric);
  if (claim.take === 'final' && result !== undefined) return result;
  const series = run.series(courses[claim.metric] ?? claim.metric);
  if (!series) return undefined;
  const known = Array.from(series.steps, (step, k) => ({ step, value: series.values[k] })).filter(({ value }) =>
    Number.isFinite(value),
  );
  if (known.length === 0) return undefined;
  const values = known.map(({ value }) => value);
  switch (claim.take) {
    case 'final':
      return values[values.length - 1];
    case 'best':
      return smallerIsBetter(claim) ? Math.min(...values) : Math.max(...values);
    case 'average':
      return timeAverage(known);
    case 'growth':
      return values[values.length - 1] / values[0];
    case 'stepsTo':
      return stepsTo(known, claim.reach ?? Number.NaN, /loss$/i.test(claim.metric)) ?? run.steps + 1;
    default:
      return claim.take satisfies never;
  }
}

function finalResult({ final, status }: EndedRun, metric: string): number | undefined {
  const value = status === 'completed' ? final?.[metric as keyof FinalResults] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The area under the curve, by trapezoids, over its length. */
function timeAverage(known: readonly { step: number; value: number }[]): number {
  const length = known[known.length - 1].step - known[0].step;
  if (length === 0) return known[0].value;
  let area = 0;
  for (let k = 1; k < known.length; k++) {
    area += ((known[k].value + known[k - 1].value) / 2) * (known[k].step - known[k - 1].step);
  }
  return area / length;
}

/** The first step at which a value is reached, from above where it is a loss, else from below. */
function stepsTo(
  known: readonly { step: number; value: number }[],
  reach: number,
  downwards: boolean,
): number | undefined {
  return known.find(({ value }) => (downwards ? value <= reach : value >= reach))?.step;
}
