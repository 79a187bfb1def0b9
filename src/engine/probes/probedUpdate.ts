/**
 * One update of the parameters, held still: the parameters before and after it, the gradient that it followed, and the
 * minibatch that it learned from, which can be run again with any mixture of the two. Probes change what they like; `end`
 * puts everything back, bit by bit, so that a probed run trains as an unprobed one. The optimizer and the random streams are
 * not touched at all: the update is the run's own, and a repeated pass has the noise of the first.
 */
import type { Kernels, LossResult, Tensor } from '../kernels/kernels';
import type { PassContext } from '../layers/layer';
import type { Parameter } from '../layers/parameter';
import type { Network, Pass } from '../network';

export type Side = 'before' | 'after';

/** A tensor that changes in a step, and copies of it. */
interface Saved {
  live: Tensor;
  before: Tensor;
  after: Tensor;
}

interface SavedParameter extends Saved {
  parameter: Parameter;
  /** Gradient of the loss before the update. */
  gradient: Tensor;
}

/** What a probe has to know of the update. */
export interface Circumstances {
  /** Updates done before this one. */
  step: number;
  /** Its pass was normalized by the running statistics. */
  frozen?: boolean;
  learningRate: number;
  momentum: number;
  weightDecay: number;
  /** The loss of the newest pass, whose gradient goes to the output's. @param indices Its examples; default: those of the step. */
  lossOfPass(indices?: Uint32Array): LossResult;
}

export class ProbedUpdate {
  /** Learned parameters of each of the network's blocks. */
  readonly parameters: readonly (readonly SavedParameter[])[];
  private readonly running: readonly Saved[];
  private circumstances: Circumstances | null = null;
  /** Whether the pass still holds what the step left in it. */
  private untouched = true;
  /** The input of the step, while the pass has a different one. */
  private input: Tensor | null = null;

  constructor(
    readonly kernels: Kernels,
    readonly network: Network,
    readonly pass: Pass,
    /** Features of all training examples. */
    private readonly features: Tensor,
  ) {
    const saved = (live: Tensor): Saved => ({ live, before: kernels.like(live), after: kernels.like(live) });
    this.parameters = network.blocks.map((block) =>
      block.parameters().map((parameter) => ({
        ...saved(parameter.value),
        parameter,
        gradient: kernels.like(parameter.gradient),
      })),
    );
    this.running = network.blocks.flatMap(({ normalization }) => {
      const running = normalization?.running;
      return running ? [saved(running.mean), saved(running.spread)] : [];
    });
  }

  /** The settings of the update. */
  get settings(): Pick<Circumstances, 'learningRate' | 'momentum' | 'weightDecay'> {
    return this.now;
  }

  get learningRate(): number {
    return this.now.learningRate;
  }

  private get now(): Circumstances {
    if (!this.circumstances) throw new Error('There is no update to ask about.');
    return this.circumstances;
  }

  /** As a repeated pass needs it. */
  get context(): PassContext {
    const { step, frozen } = this.now;
    return { mode: 'repeating', step, frozen };
  }

  /** Before the step's forward pass, which takes its minibatch into the running statistics. */
  saveStatistics(): void {
    for (const { live, before } of this.running) this.kernels.copy(live, before);
  }

  /** Between the step's backward pass and its update. */
  saveParameters(): void {
    for (const { live, before, parameter, gradient } of this.parameters.flat()) {
      this.kernels.copy(live, before);
      this.kernels.copy(parameter.gradient, gradient);
    }
  }

  /** After the update: everything stands again as before the step. */
  begin(circumstances: Circumstances): void {
    this.circumstances = circumstances;
    this.untouched = true;
    for (const { live, before, after } of [...this.parameters.flat(), ...this.running]) {
      this.kernels.copy(live, after);
      this.kernels.copy(before, live);
    }
  }

  /** Gives a block its parameters of one side of the update; without a block, all of them. */
  use(side: Side, block?: number): void {
    const parameters = block === undefined ? this.parameters.flat() : this.parameters[block];
    for (const saved of parameters) this.kernels.copy(saved[side], saved.live);
  }

  /** The step's forward pass, with the parameters that stand now. */
  forward(): void {
    this.untouched = false;
    this.network.forward(this.pass, this.context);
  }

  /** A forward and backward pass over other training examples, as many as those of the step, with the parameters that stand now. */
  run(indices: Uint32Array): void {
    const { kernels, pass } = this;
    this.input ??= kernels.like(pass.input);
    kernels.copy(pass.input, this.input);
    kernels.gatherRows(this.features, indices, pass.input);
    this.forward();
    this.now.lossOfPass(indices);
    this.network.backward(pass);
    kernels.copy(this.input, pass.input);
  }

  /** The step's forward and backward pass, with the parameters that stand now. @returns The loss. */
  repeat(): number {
    this.forward();
    const { loss } = this.now.lossOfPass();
    this.network.backward(this.pass);
    return loss;
  }

  /** Puts parameters, statistics, pass and gradients back to where the update left them. */
  end(): void {
    if (!this.untouched) {
      this.use('before');
      this.repeat();
    }
    this.circumstances = null;
    for (const { live, after } of [...this.parameters.flat(), ...this.running]) this.kernels.copy(after, live);
  }
}
