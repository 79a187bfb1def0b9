/** Whether the tensors of a run agree with those of PyTorch. */
import * as l10n from '@vscode/l10n';

/** Largest differences of one tensor. Those that are not finite are Infinity. */
export interface ComparedTensor {
  /** `value/…`, `gradient/…`, `parameter/…` or `loss/…`. */
  name: string;
  /** Largest magnitude in PyTorch in float64; at least a hundredth of the largest of its kind, as smaller ones are mostly rounding errors. */
  scale: number;
  /** Between the lab and PyTorch, both in float32. */
  difference: number;
  /** Between the lab and PyTorch in float64. */
  error: number;
  /** Between PyTorch in float64 and each perturbed training. */
  spreads: readonly number[];
  /** Between the lab and the perturbed training that is nearest to it. */
  nearest: number;
}

/** A tensor that cannot be compared. */
export interface UncomparedTensor {
  name: string;
  /** Clause that says why. */
  problem: string;
}

export type Outcome = 'agrees' | 'ill-conditioned' | 'differs';

export interface TensorVerdict {
  name: string;
  difference: number | null;
  /** Difference over the scale. */
  relative: number | null;
  tolerance: number;
  outcome: Outcome;
  /** Why it agrees in spite of its difference, or what is wrong. */
  reason: string | null;
  /** Difference to PyTorch in float64. */
  error: number | null;
  /** Largest difference between PyTorch in float64 and one of the perturbed trainings. */
  spread: number | null;
  /** How many times larger the relative change of the tensor is than the perturbation that causes it, at most. */
  amplification: number | null;
}

/** How much a run differs from PyTorch. */
export interface Certificate {
  /** Id of the experiment. */
  experiment: string;
  /** Id of the run. */
  run: string;
  arm: string;
  seed: number;
  /** Compared steps. */
  steps: number;
  /** Version of PyTorch. */
  pytorch: string;
  /** Whether dropout and noise were replaced by their means. */
  withoutNoise: boolean;
  /** Sizes of the perturbations of the perturbed trainings, in rounding errors of float32. */
  perturbations: readonly number[];
  /** The worst of its tensors. */
  outcome: Outcome;
  tensors: TensorVerdict[];
  /** Why PyTorch could not train it, or null. */
  problem: string | null;
}

export type TensorKind = 'value' | 'gradient' | 'parameter' | 'loss';

/** Largest difference over the scale. Parameters and losses add up the rounding errors of the steps. */
export const tolerances: Record<TensorKind, number> = { value: 1e-5, gradient: 1e-4, parameter: 1e-4, loss: 1e-4 };

/** Largest relative error of one rounding to float32. */
const roundingError = 2 ** -24;

/**
 * Sizes of the perturbations, in rounding errors, by the need for them: always, where a difference exceeds its tolerance, and where the
 * former do not explain it. Sums of hundreds of products have several times the error of one rounding. Where rounding moves the input of
 * a ReLU across 0, about half of the trainings with much larger perturbations do too, but small ones can all miss it.
 */
export const perturbations: readonly (readonly number[])[] = [
  [16],
  [4, 1, 16, 4, 16, 1, 4, 16],
  [16, 4, 16, 16, 16, 4, 16, 16, 16, 4, 16, 16],
];

/** Rounding explains an error up to this many times the spread of the perturbed trainings. */
export const explainedSpread = 3;

/** @param sizes The sizes of the perturbations, in rounding errors. */
export function judge(
  tensors: readonly (ComparedTensor | UncomparedTensor)[],
  sizes: readonly number[],
): TensorVerdict[] {
  return tensors.map((tensor) =>
    'problem' in tensor ? uncompared(tensor) : { ...measured(tensor, sizes), ...verdictOf(tensor) },
  );
}

/** The worst outcome. */
export function outcomeOf(problem: string | null, tensors: readonly Pick<TensorVerdict, 'outcome'>[]): Outcome {
  const has = (each: Outcome) => tensors.some(({ outcome }) => outcome === each);
  if (problem !== null || has('differs')) return 'differs';
  return has('ill-conditioned') ? 'ill-conditioned' : 'agrees';
}

function uncompared({ name, problem }: UncomparedTensor): TensorVerdict {
  const tolerance = toleranceOf(name);
  const nothing = { difference: null, relative: null, error: null, spread: null, amplification: null };
  return { name, ...nothing, tolerance, outcome: 'differs', reason: problem };
}

function toleranceOf(name: string): number {
  return tolerances[name.slice(0, name.indexOf('/')) as TensorKind];
}

function measured({ name, scale, difference, error, spreads }: ComparedTensor, sizes: readonly number[]) {
  const amplifications = spreads.map((spread, k) => relativeTo(scale, spread) / (sizes[k] * roundingError));
  return {
    name,
    difference,
    relative: relativeTo(scale, difference),
    tolerance: toleranceOf(name),
    error,
    spread: Math.max(...spreads),
    amplification: Math.max(...amplifications),
  };
}

function relativeTo(scale: number, difference: number): number {
  return difference === 0 ? 0 : difference / scale;
}

function verdictOf(tensor: ComparedTensor): Pick<TensorVerdict, 'outcome' | 'reason'> {
  const { name, scale, difference, error, spreads, nearest } = tensor;
  const limit = toleranceOf(name) * scale;
  if (difference <= limit) return { outcome: 'agrees', reason: null };
  if (error <= limit) {
    return { outcome: 'agrees', reason: l10n.t('agrees with PyTorch in float64; its float32 differs') };
  }
  if (nearest <= limit) {
    return { outcome: 'agrees', reason: l10n.t('agrees with PyTorch in float64 with other rounding errors') };
  }
  const spread = Math.max(...spreads);
  const share = relativeTo(scale, spread).toExponential(1);
  if (error <= explainedSpread * spread) {
    return { outcome: 'ill-conditioned', reason: l10n.t`rounding errors change it by ${share} of the scale` };
  }
  const reason = l10n.t`beyond the tolerance; rounding errors change it by ${share} of the scale`;
  return { outcome: 'differs', reason };
}
