/**
 * Probes read the tensors of the newest pass and put their statistics into a frame, channel by channel.
 * They run on watched steps only; an unwatched step pays nothing.
 */
import { binCount } from '../bins';
import type { Channel, ChannelTap, GradientTap, HistogramPlace, ParameterTap, StatisticsTap } from '../channels';
import type { Kernels, Tensor } from '../kernels/kernels';
import { BlockPass } from '../layers/block';
import type { Tapped, Watched } from '../layers/layer';
import type { NormalizationBuffers } from '../layers/normalization';
import type { Parameter } from '../layers/parameter';
import { ResidualPass } from '../layers/sequence';
import { besselCorrection } from '../layers/statistics';
import type { Pass } from '../network';
import type { LayerSummary } from '../results';
import type { ActivationSpecification, Tap } from '../specification';
import { spread } from '../statistics';

type Quantities = Record<string, number>;

/** Consecutive channels of one layer and tap, measured together. */
interface Group {
  layer: string;
  tap: ChannelTap;
  first: number;
  quantities: string[];
}

function grouped(channels: readonly Channel[]): Group[] {
  const groups: Group[] = [];
  channels.forEach(({ layer, tap, quantity }, index) => {
    const last = groups.at(-1);
    if (last?.layer === layer && last.tap === tap) last.quantities.push(quantity);
    else groups.push({ layer, tap, first: index, quantities: [quantity] });
  });
  return groups;
}

export class Probes {
  private readonly groups: Group[];

  constructor(
    private readonly kernels: Kernels,
    private readonly channels: readonly Channel[],
    private readonly places: readonly HistogramPlace[],
  ) {
    this.groups = grouped(channels);
  }

  /**
   * The values of all channels after a forward and backward pass.
   * @param results Quantities of the whole network by tap (`train`, `test`, `training`); what is missing becomes NaN.
   */
  frame(pass: Pass, results: Partial<Record<ChannelTap, Quantities>>): Float32Array {
    const values = new Float32Array(this.channels.length).fill(Number.NaN);
    const layers = new Map(pass.watched.map((watched) => [watched.name, watched]));
    for (const { layer, tap, first, quantities } of this.groups) {
      const watched = layers.get(layer);
      const measured = watched ? this.measure(watched, tap) : results[tap];
      if (!measured) continue;
      quantities.forEach((quantity, k) => {
        values[first + k] = measured[quantity] ?? Number.NaN;
      });
    }
    return values;
  }

  /** Histograms of all places after a forward and backward pass, `binCount` counts each. */
  histograms(pass: Pass): Uint32Array {
    const counts = new Uint32Array(this.places.length * binCount);
    const layers = new Map(pass.watched.map((watched) => [watched.name, watched]));
    this.places.forEach(({ layer, tap }, place) => {
      const tensor = tensorAt(layers.get(layer), tap);
      if (tensor) this.kernels.histogram(tensor, counts.subarray(place * binCount, (place + 1) * binCount));
    });
    return counts;
  }

  /** What every layer looks like in a pass, whatever is watched. */
  summaries(pass: Pass): LayerSummary[] {
    return pass.watched.map((watched) => {
      const taps: LayerSummary['taps'] = {};
      for (const tap of summaryTaps) {
        const measured = this.measure(watched, tap);
        if (measured) taps[tap] = measured;
      }
      return { name: watched.name, taps };
    });
  }

  /** Undefined for what a layer does not have. */
  private measure(watched: Watched, tap: ChannelTap): Quantities | undefined {
    switch (tap) {
      case 'linear':
      case 'normalized':
        return this.tapQuantities(watched, tap);
      case 'activated':
        return { ...this.tapQuantities(watched, tap), ...this.shares(watched) };
      case 'linearGradient':
      case 'normalizedGradient':
      case 'activatedGradient':
        return this.gradientQuantities(watched, tap);
      case 'train':
      case 'test':
      case 'training':
      case 'drift':
      case 'frameDrift':
      case 'gradientDrift':
      case 'effectiveRate':
      case 'takenBack':
      case 'landscape':
        // Of the whole network, or of the update that comes: not of the pass.
        return undefined;
      default:
        return watched instanceof BlockPass ? this.learned(watched, tap) : undefined;
    }
  }

  private learned({ block, normalization }: BlockPass, tap: ParameterTap | StatisticsTap): Quantities | undefined {
    switch (tap) {
      case 'weights':
        return this.parameterQuantities(block.linear.weights);
      case 'bias':
        return this.parameterQuantities(block.linear.bias);
      case 'scale':
        return this.parameterQuantities(block.scale);
      case 'shift':
        return this.parameterQuantities(block.normalization?.shift);
      case 'batchMean':
        return normalization ? this.spreadOf(normalization.mean) : undefined;
      case 'batchVariance':
        return normalization ? this.batchVariance(normalization) : undefined;
      case 'runningMean':
        return this.runningQuantities(block.normalization?.running?.mean);
      case 'runningVariance':
        return this.runningQuantities(block.normalization?.running?.variance);
      default:
        return unknownTap(tap);
    }
  }

  private runningQuantities(t: Tensor | undefined): Quantities | undefined {
    return t && this.spreadOf(t);
  }

  private spreadOf(t: Tensor): Quantities {
    return { ...this.kernels.spread(t) };
  }

  private tapQuantities(watched: Watched, tap: Tap): Quantities | undefined {
    const tapped = watched.tap(tap);
    if (!tapped) return undefined;
    const [p15, p50, p85] = this.kernels.percentiles(tapped.value, [0.15, 0.5, 0.85]);
    return { ...this.kernels.spread(tapped.value), p15, p50, p85 };
  }

  /** Of the activation function's own outputs, wherever the normalization stands. */
  private shares(watched: Watched): Quantities {
    const [tapped, { kind }] = activationOf(watched);
    return { ...this.kernels.shares(tapped.value, kind) };
  }

  private gradientQuantities(watched: Watched, tap: GradientTap): Quantities | undefined {
    const gradient = tensorAt(watched, tap);
    if (!gradient) return undefined;
    const { mean, std } = this.kernels.spread(gradient);
    return { norm: Math.sqrt(this.kernels.sumOfSquares(gradient)), mean, std };
  }

  private parameterQuantities(parameter: Parameter | null | undefined): Quantities | undefined {
    if (!parameter) return undefined;
    return {
      norm: Math.sqrt(this.kernels.sumOfSquares(parameter.value)),
      gradientNorm: Math.sqrt(this.kernels.sumOfSquares(parameter.gradient)),
      // A weight matrix is large, and no channel asks for its range.
      ...(parameter.name === 'weights' ? {} : this.spreadOf(parameter.value)),
    };
  }

  /** Unbiased, as the running variance is, so that the two can be held against each other. */
  private batchVariance({ variance, xHat }: NormalizationBuffers): Quantities {
    const factor = besselCorrection((xHat.rows * xHat.columns) / (variance.rows * variance.columns));
    return { ...spread(this.kernels.read(variance).map((v) => v * factor)) };
  }
}

/** All that a layer may have, in the order of its summary. */
const summaryTaps = [
  'linear',
  'normalized',
  'activated',
  'weights',
  'bias',
  'scale',
  'shift',
  'runningMean',
  'runningVariance',
] as const satisfies readonly ChannelTap[];

function tensorAt(watched: Watched | undefined, tap: Tap | GradientTap): Tensor | undefined {
  switch (tap) {
    case 'linear':
    case 'normalized':
    case 'activated':
      return watched?.tap(tap)?.value;
    default:
      return watched?.tap(tap.slice(0, -'Gradient'.length) as Tap)?.gradient;
  }
}

function activationOf(watched: Watched): [Tapped, ActivationSpecification] {
  if (watched instanceof BlockPass) return [watched.activation, watched.block.specification.activation];
  if (watched instanceof ResidualPass) return [watched.output, watched.residual.specification.activation];
  throw new Error(`${watched.name} has no activation`);
}

function unknownTap(tap: never): never {
  throw new Error(`Unknown tap ${String(tap)}`);
}
