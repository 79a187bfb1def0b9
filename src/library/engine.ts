/** Entry `batchnorm-lab/engine`; see its declarations. */
import { DataError } from '../engine/data/dataset';
import { makeDataset } from '../engine/data/make';
import { fastestKernels } from '../engine/kernels/fastest';
import { Trainer } from '../engine/trainer';
import { withTask } from '../experiment/runSpecification';
import type { RunFiles } from '../runs/session/planFiles';
import { startOf } from '../runs/startOf';
import { parametersHash } from '../runs/worker/parametersHash';
import type * as Declared from './declarations/engine';

function startTraining(run: Declared.TrainableRun, files: Declared.GivenFiles = {}): Declared.Training {
  const given: RunFiles = files;
  const dataset = makeDataset(run.data, run.seed, given);
  const specification = withTask({ ...run.specification, seed: run.seed }, dataset.task);
  const trainer = new Trainer(specification, dataset, fastestKernels(), startOf(specification, dataset, given));
  return {
    channels: trainer.channels.map(({ name }) => name),
    get step() {
      return trainer.step;
    },
    get finished() {
      return trainer.finished;
    },
    get divergence() {
      return trainer.divergence;
    },
    advance: () => trainer.advance(),
    results: () => trainer.finalResults(),
    parameters: () => Array.from(trainer.parameters(), (values) => values.slice()),
    parametersHash: () => parametersHash(trainer.parameters()),
  };
}

export { DataError, startTraining };

({ startTraining }) satisfies Omit<typeof Declared, 'DataError'>;
