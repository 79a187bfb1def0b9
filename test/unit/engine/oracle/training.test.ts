/**
 * Twenty steps of training compared with PyTorch: four networks × nine optimizers, some with a schedule, on fixed batches.
 * The comparison covers the loss before each update, and the parameters and running statistics after the last.
 */
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import { optimizer } from '../../../../src/engine/optimizer';
import { scheduleFactor } from '../../../../src/engine/schedule';
import type {
  LayerSpecification,
  OptimizerSpecification,
  ScheduleSpecification,
} from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { fixture, type LayerParameters } from '../support/fixtures';
import { filled, network, updateAt, valuesOf } from '../support/networks';

interface Net {
  name: string;
  loss: 'cross-entropy' | 'mean-squared-error';
  layers: LayerSpecification[];
  initial: Record<string, LayerParameters>;
}

interface Run {
  net: string;
  optimizer: OptimizerSpecification;
  schedule: ScheduleSpecification;
  losses: number[];
  parameters: Record<string, LayerParameters>;
  running: Record<string, { mean: number[]; variance: number[] }>;
}

interface Fixture {
  steps: number;
  rows: number;
  inputs: number;
  outputs: number;
  batches: number[][];
  labels: number[][];
  targets: number[][];
  nets: Net[];
  runs: Run[];
}

const { steps, rows, inputs, outputs, batches, labels, targets, nets, runs } = fixture<Fixture>('training.json');

function optimizerName(o: OptimizerSpecification): string {
  return Object.entries(o)
    .filter(([, value]) => value)
    .map(([name, value]) => (name === 'kind' ? value : `${name} ${value}`))
    .join(', ');
}

/** Loss before each of the steps, and the network after them. */
function train(kernels: Kernels, net: Net, run: Run) {
  const trained = network(kernels, net.layers, inputs, outputs, net.initial);
  const pass = trained.pass(rows);
  const updates = optimizer(
    kernels,
    run.optimizer,
    trained.blocks.flatMap((block) => block.parameters()),
  );
  const { gradient } = trained.output(pass);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = step % batches.length;
    kernels.write(pass.input, batches[batch]);
    const y = trained.forward(pass, { mode: 'training', step: 0 });
    const { loss } =
      net.loss === 'cross-entropy'
        ? kernels.softmaxCrossEntropy(y, Int32Array.from(labels[batch]), gradient)
        : kernels.meanSquaredError(y, filled(kernels, rows, outputs, Float32Array.from(targets[batch])), gradient);
    losses.push(loss);
    trained.backward(pass);
    const rate = run.optimizer.learningRate * scheduleFactor(run.schedule, step, steps);
    updates.update(updateAt(rate, run.optimizer));
  }
  return { losses, trained };
}

describeOnAll('twenty steps of training compared with PyTorch', (kernels) => {
  for (const net of nets) {
    describe(net.name, () => {
      for (const run of runs.filter((r) => r.net === net.name)) {
        it(`${optimizerName(run.optimizer)}; ${run.schedule.kind}`, () => {
          const { losses, trained } = train(kernels, net, run);
          const expect = (category: string, what: string) => ({
            category: `20 steps, ${category}`,
            what: `${what} of ${net.name}, ${optimizerName(run.optimizer)}`,
            tolerance: slack(kernels) * tolerances[category],
          });
          assertClose(losses.slice(0, 1), run.losses.slice(0, 1), expect('first loss', 'first loss'));
          losses.forEach((loss, step) => {
            assertClose([loss], [run.losses[step]], expect('losses', `loss at step ${step}`));
          });
          for (const block of trained.blocks) {
            for (const { name, value } of block.parameters()) {
              assertClose(
                valuesOf(kernels, value),
                run.parameters[block.name][name],
                expect('parameters', `${block.name}/${name}`),
              );
            }
            if (!block.normalization?.running) continue;
            const { mean: runningMean, spread: runningVariance } = block.normalization.running;
            const { mean, variance } = run.running[block.name];
            assertClose(
              valuesOf(kernels, runningMean),
              mean,
              expect('running statistics', `${block.name}/runningMean`),
            );
            assertClose(
              valuesOf(kernels, runningVariance),
              variance,
              expect('running statistics', `${block.name}/runningVariance`),
            );
          }
        });
      }
    });
  }
});

/** The first loss is that of one pass; later losses contain all earlier rounding errors, which training amplifies. */
const tolerances: Record<string, number> = {
  'first loss': 1e-6,
  losses: 2e-5,
  parameters: 1e-5,
  'running statistics': 1e-5,
};
