/** Activation functions of one number: value and derivative side by side. */
import { unexpected } from '../../shared/unexpected';
import { erf, exp, sigmoid, tanh } from '../math';
import type { ActivationKind, ActivationSpecification } from '../specification';

const sqrtHalf = Math.SQRT1_2;
/** 1 / √(2π) */
const inverseSqrtTwoPi = 0.3989422804014327;

export interface ScalarActivation {
  value(x: number): number;
  /** f′(x), given y = f(x). At a kink, the derivative from the left, as in PyTorch. */
  derivative(x: number, y: number): number;
}

/** Standard normal distribution function Φ(x) = (1 + erf(x / √2)) / 2. */
function normalCdf(x: number): number {
  return 0.5 * (1 + erf(x * sqrtHalf));
}

export function scalarActivation({ kind, slope }: ActivationSpecification): ScalarActivation {
  switch (kind) {
    case 'linear':
      return { value: (x) => x, derivative: () => 1 };
    case 'relu':
      // Written so that NaN stays NaN: a run that diverges must be seen to.
      return { value: (x) => (x <= 0 ? 0 : x), derivative: (x) => (x <= 0 ? 0 : 1) };
    case 'leaky-relu':
      return { value: (x) => (x <= 0 ? slope * x : x), derivative: (x) => (x <= 0 ? slope : 1) };
    case 'sigmoid':
      return { value: sigmoid, derivative: (_, y) => y * (1 - y) };
    case 'tanh':
      return { value: tanh, derivative: (_, y) => 1 - y * y };
    case 'gelu':
      // x · Φ(x), exact (Hendrycks & Gimpel 2016); f′ = Φ(x) + x · φ(x).
      return {
        value: (x) => (x === Number.NEGATIVE_INFINITY ? 0 : x * normalCdf(x)),
        derivative: (x) => normalCdf(x) + x * inverseSqrtTwoPi * exp(-0.5 * x * x),
      };
    default:
      return unexpected(kind);
  }
}

/** Below so large a share of the function's steepest slope an output is saturated. */
const flat = 0.1;

/**
 * When an output is saturated: where a measure of the slope, y(1 − y) for the sigmoid and 1 − y² for tanh, lies below a
 * limit. The others don't saturate; their flat side shows as zeros.
 */
export function saturation(kind: ActivationKind): { slope: 'y(1 − y)' | '1 − y²'; below: number } | null {
  switch (kind) {
    case 'sigmoid':
      return { slope: 'y(1 − y)', below: flat / 4 };
    case 'tanh':
      return { slope: '1 − y²', below: flat };
    default:
      return null;
  }
}
