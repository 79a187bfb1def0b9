/**
 * Trains one network on one data set, a step at a time. Whoever calls decides when; nothing here waits, logs or looks
 * at a clock. What is watched never changes what is trained.
 */
import { Batches } from './batches';
import { type Channel, channelsOf, type HistogramPlace, histogramsOf } from './channels';
import type { Dataset, Examples } from './data/dataset';
import { firstUnsound, isSound } from './divergence';
import type { Kernels, LossResult, Tensor } from './kernels/kernels';
import { Network, type Pass } from './network';
import { type Optimizer, optimizer } from './optimizer';
import { Probes } from './probes';
import { streams } from './random';
import type { Divergence, FinalResults, Frame, LayerSummary } from './results';
import { scheduleFactor } from './schedule';
import { inputShape } from './shape';
import type { RunSpecification } from './specification';

/** Examples evaluated at a time. */
const evaluationRows = 256;

/** Loss and, in a classification, the share of examples that are classified right. */
interface Evaluation {
  loss: number;
  accuracy?: number;
}

/** The training or the test examples, as the kernels hold them. */
interface Part {
  examples: Examples;
  features: Tensor;
  /** Null in a classification. */
  targets: Tensor | null;
  /** Indices of all its examples, in order. */
  all: Uint32Array;
}

export class Trainer {
  readonly channels: Channel[];
  readonly histograms: HistogramPlace[];
  readonly network: Network;
  private readonly probes: Probes;
  private readonly optimizer: Optimizer;
  private readonly batches: Batches;
  private readonly train: Part;
  private readonly test: Part;
  /** The pass of training steps. */
  private readonly pass: Pass;
  private readonly evaluationPasses = new Map<number, Pass>();
  /** What the outputs of a pass are to be, in a regression. */
  private readonly targets = new Map<Pass, Tensor>();
  /** Classes of the examples of the newest pass. */
  private labels = new Int32Array(0);
  private updates = 0;
  private ended = false;
  private diverged: Divergence | null = null;

  /** @throws RangeError when a minibatch is larger than the training set, or (a ShapeError) a layer does not fit. */
  constructor(
    private readonly run: RunSpecification,
    private readonly dataset: Dataset,
    private readonly kernels: Kernels,
  ) {
    const { batchSize } = run.training;
    if (batchSize > dataset.train.count) {
      throw new RangeError(
        `A minibatch of ${batchSize} cannot be drawn from ${dataset.train.count} training examples: lower training.batchSize.`,
      );
    }
    const stream = streams(run.seed);
    const input = inputShape(run.layers, dataset.featureCount, dataset.image);
    this.network = new Network(kernels, run.layers, input, outputsOf(dataset), stream);
    this.channels = channelsOf(run, dataset.task === 'classification');
    this.histograms = histogramsOf(run);
    this.probes = new Probes(kernels, this.channels, this.histograms);
    this.optimizer = optimizer(kernels, run.training.optimizer, this.network.parameters());
    this.batches = new Batches(dataset.train.count, batchSize, stream('batches'));
    this.train = this.part(dataset.train);
    this.test = this.part(dataset.test);
    this.pass = this.network.pass(batchSize);
  }

  /** Updates done. */
  get step(): number {
    return this.updates;
  }

  /** All steps done and the last frame taken, or diverged. */
  get finished(): boolean {
    return this.ended;
  }

  get divergence(): Divergence | null {
    return this.diverged;
  }

  /** Learning rate of the next update. */
  get learningRate(): number {
    const { optimizer, schedule, steps } = this.run.training;
    return optimizer.learningRate * scheduleFactor(schedule, this.updates, steps);
  }

  /**
   * One training step: a forward and backward pass over the next minibatch, the frame of this pass when one is due,
   * then the update. After the last update comes one pass more, which only looks. A diverged run gives a last frame.
   */
  advance(): Frame | null {
    if (this.ended) return null;
    const { steps } = this.run.training;
    const last = this.updates === steps;
    const indices = this.batches.next();
    this.kernels.gatherRows(this.train.features, indices, this.pass.input);
    this.network.forward(this.pass, { mode: last ? 'watching' : 'training', step: this.updates });
    const result = this.loss(this.pass, this.train, indices);
    this.network.backward(this.pass);

    if (!isSound(this.kernels, this.network, this.pass, result.loss)) {
      this.diverged = firstUnsound(this.kernels, this.network, this.pass, result.loss, this.updates);
      this.ended = true;
      return this.frame(result, { evaluate: false, histograms: true });
    }
    const due = (every: number) => last || this.updates % every === 0;
    const { every, evaluateEvery, histogramEvery } = this.run.watch;
    const frame = due(every)
      ? this.frame(result, { evaluate: due(evaluateEvery), histograms: due(histogramEvery) })
      : null;
    if (last) {
      this.ended = true;
    } else {
      const update = () => this.optimizer.update(this.learningRate);
      if (frame) this.probes.watchUpdate(this.pass, frame.values, update);
      else update();
      this.updates++;
    }
    return frame;
  }

  /** Loss and accuracy on all training and all test examples, normalized by the running statistics. */
  finalResults(): FinalResults {
    const train = this.evaluate(this.train);
    const test = this.evaluate(this.test);
    const losses = { trainLoss: train.loss, testLoss: test.loss };
    if (train.accuracy === undefined || test.accuracy === undefined) return losses;
    return { ...losses, trainAccuracy: train.accuracy, testAccuracy: test.accuracy };
  }

  /** All layers as the newest training pass left them. */
  layerSummaries(): LayerSummary[] {
    return this.probes.summaries(this.pass);
  }

  /** All parameters and running statistics in layer order, row-major; each is good until the next kernel call. */
  *parameters(): Iterable<Float32Array> {
    for (const tensor of this.network.state()) yield this.kernels.read(tensor);
  }

  private frame(result: LossResult, { evaluate, histograms }: { evaluate: boolean; histograms: boolean }): Frame {
    const train = this.evaluation(result.loss, result.correct, this.pass.examples);
    const test = evaluate ? this.evaluate(this.test) : {};
    const values = this.probes.frame(this.pass, {
      train: { ...train },
      test: { ...test },
      training: { learningRate: this.learningRate },
    });
    const counts = histograms && this.histograms.length > 0 ? this.probes.histograms(this.pass) : null;
    return { step: this.updates, values, histograms: counts };
  }

  private evaluation(loss: number, correct: number, count: number): Evaluation {
    return this.dataset.task === 'classification' ? { loss, accuracy: correct / count } : { loss };
  }

  private evaluate(part: Part): Evaluation {
    const { examples, features } = part;
    let loss = 0;
    let correct = 0;
    for (let start = 0; start < examples.count; start += evaluationRows) {
      const rows = Math.min(evaluationRows, examples.count - start);
      const indices = part.all.subarray(start, start + rows);
      const pass = this.evaluationPass(rows);
      this.kernels.gatherRows(features, indices, pass.input);
      this.network.forward(pass, { mode: 'evaluation', step: this.updates });
      const result = this.loss(pass, part, indices);
      loss += result.loss * rows;
      correct += result.correct;
    }
    return this.evaluation(loss / examples.count, correct, examples.count);
  }

  private evaluationPass(examples: number): Pass {
    let pass = this.evaluationPasses.get(examples);
    if (!pass) {
      pass = this.network.pass(examples);
      this.evaluationPasses.set(examples, pass);
    }
    return pass;
  }

  /** The loss of a pass over the given examples; its gradient goes to the output's. */
  private loss(pass: Pass, { examples, targets }: Part, indices: Uint32Array): LossResult {
    const { value, gradient } = this.network.output(pass);
    if (!targets) {
      if (this.labels.length !== indices.length) this.labels = new Int32Array(indices.length);
      for (let k = 0; k < indices.length; k++) this.labels[k] = examples.labels[indices[k]];
      return this.kernels.softmaxCrossEntropy(value, this.labels, gradient);
    }
    const wanted = this.targets.get(pass) ?? this.kernels.like(value);
    this.targets.set(pass, wanted);
    this.kernels.gatherRows(targets, indices, wanted);
    return this.kernels.meanSquaredError(value, wanted, gradient);
  }

  private part(examples: Examples): Part {
    const { kernels, run, dataset } = this;
    const features = kernels.examples(examples.features, examples.count, dataset.featureCount);
    const all = Uint32Array.from({ length: examples.count }, (_, k) => k);
    if (run.loss === 'cross-entropy') return { examples, features, targets: null, all };
    const targets = kernels.examples(examples.targets, examples.count, dataset.targetCount);
    return { examples, features, targets, all };
  }
}

/** Outputs of a network for a data set: one a class, or one a target. */
export function outputsOf(dataset: Dataset): number {
  return dataset.task === 'classification' ? dataset.classCount : dataset.targetCount;
}
