/**
 * Probes read the tensors of the newest pass and put their statistics into a frame, channel by channel.
 * They run on watched steps only; an unwatched step pays nothing.
 */
import type { Channel, ChannelTap } from './channels';
import type { Kernels, Tensor } from './kernels/kernels';
import { besselCorrection } from './layers/batchNormalization';
import type { Block, BlockBuffers } from './layers/block';
import type { Parameter } from './layers/parameter';
import type { Network, Pass } from './network';
import type { LayerSummary } from './results';
import type { ActivationKind, Tap } from './specification';
import { percentiles, share, spread } from './statistics';

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
  private readonly blocks: Map<string, number>;

  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
    private readonly channels: readonly Channel[],
  ) {
    this.groups = grouped(channels);
    this.blocks = new Map(network.blocks.map((block, index) => [block.name, index]));
  }

  /**
   * The values of all channels after a forward and backward pass.
   * @param results Quantities of the whole network by tap (`train`, `test`, `training`); what is missing becomes NaN.
   */
  frame(pass: Pass, results: Partial<Record<ChannelTap, Quantities>>): Float32Array {
    const values = new Float32Array(this.channels.length).fill(Number.NaN);
    for (const { layer, tap, first, quantities } of this.groups) {
      const index = this.blocks.get(layer);
      const measured = index === undefined ? results[tap] : this.measure(index, pass, tap);
      if (!measured) continue;
      quantities.forEach((quantity, k) => {
        values[first + k] = measured[quantity] ?? Number.NaN;
      });
    }
    return values;
  }

  /** What every layer looks like in a pass, whatever is watched. */
  summaries(pass: Pass): LayerSummary[] {
    return this.network.blocks.map((block, index) => {
      const taps: (ChannelTap | null)[] = [
        'linear',
        block.normalization && 'normalized',
        'activated',
        'weights',
        block.dense.bias && 'bias',
        block.normalization?.scale ? 'scale' : null,
        block.normalization?.shift ? 'shift' : null,
        block.normalization && 'runningMean',
        block.normalization && 'runningVariance',
      ];
      const present = taps.filter((tap) => tap !== null);
      return {
        name: block.name,
        taps: Object.fromEntries(present.map((tap) => [tap, this.measure(index, pass, tap) ?? {}])),
      };
    });
  }

  private measure(index: number, pass: Pass, tap: ChannelTap): Quantities | undefined {
    const block = this.network.blocks[index];
    const buffers = pass.blocks[index];
    switch (tap) {
      case 'linear':
      case 'normalized':
        return this.tapQuantities(block, buffers, tap);
      case 'activated':
        return { ...this.tapQuantities(block, buffers, tap), ...this.shares(block, buffers) };
      case 'linearGradient':
      case 'normalizedGradient':
      case 'activatedGradient':
        return this.gradientQuantities(block, buffers, tap.slice(0, -'Gradient'.length) as Tap);
      case 'weights':
        return this.parameterQuantities(block.dense.weights);
      case 'bias':
        return this.parameterQuantities(block.dense.bias);
      case 'scale':
        return this.parameterQuantities(block.normalization?.scale);
      case 'shift':
        return this.parameterQuantities(block.normalization?.shift);
      case 'batchMean':
        return buffers.normalization ? this.spreadOf(buffers.normalization.mean) : undefined;
      case 'batchVariance':
        return this.batchVariance(buffers);
      case 'runningMean':
        return block.normalization ? this.spreadOf(block.normalization.runningMean) : undefined;
      case 'runningVariance':
        return block.normalization ? this.spreadOf(block.normalization.runningVariance) : undefined;
      case 'train':
      case 'test':
      case 'training':
        return undefined;
      default:
        return unknownTap(tap);
    }
  }

  private spreadOf(t: Tensor): Quantities {
    return { ...spread(this.kernels.read(t)) };
  }

  private tapQuantities(block: Block, buffers: BlockBuffers, tap: Tap): Quantities | undefined {
    const tapped = block.tap(buffers, tap);
    if (!tapped) return undefined;
    const values = this.kernels.read(tapped.value);
    const [p15, p50, p85] = percentiles(values, [0.15, 0.5, 0.85]);
    return { ...spread(values), p15, p50, p85 };
  }

  /** Of the activation function's own outputs, wherever the normalization stands. */
  private shares(block: Block, buffers: BlockBuffers): Quantities {
    const values = this.kernels.read(buffers.activation.value);
    return {
      zeros: share(values, (v) => v === 0),
      saturated: share(values, saturation(block.specification.activation.kind)),
    };
  }

  private gradientQuantities(block: Block, buffers: BlockBuffers, tap: Tap): Quantities | undefined {
    const tapped = block.tap(buffers, tap);
    if (!tapped) return undefined;
    const { mean, std } = spread(this.kernels.read(tapped.gradient));
    return { norm: Math.sqrt(this.kernels.sumOfSquares(tapped.gradient)), mean, std };
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
  private batchVariance({ normalization, linear }: BlockBuffers): Quantities | undefined {
    if (!normalization) return undefined;
    const { rows, columns } = linear.value;
    const factor = besselCorrection((rows * columns) / normalization.variance.columns);
    return { ...spread(this.kernels.read(normalization.variance).map((v) => v * factor)) };
  }
}

function unknownTap(tap: never): never {
  throw new Error(`Unknown tap ${String(tap)}`);
}

/**
 * Whether an output lies where the slope is below a tenth of the function's steepest: for the sigmoid y(1 − y) < 1/40,
 * for tanh 1 − y² < 1/10. The others don't saturate; their flat side shows as zeros.
 */
function saturation(kind: ActivationKind): (y: number) => boolean {
  switch (kind) {
    case 'sigmoid':
      return (y) => y * (1 - y) < 0.025;
    case 'tanh':
      return (y) => 1 - y * y < 0.1;
    default:
      return () => false;
  }
}
