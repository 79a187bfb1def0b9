/**
 * Frame probes read the tensors of the newest pass and put their statistics into a frame, channel by channel.
 * They run on watched steps only; an unwatched step pays nothing.
 */
import { unexpected } from '../../shared/unexpected';
import { binCount } from '../bins';
import {
  type Channel,
  type ChannelTap,
  type GradientTap,
  type HistogramPlace,
  type ParameterTap,
  type StatisticsTap,
  type UnitQuantity,
  unitQuantity,
  updateNorm,
} from '../channels';
import type { Kernels, Tensor } from '../kernels/kernels';
import { BlockPass } from '../layers/block';
import type { Tapped, Watched } from '../layers/layer';
import type { NormalizationPass } from '../layers/normalization';
import type { Parameter } from '../layers/parameter';
import { besselCorrection, sharing } from '../layers/runningStatistics';
import { ResidualPass } from '../layers/sequence';
import type { Pass } from '../network';
import type { LayerSummary } from '../results';
import type { ActivationSpecification, Tap } from '../specification';
import { percentiles, sampledIndices, spread } from '../spread';

type Quantities = Record<string, number>;

/** Consecutive channels of one layer and tap, measured together. */
interface Group {
  layer: string;
  tap: ChannelTap;
  first: number;
  quantities: string[];
  /** Those of single units among them, with their places in a frame. */
  units: (UnitQuantity & { place: number })[];
}

function grouped(channels: readonly Channel[]): Group[] {
  const groups: Group[] = [];
  channels.forEach(({ layer, tap, quantity }, index) => {
    const last = groups.at(-1);
    const same = last?.layer === layer && last.tap === tap;
    const group = same ? last : { layer, tap, first: index, quantities: [], units: [] };
    group.quantities.push(quantity);
    const unit = unitQuantity(quantity);
    if (unit) group.units.push({ ...unit, place: index });
    if (!same) groups.push(group);
  });
  return groups;
}

export class FrameProbes {
  private readonly groups: Group[];
  /** Weights as they were before the newest watched update, by layer. */
  private readonly before = new Map<string, Tensor>();
  /** Sampled rows, by the number of rows. */
  private readonly rows = new Map<number, Uint32Array>();

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
    for (const { layer, tap, first, quantities, units } of this.groups) {
      const watched = layers.get(layer);
      const measured = watched ? this.measure(watched, tap) : results[tap];
      if (!measured) continue;
      quantities.forEach((quantity, k) => {
        values[first + k] = measured[quantity] ?? Number.NaN;
      });
      if (watched instanceof BlockPass && units.length > 0) this.measureUnits(watched, tap, units, values);
    }
    return values;
  }

  /**
   * Does the update that follows a frame, and puts into the frame how far it moves the weights of each layer.
   * @param values The frame, made of the same pass.
   */
  watchUpdate({ blocks }: Pass, values: Float32Array, update: () => void): void {
    const { kernels, before } = this;
    const moved = this.groups.flatMap(({ layer, tap, first, quantities }) => {
      const place = quantities.indexOf(updateNorm);
      const block = blocks.find(({ name }) => name === layer)?.block;
      return tap === 'weights' && place >= 0 && block
        ? [{ weights: block.linear.weights.value, layer, place: first + place }]
        : [];
    });
    for (const { weights, layer } of moved) {
      const copy = before.get(layer) ?? kernels.like(weights);
      before.set(layer, copy);
      kernels.copy(weights, copy);
    }
    update();
    for (const { weights, layer, place } of moved) {
      const copy = before.get(layer) as Tensor;
      kernels.sgdUpdate(copy, weights, null, subtraction);
      values[place] = Math.sqrt(kernels.sumOfSquares(copy));
    }
  }

  private measureUnits(watched: BlockPass, tap: ChannelTap, units: Group['units'], values: Float32Array): void {
    switch (tap) {
      case 'linear':
      case 'normalized': {
        const tensor = watched.tap(tap)?.value;
        if (!tensor) return;
        // The percentiles of one unit, which follow each other in the list.
        const column = this.kernels.column(tensor, units[0].unit - 1, this.rowsOf(tensor));
        const fractions = units.map(({ percentile }) => Number(percentile?.slice(1)) / 100);
        percentiles(column, fractions).forEach((value, k) => {
          values[units[k].place] = value;
        });
        return;
      }
      default: {
        const tensor = this.unitTensor(watched, tap);
        if (!tensor) return;
        const factor = tap === 'batchVariance' && watched.normalization ? unbiased(watched.normalization) : 1;
        const numbers = this.kernels.read(tensor);
        const { rows, columns } = tensor;
        for (const { unit, place } of units) {
          let sum = 0;
          for (let r = 0; r < rows; r++) sum += numbers[r * columns + unit - 1];
          values[place] = (sum / rows) * factor;
        }
      }
    }
  }

  /** The rows from which a unit's percentiles are computed: the sample that the percentiles of a whole tap use. */
  private rowsOf({ rows }: Tensor): Uint32Array {
    const known = this.rows.get(rows) ?? sampledIndices(rows);
    this.rows.set(rows, known);
    return known;
  }

  /** Where each unit has a number: one row, or a row for each ghost batch. */
  private unitTensor({ block, normalization }: BlockPass, tap: ChannelTap): Tensor | undefined {
    switch (tap) {
      case 'scale':
        return block.scale?.value;
      case 'shift':
        return block.normalization?.shift?.value;
      case 'batchMean':
        return normalization?.mean;
      case 'batchVariance':
        return normalization?.variance;
      case 'runningMean':
        return block.normalization?.running?.mean;
      case 'runningVariance':
        return normalization?.runningVariance() ?? undefined;
      default:
        return undefined;
    }
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
        return this.runningQuantities(normalization?.runningVariance());
      default:
        return unexpected(tap);
    }
  }

  private runningQuantities(t: Tensor | null | undefined): Quantities | undefined {
    return t ? this.spreadOf(t) : undefined;
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

  /** Shares of the activation function's own outputs, regardless of the position of the normalization. */
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
      // A weight matrix is large, and no channel shows its range.
      ...(parameter.name === 'weights' ? {} : this.spreadOf(parameter.value)),
    };
  }

  /** Unbiased, like the running variance, so that the two can be compared. */
  private batchVariance(pass: NormalizationPass): Quantities {
    const factor = unbiased(pass);
    return { ...spread(this.kernels.read(pass.variance).map((v) => v * factor)) };
  }
}

/** p − 1 · gradient: the kernels' way to subtract. */
const subtraction = { learningRate: 1, momentum: 0, nesterov: false, weightDecay: 0 };

function unbiased({ variance, xHat }: NormalizationPass): number {
  return besselCorrection(sharing(xHat, variance));
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
