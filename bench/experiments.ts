/**
 * The reference workloads as experiment files, for what is measured of the whole lab and not of the engine alone:
 * the same networks on generated data of the same shape. What is watched is left to the file's defaults.
 */
import type { Workload } from './workloads';
import { learningRate } from './workloads';

/** Text of an experiment file that trains the workload. */
export function experimentText(workload: Workload, steps: number): string {
  const sizes = { train: 2048, test: 512 };
  return JSON.stringify({
    name: `${workload.name}: ${workload.meaning}`,
    data:
      workload.inputs === 2 ? { kind: 'spiral', classes: workload.outputs, ...sizes } : { kind: 'digits', ...sizes },
    network: {
      layers: workload.hidden.map((units) => ({ dense: units })),
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
  });
}
