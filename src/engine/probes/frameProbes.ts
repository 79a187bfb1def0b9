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
  gradientQuantities,
  type HistogramPlace,
  type ParameterTap,
  parameterQuantities,
  type StatisticsTap,
  shareQuantities,
  tapQuantities,
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
import type { ActivationSpecification, HistogramTap, Tap } from '../specification';
import { percentiles, type Spread, sampledIndices, spread } from '../spread';

type Quantities = Record<string, number>;

/** What is measured together, in the order of the numbers. No name is looked up in a frame, which has thousands of numbers. */
const spreadNames = ['mean', 'variance', 'std', 'min', 'max'] as const;
const parameterNames = [...parameterQuantities, ...spreadNames] as const;
const activatedNames = [...tapQuantities, ...shareQuantities] as const;
const mostNumbers = activatedNames.length;
const tapPercentiles = [0.15, 0.5, 0.85] as const;

/** Weights of a layer, their copy from before an update, and the place of its length in a frame. */
interface MovedWeights {
  weights: Tensor;
  before: Tensor;
  place: number;
}

/** Consecutive channels of one layer and tap, measured together. */
interface Group {
  layer: string;
  tap: ChannelTap;
  first: number;
  quantities: string[];
  /** Names of the numbers that were measured last, and the place of each quantity among them; −1 for others. */
  names: readonly string[];
  sources: number[];
  /** Those of single units among them, with their places in a frame. */
  units: (UnitQuantity & { place: number; fraction: number })[];
}

function grouped(channels: readonly Channel[]): Group[] {
  const groups: Group[] = [];
  channels.forEach(({ layer, tap, quantity }, index) => {
    const last = groups.at(-1);
    const same = last?.layer === layer && last.tap === tap;
    const group = same ? last : { layer, tap, first: index, quantities: [], names: [], sources: [], units: [] };
    group.quantities.push(quantity);
    const unit = unitQuantity(quantity);
    if (unit) group.units.push({ ...unit, place: index, fraction: Number(unit.percentile?.slice(1)) / 100 });
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
  /** The numbers that were measured last. */
  private readonly numbers = new Float64Array(mostNumbers);
  /** The layers of the newest pass. */
  private newest: { pass: Pass; layers: ReadonlyMap<string, Watched>; moved: MovedWeights[] } | null = null;

  constructor(
    private readonly kernels: Kernels,
    private readonly channels: readonly Channel[],
    private readonly places: readonly HistogramPlace[],
    private readonly saturation: number,
  ) {
    this.groups = grouped(channels);
  }

  /**
   * The values of all channels after a forward and backward pass.
   * @param results Quantities of the whole network by tap (`train`, `test`, `training`); what is missing becomes NaN.
   */
  frame(pass: Pass, results: Partial<Record<ChannelTap, Quantities>>): Float32Array {
    const values = new Float32Array(this.channels.length).fill(Number.NaN);
    const { layers } = this.layersOf(pass);
    for (const group of this.groups) {
      const watched = layers.get(group.layer);
      if (!watched) {
        const { first, quantities } = group;
        quantities.forEach((quantity, k) => {
          values[first + k] = results[group.tap]?.[quantity] ?? Number.NaN;
        });
        continue;
      }
      const names = this.measure(watched, group.tap, group.quantities.includes('mean'));
      if (!names) continue;
      this.fill(group, names, values);
      if (watched instanceof BlockPass && group.units.length > 0) this.measureUnits(watched, group, values);
    }
    return values;
  }

  /** Copies the numbers that were measured into the channels of a group. */
  private fill(group: Group, names: readonly string[], values: Float32Array): void {
    if (group.names !== names) {
      group.names = names;
      group.sources = group.quantities.map((quantity) => names.indexOf(quantity));
    }
    const { first, sources } = group;
    for (let k = 0; k < sources.length; k++) if (sources[k] >= 0) values[first + k] = this.numbers[sources[k]];
  }

  private layersOf(pass: Pass): NonNullable<FrameProbes['newest']> {
    if (this.newest?.pass === pass) return this.newest;
    const layers = new Map(pass.watched.map((watched) => [watched.name, watched]));
    const moved = this.groups.flatMap(({ layer, tap, first, quantities }) => {
      const place = quantities.indexOf(updateNorm);
      const watched = layers.get(layer);
      return tap === 'weights' && place >= 0 && watched instanceof BlockPass
        ? [{ weights: watched.block.linear.weights.value, before: this.copyOf(watched), place: first + place }]
        : [];
    });
    this.newest = { pass, layers, moved };
    return this.newest;
  }

  private copyOf({ name, block }: BlockPass): Tensor {
    const copy = this.before.get(name) ?? this.kernels.like(block.linear.weights.value);
    this.before.set(name, copy);
    return copy;
  }

  /**
   * Does the update that follows a frame, and puts into the frame how far it moves the weights of each layer.
   * @param values The frame, made of the same pass.
   */
  watchUpdate(pass: Pass, values: Float32Array, update: () => void): void {
    const { kernels } = this;
    const { moved } = this.layersOf(pass);
    for (const { weights, before } of moved) kernels.copy(weights, before);
    update();
    for (const { weights, before, place } of moved) {
      kernels.sgdUpdate(before, weights, null, subtraction);
      values[place] = Math.sqrt(kernels.sumOfSquares(before));
    }
  }

  private measureUnits(watched: BlockPass, { tap, units }: Group, values: Float32Array): void {
    switch (tap) {
      case 'linear':
      case 'normalized': {
        const tensor = watched.tap(tap)?.value;
        if (!tensor) return;
        // The percentiles of one unit, which follow each other in the list.
        const column = this.kernels.column(tensor, units[0].unit - 1, this.rowsOf(tensor));
        const found = percentiles(
          column,
          units.map(({ fraction }) => fraction),
        );
        for (let k = 0; k < units.length; k++) values[units[k].place] = found[k];
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
    const { layers } = this.layersOf(pass);
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
        const names = this.measure(watched, tap);
        if (names) taps[tap] = Object.fromEntries(names.map((name, k) => [name, this.numbers[k]]));
      }
      return { name: watched.name, taps };
    });
  }

  /**
   * Measures what a tap shows. Returns the names of the numbers; undefined for what a layer does not have.
   * @param ofWeights Whether to measure the spread of weights too, which takes longer because they are many.
   */
  private measure(watched: Watched, tap: ChannelTap, ofWeights = false): readonly string[] | undefined {
    switch (tap) {
      case 'linear':
      case 'normalized':
        return this.measureTap(watched, tap);
      case 'activated':
        return this.measureTap(watched, tap) && this.measureShares(watched);
      case 'linearGradient':
      case 'normalizedGradient':
      case 'activatedGradient':
        return this.measureGradient(watched, tap);
      case 'train':
      case 'test':
      case 'training':
      case 'watch':
      case 'drift':
      case 'frameDrift':
      case 'gradientDrift':
      case 'effectiveRate':
      case 'takenBack':
      case 'landscape':
      case 'equilibrium':
      case 'similarity':
      case 'varianceShift':
      case 'branch':
      case 'trainTest':
      case 'sharpness':
      case 'noiseScale':
        // Of the whole network, or of the update that comes: not of the pass.
        return undefined;
      default:
        return watched instanceof BlockPass ? this.measureLearned(watched, tap, ofWeights) : undefined;
    }
  }

  private measureLearned(
    { block, normalization }: BlockPass,
    tap: ParameterTap | StatisticsTap,
    ofWeights: boolean,
  ): readonly string[] | undefined {
    switch (tap) {
      case 'weights':
        return this.measureParameter(block.linear.weights, ofWeights);
      case 'weightsGradient':
        return this.measureSpread(block.linear.weights.gradient);
      case 'bias':
        return this.measureParameter(block.linear.bias);
      case 'scale':
        return this.measureParameter(block.scale);
      case 'shift':
        return this.measureParameter(block.normalization?.shift);
      case 'batchMean':
        return this.measureSpread(normalization?.mean);
      case 'batchVariance':
        return normalization ? this.measureBatchVariance(normalization) : undefined;
      case 'runningMean':
        return this.measureSpread(block.normalization?.running?.mean);
      case 'runningVariance':
        return this.measureSpread(normalization?.runningVariance());
      default:
        return unexpected(tap);
    }
  }

  private measureSpread(t: Tensor | null | undefined): readonly string[] | undefined {
    if (!t) return undefined;
    this.putSpread(this.kernels.spread(t), 0);
    return spreadNames;
  }

  /** @param first Place of its first number, in the order of `spreadNames`. */
  private putSpread({ mean, variance, std, min, max }: Spread, first: number): void {
    const { numbers } = this;
    numbers[first] = mean;
    numbers[first + 1] = variance;
    numbers[first + 2] = std;
    numbers[first + 3] = min;
    numbers[first + 4] = max;
  }

  private measureTap(watched: Watched, tap: Tap): readonly string[] | undefined {
    const tapped = watched.tap(tap);
    if (!tapped) return undefined;
    this.putSpread(this.kernels.spread(tapped.value), 0);
    const found = this.kernels.percentiles(tapped.value, tapPercentiles);
    for (let k = 0; k < found.length; k++) this.numbers[spreadNames.length + k] = found[k];
    return tapQuantities;
  }

  /** Adds the shares of the activation function's own outputs, regardless of the position of the normalization. */
  private measureShares(watched: Watched): readonly string[] {
    const [tapped, { kind }] = activationOf(watched);
    const { zeros, saturated, dead } = this.kernels.shares(tapped.value, kind, this.saturation);
    const first = tapQuantities.length;
    this.numbers[first] = zeros;
    this.numbers[first + 1] = saturated;
    this.numbers[first + 2] = dead;
    return activatedNames;
  }

  private measureGradient(watched: Watched, tap: GradientTap): readonly string[] | undefined {
    const gradient = tensorAt(watched, tap);
    if (!gradient) return undefined;
    const { mean, std } = this.kernels.spread(gradient);
    this.numbers[0] = Math.sqrt(this.kernels.sumOfSquares(gradient));
    this.numbers[1] = mean;
    this.numbers[2] = std;
    return gradientQuantities;
  }

  private measureParameter(parameter: Parameter | null | undefined, spread = true): readonly string[] | undefined {
    if (!parameter) return undefined;
    this.numbers[0] = Math.sqrt(this.kernels.sumOfSquares(parameter.value));
    this.numbers[1] = Math.sqrt(this.kernels.sumOfSquares(parameter.gradient));
    if (!spread) return parameterQuantities;
    this.putSpread(this.kernels.spread(parameter.value), parameterQuantities.length);
    return parameterNames;
  }

  /** Unbiased, like the running variance, so that the two can be compared. */
  private measureBatchVariance(pass: NormalizationPass): readonly string[] {
    const factor = unbiased(pass);
    this.putSpread(spread(this.kernels.read(pass.variance).map((v) => v * factor)), 0);
    return spreadNames;
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

function tensorAt(watched: Watched | undefined, tap: HistogramTap): Tensor | undefined {
  const weights = watched instanceof BlockPass ? watched.block.linear.weights : undefined;
  switch (tap) {
    case 'linear':
    case 'normalized':
    case 'activated':
      return watched?.tap(tap)?.value;
    case 'weights':
      return weights?.value;
    case 'weightsGradient':
      return weights?.gradient;
    default:
      return watched?.tap(tap.slice(0, -'Gradient'.length) as Tap)?.gradient;
  }
}

function activationOf(watched: Watched): [Tapped, ActivationSpecification] {
  if (watched instanceof BlockPass) return [watched.activation, watched.block.specification.activation];
  if (watched instanceof ResidualPass) return [watched.output, watched.residual.specification.activation];
  throw new Error(`${watched.name} has no activation`);
}
