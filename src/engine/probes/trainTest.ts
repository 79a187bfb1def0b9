/**
 * The discrepancy between training and evaluation (Wu & Johnson 2021, "Rethinking 'Batch' in BatchNorm"): loss and accuracy of
 * the same minibatch
 *
 *   batch…        in the training pass: with the statistics of the minibatch, dropout and noise
 *   running…      evaluated, with the running statistics
 *   precise…      evaluated, with statistics recalibrated on the training set; see `recalibration.ts`
 *   preciseTest…  the test examples of this frame's evaluations, evaluated with the recalibrated statistics
 *
 * 1,024 training examples are enough for the recalibration, in minibatches of the size of training; fewer if there are not as many.
 *
 * Price: two evaluations of the minibatch, one of the test examples, and the forward passes of 1,024 examples.
 */

import { networkLayer } from '../channels';
import type { Evaluation, Evaluator } from '../evaluator';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../network';
import type { Part } from '../objective';
import type { PassProbe, ProbedPass } from './passProbe';
import type { ProbedExamples } from './probedExamples';
import { Recalibration } from './recalibration';
import type { Put } from './updateProbe';

/** Training examples of a recalibration. */
const recalibrationExamples = 1024;

/** The parts of a trainer that evaluate. */
export interface Evaluated {
  evaluator: Evaluator;
  train: Part;
  test: Part;
  /** Rows of the test examples that are evaluated before the last step. */
  sample: Uint32Array;
}

export class TrainTest implements PassProbe {
  readonly kind = 'trainTest';
  private recalibration: Recalibration | null = null;
  private minibatches: Uint32Array[] = [];

  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
    private readonly evaluated: Evaluated,
    private readonly examples: ProbedExamples,
  ) {}

  measure({ pass, indices, result, step }: ProbedPass, put: Put): void {
    const { evaluator, train, test, sample } = this.evaluated;
    if (!this.recalibration) {
      this.recalibration = new Recalibration(this.kernels, this.network, pass.examples);
      const most = Math.ceil(recalibrationExamples / pass.examples);
      this.minibatches = this.examples.minibatches(pass.examples, most);
    }
    const running = evaluator.evaluate(train, indices, step);
    let [precise, preciseTest] = [running, running];
    const evaluate = () => {
      precise = evaluator.evaluate(train, indices, step);
      preciseTest = evaluator.evaluate(test, sample, step);
    };
    if (this.recalibration.isNeeded) this.recalibration.during(train.features, this.minibatches, step, evaluate);
    else evaluate();
    put(networkLayer, {
      batchLoss: result.loss,
      batchAccuracy: result.correct / pass.examples,
      ...named('running', running),
      ...named('precise', precise),
      ...named('preciseTest', preciseTest),
    });
  }
}

function named(name: string, { loss, accuracy = Number.NaN }: Evaluation): Record<string, number> {
  return { [`${name}Loss`]: loss, [`${name}Accuracy`]: accuracy };
}
