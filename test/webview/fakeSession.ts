/**
 * A session as a host would tell of it, with values by formula: an arm whose signal shrinks with depth, one that is normalized and,
 * when asked for, one that diverges. Seeded noise makes the lines look like training; channels are those of a real run.
 */
import assert from 'node:assert/strict';
import { binCount, binEdges, countBins } from '../../src/engine/bins';
import { channelsOf, histogramsOf } from '../../src/engine/channels';
import type { ProbeKind } from '../../src/engine/probes/probeChannels';
import type { HistogramTap, RunSpecification } from '../../src/engine/specification';
import { readExperiment } from '../../src/experiment/read';
import type {
  Channel,
  FrameBlock,
  HistogramBlock,
  HistogramPlace,
  Hydrate,
  NewFrames,
  PredictionBlock,
  RunState,
  Status,
  Verdict,
} from '../../src/protocol';
import { sharesOf } from '../../src/runs/session/histogramHistory';
import { type FakeData, type FakePredictions, fakePredictions } from './fakePredictions';

export interface FakeOptions {
  session?: string;
  name?: string;
  notes?: string;
  layers?: number;
  arms?: ('plain' | 'normalized' | 'diverging')[];
  armNames?: string[];
  seeds?: number[];
  steps?: number;
  every?: number;
  classification?: boolean;
  /** Whether layers before a normalization learn a bias all the same. */
  bias?: boolean;
  /** None by default. */
  probes?: ProbeKind[];
  /** What is shown of the data; a spiral of two classes unless said otherwise. */
  data?: FakeData;
  /** Frames from one histogram to the next; 2 by default. */
  histogramEvery?: number;
  /** Those at the taps of the activations by default. */
  histograms?: HistogramTap[];
  saturation?: number;
  /** Size of the sample that evaluations have before the last step. */
  evaluationExamples?: number;
}

/** Small, fast and seeded: mulberry32. */
function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Evenly spaced quantiles of the logistic distribution, scaled to a standard deviation of 1: near enough to normal. */
const normals = Array.from({ length: 400 }, (_, k) => {
  const share = (k + 0.5) / 400;
  return (Math.log(share / (1 - share)) * Math.sqrt(3)) / Math.PI;
});

/** Differences of ten points, give or take six. */
export function fakeVerdict(better: string, than: string, change: Partial<Verdict> = {}): Verdict {
  const differences = Array.from({ length: 20 }, (_, k) => {
    const difference = 0.1 + 0.12 * (((k * 7) % 20) / 20 - 0.5);
    return { seed: k + 1, point: {}, better: 0.8 + difference, than: 0.8, difference, diverged: [] };
  });
  return {
    claim: {
      says: 'BatchNorm tests better by at least two points',
      metric: 'testAccuracy',
      take: 'final',
      better,
      than,
      by: 0.02,
      compare: 'same',
      diverged: 'worst',
    },
    compared: 'testAccuracy',
    outcome: 'supported',
    difference: 0.097,
    bound: null,
    interval: [0.08, 0.114],
    p: 0.0000019,
    exact: false,
    pairs: 20,
    uninformative: 0,
    differences,
    carriedBy: null,
    failed: null,
    placeholders: [],
    reason: 'The whole interval is beyond the smallest difference that matters, 0.02.',
    way: 'Both arms with the same settings but for what the arms change.',
    change: ['A "by" of 0.08 or more would leave it undecided, one of 0.114 or more would contradict it.'],
    points: [],
    ...change,
  };
}

const weightSpread: Record<string, number> = { mean: 0, std: 0.5, min: -2, max: 2 };

const defaultNames = { plain: 'without', normalized: 'BatchNorm', diverging: 'without, rate × 40' };

export class FakeSession {
  readonly session: string;
  readonly names: string[];
  readonly seeds: number[];
  readonly steps: number;
  readonly every: number;
  readonly divergesAt: number;
  private readonly arms: ('plain' | 'normalized' | 'diverging')[];
  private readonly layers: string[];
  readonly predicted: FakePredictions;
  private readonly specifications = new Map<string, RunSpecification>();

  constructor(private readonly options: FakeOptions = {}) {
    this.session = options.session ?? 'session-1';
    this.predicted = fakePredictions(options.data ?? 'two classes');
    this.arms = options.arms ?? ['plain', 'normalized'];
    this.names = options.armNames ?? this.arms.map((arm) => defaultNames[arm]);
    this.seeds = options.seeds ?? [1];
    this.steps = options.steps ?? 5000;
    this.every = options.every ?? 25;
    this.divergesAt = Math.round((this.steps * 0.128) / this.every) * this.every;
    const hidden = options.layers ?? 5;
    this.layers = [...Array.from({ length: hidden }, (_, index) => `hidden${index + 1}`), 'output'];
  }

  id(arm: number, seed: number): string {
    return `${this.names[arm]}/seed-${seed}`;
  }

  channels(arm: number): Channel[] {
    return channelsOf(this.specification(arm), this.options.classification ?? true);
  }

  places(arm: number): HistogramPlace[] {
    return histogramsOf(this.specification(arm));
  }

  /** Histograms of normal numbers with the mean and the std of their channels, at every second frame unless the options differ. */
  histograms(arm: number, seed: number, from: number, to: number): HistogramBlock {
    const places = this.places(arm);
    const channels = this.channels(arm);
    const { steps, values } = this.frames(arm, seed, from, to);
    const indexOf = new Map(channels.map(({ name }, index) => [name, index]));
    const at = (frame: number, name: string) => values[frame * channels.length + (indexOf.get(name) ?? Number.NaN)];
    const taken = [...steps.keys()].filter(
      (frame) => steps[frame] % ((this.options.histogramEvery ?? 2) * this.every) === 0,
    );
    const shares = new Uint16Array(taken.length * places.length * binCount);
    const counts = new Uint32Array(binCount);
    const numbers = new Float32Array(normals.length);
    taken.forEach((frame, row) => {
      places.forEach(({ name, tap }, place) => {
        const [mean, std] = [at(frame, `${name}/mean`), at(frame, `${name}/std`)];
        const least = tap === 'activated' ? 0 : Number.NEGATIVE_INFINITY;
        for (let k = 0; k < numbers.length; k++) numbers[k] = Math.max(least, mean + std * normals[k]);
        countBins(numbers, counts);
        shares.set(sharesOf(counts), (row * places.length + place) * binCount);
      });
    });
    return { steps: Uint32Array.from(taken, (frame) => steps[frame]), shares };
  }

  /** At every tenth frame. */
  predictions(arm: number, from: number, to: number): PredictionBlock {
    const kind = this.arms[arm];
    const end = kind === 'diverging' ? Math.min(to, this.divergesAt - 1) : to;
    const interval = 10 * this.every;
    const steps = Array.from({ length: Math.floor(end / interval) + 1 }, (_, k) => k * interval);
    return this.predicted.block(
      steps.filter((step) => step > from),
      (step) => (kind === 'normalized' ? 1 - Math.exp((-8 * step) / this.steps) : 0),
    );
  }

  private specification(arm: number): RunSpecification {
    const kind = this.arms[arm] === 'normalized' ? 'batch' : 'none';
    const known = this.specifications.get(kind);
    if (known) return known;
    const { plan } = readExperiment(
      JSON.stringify({
        data: { kind: 'spiral', ...(this.options.evaluationExamples && { test: 10_000 }) },
        network: {
          layers: this.layers.slice(0, -1).map(() => ({ dense: 4, bias: this.options.bias })),
          normalization: { kind },
        },
        watch: {
          layers: 'all',
          taps: ['linear', 'normalized', 'activated'],
          gradients: true,
          probes: this.options.probes ?? [],
          ...(this.options.histograms && { histograms: this.options.histograms }),
          saturation: this.options.saturation ?? 0.1,
          ...(this.options.evaluationExamples && { evaluationExamples: this.options.evaluationExamples }),
        },
      }),
    );
    assert.ok(plan);
    const { specification } = plan.runs[0];
    this.specifications.set(kind, specification);
    return specification;
  }

  /** Frames of a run after `from` and up to `to`, the first one included when `from` is negative. */
  frames(arm: number, seed: number, from: number, to: number): FrameBlock {
    const channels = this.channels(arm);
    const end = this.arms[arm] === 'diverging' ? Math.min(to, this.divergesAt) : to;
    const steps: number[] = [];
    const values: number[] = [];
    for (let step = 0; step <= end; step += this.every) {
      if (step <= from) continue;
      steps.push(step);
      for (const [place, channel] of channels.entries()) values.push(this.value(arm, seed, channel, place, step));
    }
    return { steps: Uint32Array.from(steps), values: Float32Array.from(values) };
  }

  state(arm: number, seed: number, step: number): RunState {
    const diverged = this.arms[arm] === 'diverging' && step >= this.divergesAt;
    return {
      id: this.id(arm, seed),
      arm: this.names[arm],
      seed,
      point: {},
      status: diverged ? 'diverged' : step >= this.steps ? 'completed' : 'running',
      step: diverged ? this.divergesAt : step,
      steps: this.steps,
      stepsPerSecond: 1315,
      divergedAt: diverged ? { step: this.divergesAt, layer: 'hidden3', tap: 'linear' } : null,
      error: null,
      final: null,
      settings: {
        learningRate: 0.1,
        momentum: 0,
        weightDecay: 0,
        batchSize: 50,
        scheduled: false,
        statistics: this.arms[arm] === 'normalized',
      },
      changes: [],
      fork: null,
    };
  }

  hydrate(step: number, change: Partial<Hydrate> = {}): Hydrate {
    return {
      type: 'hydrate',
      session: this.session,
      name: this.options.name ?? 'Five layers, one spiral',
      notes: this.options.notes ?? '',
      file: '/examples/five-layers.bnexp.json',
      state: step >= this.steps ? 'finished' : 'running',
      unforkable: null,
      again: 'Run again',
      arms: this.names,
      seeds: this.seeds,
      axes: [],
      conditions: [
        { what: 'Network', words: '5 × dense 4; activation relu' },
        { what: 'Seeds', words: '1–20 (20 seeds)' },
      ],
      remarks: [],
      secondsLeft: step >= this.steps ? null : 42,
      binEdges: Float64Array.from(binEdges),
      runs: this.seeds.flatMap((seed) =>
        this.names.map((_, arm) => ({
          ...this.state(arm, seed, step),
          channels: this.channels(arm),
          frames: this.frames(arm, seed, -1, step),
          places: this.places(arm),
          histograms: this.histograms(arm, seed, -1, step),
          scene: structuredClone(this.predicted.scene),
          predictions: this.predictions(arm, -1, step),
        })),
      ),
      verdicts: step >= this.steps ? this.verdicts() : [],
      ...change,
    };
  }

  /** Verdict on a claim about the first two arms, with 20 pairs. */
  verdicts(): Verdict[] {
    return this.names.length < 2 ? [] : [fakeVerdict(this.names[1], this.names[0])];
  }

  newFrames(arm: number, seed: number, from: number, to: number): NewFrames {
    return {
      type: 'frames',
      session: this.session,
      run: this.id(arm, seed),
      frames: this.frames(arm, seed, from, to),
      histograms: this.histograms(arm, seed, from, to),
      predictions: this.predictions(arm, from, to),
    };
  }

  status(step: number, change: Partial<Status> = {}): Status {
    return {
      type: 'status',
      session: this.session,
      state: step >= this.steps ? 'finished' : 'running',
      secondsLeft: step >= this.steps ? null : 30,
      runs: this.seeds.flatMap((seed) => this.names.map((_, arm) => this.state(arm, seed, step))),
      ...change,
    };
  }

  private value(arm: number, seed: number, channel: Channel, place: number, step: number): number {
    // One unit's number is that of all, a little aside.
    const [, unit, percentile] = /^unit(\d+)(?:-(p\d+))?$/.exec(channel.quantity) ?? [];
    if (unit !== undefined) {
      const all = this.value(arm, seed, { ...channel, quantity: percentile ?? 'mean' }, place, step);
      return all + (percentile ? 0.02 : 0.05 * (Number(unit) - 2) * (step / this.steps));
    }
    const kind = this.arms[arm];
    const noise = randomStream(seed * 7919 + arm * 104729 + place * 1299709 + step)() * 2 - 1;
    const time = step / this.steps;
    const { layer, tap, quantity } = channel;
    const explosion =
      kind === 'diverging' ? 1 + 3 * Math.exp((step - this.divergesAt * 0.75) / (this.divergesAt / 10)) : 1;
    if (kind === 'diverging' && step >= this.divergesAt && layer !== 'network') return Number.NaN;
    if (this.options.probes?.includes(tap as ProbeKind)) {
      // No update follows the last frame.
      if (step >= this.steps) return Number.NaN;
      const size = (kind === 'normalized' ? 0.02 : 0.3) * (1 + 0.2 * noise);
      if (quantity === 'cosine') return 1 - size;
      return size * (1 + Math.max(0, this.layers.indexOf(layer))) * (quantity.endsWith('Max') ? 3 : 1);
    }
    if (layer === 'network') {
      if (tap === 'training') return 0.1;
      if (tap === 'watch') return this.options.saturation ?? 0.1;
      if (tap === 'test' && step % (this.every * 4) !== 0) return Number.NaN;
      if (quantity === 'examples') return step < this.steps ? (this.options.evaluationExamples ?? Number.NaN) : 10_000;
      const gap = tap === 'test' ? 1.15 : 1;
      const wobble = 1 + noise * (tap === 'test' ? 0.05 : 0.25);
      if (quantity === 'loss') {
        if (kind === 'diverging') return Math.LN2 + 0.05 * (explosion - 1);
        return kind === 'plain' ? Math.LN2 + noise * 0.002 : (0.012 + 0.7 * Math.exp(-time * 18)) * gap * wobble;
      }
      if (kind !== 'normalized') return 0.5 + (noise > 0.85 ? 0.08 * time : 0) + noise * 0.004;
      return Math.min(1, 1 - (0.004 + 0.5 * Math.exp(-time * 25)) * gap * wobble);
    }
    const depth = this.layers.indexOf(layer);
    const isOutput = layer === 'output';
    const shrink =
      kind === 'normalized' ? 1 + 0.02 * depth + noise * 0.004 : 0.94 * 0.25 ** (depth * (1 - 0.35 * time)) * explosion;
    const std = (isOutput && kind === 'normalized' ? 6.7 : shrink) * (tap === 'activated' ? 0.6 : 1);
    const centre =
      kind === 'normalized'
        ? 0.3 * Math.sin(depth + 4 * time) * (1 - Math.exp(-time * 9))
        : 0.02 * (depth - 2) * time + noise * 0.002;
    const drift = (1 - Math.exp(-time * 6)) * 0.07;
    switch (tap) {
      case 'scale':
        return (
          { mean: 1 + drift * (depth - 2) * 0.3, std: drift, min: 1 - drift * 2, max: 1 + drift * 2 }[quantity] ?? 0.01
        );
      case 'shift':
        return { mean: -drift * (depth - 1), std: drift * 1.5, min: -0.3, max: 0.2 }[quantity] ?? 0.01;
      case 'batchMean':
      case 'runningMean':
        return (
          -0.45 - 0.3 * Math.exp(-time * 30) + (tap === 'batchMean' ? noise * 0.06 : 0) + 0.05 * Math.sin(time * 9)
        );
      case 'batchVariance':
      case 'runningVariance':
        return (0.8 + 0.6 * time) * (tap === 'batchVariance' ? 1 + noise * 0.2 : 1) * (depth + 1);
      case 'weights':
        if (quantity in weightSpread) return weightSpread[quantity];
        return quantity === 'norm'
          ? 4
          : (kind === 'normalized' ? 0.3 : 0.3 * 0.25 ** (this.layers.length - 2 - depth) * (0.1 + time)) *
              (1 + 0.2 * noise) *
              explosion;
      default:
        break;
    }
    if (tap.endsWith('Gradient')) return 0.01 * shrink;
    switch (quantity) {
      case 'std':
        return std;
      case 'variance':
        return std * std;
      case 'mean':
        return centre;
      case 'zeros':
        return 0.5;
      case 'dead':
        return kind === 'plain' && depth >= 3 && !isOutput ? 0.38 : 0.02;
      case 'saturated':
        return 0;
      default: {
        const value = centre + std * ({ min: -3, p15: -1.04, p50: 0, p85: 1.04 }[quantity] ?? 3);
        return tap === 'activated' && !isOutput ? Math.max(0, value) : value;
      }
    }
  }
}
