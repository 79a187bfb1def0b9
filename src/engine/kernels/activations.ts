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

/**
 * The slope of an activation function given its output y, and the slope below which an output is saturated. Null for
 * functions that do not saturate; their flat side shows as zeros.
 * @param share That slope relative to the steepest.
 */
export function saturation(
  kind: ActivationKind,
  share: number,
): { slopeAt: (y: number) => number; flat: number } | null {
  switch (kind) {
    case 'sigmoid':
      return { slopeAt: (y) => y * (1 - y), flat: share / 4 };
    case 'tanh':
      return { slopeAt: (y) => 1 - y * y, flat: share };
    default:
      return null;
  }
}
