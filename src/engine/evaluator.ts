/**
 * Evaluates a network on whole parts of a data set, normalized by the running statistics. Its passes are its own: an
 * evaluation between a step's forward pass and its update changes nothing of that step.
 */
import type { Dataset } from './data/dataset';
import type { Kernels, Tensor } from './kernels/kernels';
import type { Network, Pass } from './network';
import type { Objective, Part } from './objective';
import type { PredictionFrame, PredictionRecorder } from './predictionRecorder';

/** Examples evaluated at a time. */
const evaluationRows = 256;

/** Loss and, in a classification, the share of examples that are classified right. */
export interface Evaluation {
  loss: number;
  accuracy?: number;
}

/** @param correct Examples classified right, of `count`. */
export function evaluation(task: Dataset['task'], loss: number, correct: number, count: number): Evaluation {
  return task === 'classification' ? { loss, accuracy: correct / count } : { loss };
}

export class Evaluator {
  /** One pass per number of examples. */
  private readonly passes = new Map<number, Pass>();

  /** @param task Classification or regression. */
  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
    private readonly objective: Objective,
    private readonly task: Dataset['task'],
  ) {}

  /**
   * @param rows The evaluated examples of the part.
   * @param step Updates done.
   * @param recorder Records the outputs of each example, which costs nothing but reading them.
   */
  evaluate(part: Part, rows: Uint32Array, step: number, recorder: PredictionRecorder | null = null): Evaluation {
    const { labels, features } = part;
    let loss = 0;
    let correct = 0;
    for (let start = 0; start < rows.length; start += evaluationRows) {
      const indices = rows.subarray(start, start + evaluationRows);
      const pass = this.forward(features, indices, step);
      const result = this.objective.loss(pass, part, indices);
      loss += result.loss * indices.length;
      correct += result.correct;
      recorder?.addTests(this.kernels.read(this.network.output(pass).value), labels, indices);
    }
    return evaluation(this.task, loss / rows.length, correct, rows.length);
  }

  /**
   * The predictions of the test examples, which the recorder has already, and of the plane.
   * @param cells Middles of the plane's cells; null without a plane.
   * @param test Displayed examples that an evaluation of a sample has left out are predicted here, and counted nowhere.
   */
  predict(cells: Tensor | null, test: Part, step: number, recorder: PredictionRecorder): PredictionFrame {
    const leftOut = recorder.leftOut();
    if (leftOut.length > 0) {
      const pass = this.forward(test.features, leftOut, step);
      recorder.addShown(this.kernels.read(this.network.output(pass).value), leftOut);
    }
    for (let start = 0; cells && start < cells.rows; start += evaluationRows) {
      const rows = Math.min(evaluationRows, cells.rows - start);
      const indices = Uint32Array.from({ length: rows }, (_, k) => start + k);
      const pass = this.forward(cells, indices, step);
      recorder.addCells(this.kernels.read(this.network.output(pass).value), start);
    }
    return recorder.finishFrame();
  }

  private forward(examples: Tensor, indices: Uint32Array, step: number): Pass {
    const pass = this.passes.get(indices.length) ?? this.network.pass(indices.length);
    this.passes.set(indices.length, pass);
    this.kernels.gatherRows(examples, indices, pass.input);
    this.network.forward(pass, { mode: 'evaluation', step });
    return pass;
  }
}
