/**
 * The reference workloads as experiment files, for measurements of the whole lab instead of the engine alone:
 * the same networks on generated data of the same shape.
 */
import type { Workload } from './workloads';
import { learningRate } from './workloads';

/** Text of an experiment file that trains the workload once, with the default `watch` settings. */
export function experimentText(workload: Workload, steps: number): string {
  return JSON.stringify(experiment(workload, steps));
}

/** The same in two arms with different learning rates and four seeds, unwatched: eight runs of equal duration. */
export function sweepText(workload: Workload, steps: number): string {
  const { training, ...rest } = experiment(workload, steps);
  return JSON.stringify({
    ...rest,
    training: { ...training, seeds: [1, 2, 3, 4] },
    watch: { every: steps, evaluateEvery: steps },
    arms: Object.fromEntries(
      [learningRate, learningRate / 2].map((rate) => [
        `rate ${rate}`,
        { training: { optimizer: { learningRate: rate } } },
      ]),
    ),
  });
}

function experiment(workload: Workload, steps: number) {
  const sizes = { train: 2048, test: 512 };
  return {
    name: `${workload.name}: ${workload.meaning}`,
    data:
      workload.inputs === 2 ? { kind: 'spiral', classes: workload.outputs, ...sizes } : { kind: 'digits', ...sizes },
    network: {
      layers: workload.hidden,
      activation: workload.activation,
      initialization: 'he',
      normalization: workload.batchNormalization ? 'batch' : 'none',
    },
    training: {
      optimizer: { kind: 'sgd', learningRate },
      batchSize: workload.batchSize,
      steps,
      seeds: [1],
    },
  };
}
