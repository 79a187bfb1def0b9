/** Whether the tensors of a run agree with those of PyTorch. */
import * as l10n from '@vscode/l10n';

/** Largest differences of one tensor. */
export interface ComparedTensor {
  /** `value/…`, `gradient/…`, `parameter/…` or `loss/…`. */
  name: string;
  /** Largest magnitude in PyTorch in float64. */
  scale: number;
  /** Between the lab and PyTorch, both in float32. */
  difference: number;
  /** Between the lab and PyTorch in float64. */
  error: number;
  /** Between PyTorch in float32 and in float64. */
  errorOfPyTorch: number;
  /**
   * Between the lab and PyTorch in float64 with the derivative of the other side of 0 for inputs of ReLUs that are within rounding of
   * 0; null if there are none.
   */
  errorOnOtherSide: number | null;
}

/** A tensor that cannot be compared. */
export interface UncomparedTensor {
  name: string;
  problem: string;
}

export interface TensorVerdict {
  name: string;
  difference: number | null;
  /** Difference over the scale. */
  relative: number | null;
  tolerance: number;
  outcome: 'agrees' | 'ill-conditioned' | 'differs';
  /** Why it agrees in spite of its difference, or what is wrong. */
  reason: string | null;
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
  tensors: TensorVerdict[];
  /** Why PyTorch could not train it, or null. */
  problem: string | null;
}

export type TensorKind = 'value' | 'gradient' | 'parameter' | 'loss';

/** Largest difference over the scale. Parameters and losses add up the rounding errors of the steps. */
export const tolerances: Record<TensorKind, number> = { value: 1e-5, gradient: 1e-4, parameter: 1e-4, loss: 1e-4 };

/** A tensor whose values are this much smaller than the largest of its kind is mostly rounding error; it is compared at this share. */
const smallestScale = 1e-2;

/** The lab's error may be this many times PyTorch's own where the problem is ill-conditioned. */
const errorRatio = 10;

export function judge(tensors: readonly (ComparedTensor | UncomparedTensor)[]): TensorVerdict[] {
  const scales = new Map<string, number>();
  for (const tensor of tensors) {
    if ('problem' in tensor || !Number.isFinite(tensor.scale)) continue;
    const kind = kindOf(tensor.name);
    scales.set(kind, Math.max(scales.get(kind) ?? 0, tensor.scale));
  }
  return tensors.map((tensor) => verdictOf(tensor, scales.get(kindOf(tensor.name)) ?? 0));
}

function kindOf(name: string): TensorKind {
  return name.slice(0, name.indexOf('/')) as TensorKind;
}

function verdictOf(tensor: ComparedTensor | UncomparedTensor, largestScale: number): TensorVerdict {
  const { name } = tensor;
  const tolerance = tolerances[kindOf(name)];
  if ('problem' in tensor) {
    return { name, difference: null, relative: null, tolerance, outcome: 'differs', reason: tensor.problem };
  }
  const { difference, error, errorOfPyTorch, errorOnOtherSide } = tensor;
  const scale = Math.max(tensor.scale, smallestScale * largestScale);
  const relative = difference === 0 ? 0 : difference / scale;
  if (relative <= tolerance) return { name, difference, relative, tolerance, outcome: 'agrees', reason: null };
  if (error <= errorRatio * errorOfPyTorch) {
    const own = (errorOfPyTorch / scale).toExponential(1);
    const reason = l10n.t`PyTorch's own float32 differs from its float64 by ${own} of the scale`;
    return { name, difference, relative, tolerance, outcome: 'ill-conditioned', reason };
  }
  if (errorOnOtherSide !== null && errorOnOtherSide <= tolerance * scale) {
    const reason = l10n.t('the input of a ReLU is within rounding of 0, where its derivative jumps');
    return { name, difference, relative, tolerance, outcome: 'ill-conditioned', reason };
  }
  return { name, difference, relative, tolerance, outcome: 'differs', reason: l10n.t('beyond the tolerance') };
}
