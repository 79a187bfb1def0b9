/** Trains with the engine and with PyTorch, from exported scripts: every preset, and all normalizations at both places. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { fastestKernels } from '../../../../src/engine/kernels/fastest';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import { parseText } from '../../../../src/experiment/parse';
import type { Plan } from '../../../../src/experiment/plan';
import { presets } from '../../../../src/experiment/presets';
import { readExperiment } from '../../../../src/experiment/read';
import { type Certificate, type ComparedTensor, judge } from '../../../../src/runs/export/pytorch/certificate';
import { NoPyTorch, type ParityExperiment, runParity } from '../../../../src/runs/export/pytorch/runParity';
import { absence, python } from '../../../support/python';
import { onlyPosix, skip } from '../../../support/skip';
import { planOf, temporaryFolder } from '../support/experiments';
import { mnistFiles } from '../support/mnist';

const steps = 3;
const parity = (experiments: ParityExperiment[], python_ = python) =>
  runParity(experiments, { python: python_, steps, kernels: fastestKernels() });
const of = (id: string, plan: Plan): ParityExperiment => ({ id, plan, files: mnistFiles() });

/** Tensors that differ, and runs that PyTorch could not train. */
function wrong(certificates: readonly Certificate[]): string[] {
  return certificates.flatMap(({ experiment, arm, problem, tensors }) => [
    ...(problem === null ? [] : [`${experiment}, ${arm}: ${problem}`]),
    ...tensors
      .filter(({ outcome }) => outcome === 'differs')
      .map(
        ({ name, difference, relative, reason }) =>
          `${experiment}, ${arm}: ${name}: ${difference} (${relative}): ${reason}`,
      ),
  ]);
}

/** A preset with few examples, because only a few minibatches are compared. */
function withFewExamples(text: string): Plan {
  const { data, ...rest } = (parseText(text) as { value: { data: Record<string, unknown> } }).value;
  const few = data.kind === 'idx' ? {} : { train: Math.min(Number(data.train ?? 1000), 200), test: 20 };
  const { plan } = readExperiment(JSON.stringify({ ...rest, data: { ...data, ...few } }));
  assert.ok(plan);
  return plan;
}

const normalizations: Record<string, object> = {
  batch: { kind: 'batch' },
  'batch, detached': { kind: 'batch', gradient: 'detached' },
  'batch, unbiased': { kind: 'batch', variance: 'unbiased' },
  'batch, whole': { kind: 'batch', statistics: 'whole-batch' },
  'batch, whole, unbiased, detached': {
    kind: 'batch',
    statistics: 'whole-batch',
    variance: 'unbiased',
    gradient: 'detached',
  },
  'batch, ghost': { kind: 'batch', ghostBatchSize: 4 },
  'batch, scale alone': { kind: 'batch', shift: false },
  'batch, shift alone': { kind: 'batch', scale: false, epsilon: 0.001, momentum: 0.3 },
  'batch, frozen': { kind: 'batch', freezeAt: 1 },
  naive: { kind: 'naive' },
  'batch-l1': { kind: 'batch-l1' },
  'batch-l1, ghost, unbiased': { kind: 'batch-l1', ghostBatchSize: 8, variance: 'unbiased' },
  'batch-renorm': { kind: 'batch-renorm', relaxFrom: 0, rMaxAt: 2, dMaxAt: 4 },
  'batch-renorm, frozen': { kind: 'batch-renorm', relaxFrom: 0, rMaxAt: 1, dMaxAt: 1, freezeAt: 2 },
  layer: { kind: 'layer' },
  'layer, scale alone': { kind: 'layer', shift: false },
  group: { kind: 'group', groups: 2 },
  rms: { kind: 'rms' },
  'rms with shift': { kind: 'rms', shift: true },
};
const withoutPlacement = {
  none: { network: { normalization: { kind: 'none' } } },
  weight: { network: { normalization: { kind: 'weight' } } },
};
const instance = { instance: { kind: 'instance' }, 'instance, bare': { kind: 'instance', scale: false, shift: false } };
const placements = ['before-activation', 'after-activation'] as const;

/** An arm for each normalization and placement. */
function armsOf(kinds: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, normalization]) =>
      placements.map((placement) => [
        `${name}, ${placement}`,
        { network: { normalization: { ...normalization, placement } } },
      ]),
    ),
  );
}

const training = { batchSize: 16, steps: 10, optimizer: { kind: 'sgd', learningRate: 0.1 } };
const dense = {
  name: 'Dense',
  data: { kind: 'gaussians', classes: 3, dimensions: 5, train: 64, test: 16 },
  network: { layers: [{ dense: 8 }, { dense: 6, activation: 'tanh' }], activation: 'relu' },
  training,
  arms: { ...armsOf(normalizations), ...withoutPlacement },
};
const convolutions = {
  ...dense,
  data: { kind: 'digits', train: 64, test: 10 },
  network: {
    layers: [
      { conv: 4, kernel: 5, stride: 3 },
      { averagePool: 2 },
      { residual: [{ conv: 4, kernel: 3, activation: 'linear' }], activation: 'gelu' },
      { maxPool: 2 },
      { dense: 6, normalization: 'none' },
    ],
    activation: 'leaky-relu',
  },
  arms: { ...armsOf(normalizations), ...armsOf(instance), ...withoutPlacement },
};
/** Each optimizer, schedule, change, initialization and layer that the others lack. */
const others = {
  ...dense,
  arms: {
    momentum: { training: { optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0.01, nesterov: true } } },
    adam: { training: { optimizer: { kind: 'adam', learningRate: 0.01, weightDecay: 0.1 } } },
    adamw: { training: { optimizer: { kind: 'adamw', learningRate: 0.01, beta1: 0.8, epsilon: 1e-6 } } },
    'step schedule': { training: { schedule: { kind: 'step', every: 1, factor: 0.5, warmUp: 1 } } },
    cosine: { training: { schedule: { kind: 'cosine', warmUp: 2, floor: 0.1 } } },
    'warm-up': { training: { schedule: { kind: 'constant', warmUp: 4 } } },
    changes: {
      network: { normalization: { kind: 'batch' } },
      training: {
        changes: [
          { at: 1, learningRate: 0.03, momentum: 0.5, weightDecay: 0.2, batchSize: 8 },
          { at: 2, freezeStatistics: true },
        ],
      },
    },
    'noise and dropout': {
      network: {
        layers: [{ dense: 8 }, { dropout: 0.5 }, { dense: 6 }],
        normalization: { kind: 'batch', noise: true },
      },
    },
    sigmoid: { network: { activation: 'sigmoid', initialization: { kind: 'orthogonal', gain: 2 } } },
  },
};
const afterFlattening = {
  ...convolutions,
  network: {
    layers: [
      { conv: 3, kernel: 5, stride: 5 },
      { maxPool: 2 },
      { flatten: true },
      { residual: [{ dense: 5 }, { dense: 27 }] },
      { dense: 6, bias: true },
    ],
    normalization: { kind: 'batch' },
  },
  arms: undefined,
};

/** Updates with a learning rate that is 1 % too large. */
class TooFast extends ReferenceKernels {
  override sgdUpdate(...[value, gradient, velocity, step]: Parameters<ReferenceKernels['sgdUpdate']>): void {
    super.sgdUpdate(value, gradient, velocity, { ...step, learningRate: 1.01 * step.learningRate });
  }
}

describe('parity with PyTorch', () => {
  const folder = temporaryFolder();
  const small = { ...dense, arms: undefined };

  it('holds for every preset, and for all normalizations at both places', async function () {
    this.timeout(300_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const tables = { dense, convolutions, others, 'after-flattening': afterFlattening };
    const certificates = await parity([
      ...presets.map(({ id, text }) => of(id, withFewExamples(text))),
      ...Object.entries(tables).map(([id, experiment]) => of(id, planOf(experiment))),
    ]);
    assert.deepEqual(wrong(certificates), []);
    // The many layers of a preset that is meant to explode amplify rounding errors.
    const stable = certificates.filter(({ experiment }) => experiment !== 'gradients-explode');
    const outcomes = stable.flatMap(({ tensors }) => tensors.map(({ outcome }) => outcome));
    const share = outcomes.filter((outcome) => outcome === 'agrees').length / outcomes.length;
    assert.ok(share > 0.99, `only ${share} of the tensors agree within the tolerance`);
  });

  it('finds an update that is 1 % too large, and only that', async function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const [{ tensors }] = await runParity([of('small', planOf(small))], { python, steps, kernels: new TooFast() });
    const outcomes = new Map(tensors.map(({ name, outcome }) => [name, outcome]));
    assert.equal(outcomes.get('parameter/hidden1.weight'), 'differs');
    assert.deepEqual(
      new Set(tensors.filter(({ name }) => /^(value|gradient)/.test(name)).map(({ outcome }) => outcome)),
      new Set(['agrees']),
    );
  });

  it('names a Python without PyTorch, an old PyTorch and a missing Python, with a remedy', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    const problemOf = (command: string) =>
      runParity([of('small', planOf(small))], { python: command, steps: 1, kernels: new ReferenceKernels() }).then(
        () => assert.fail('it ran'),
        (error) => {
          assert.ok(error instanceof NoPyTorch, String(error));
          return error.message;
        },
      );
    assert.match(await problemOf(folder.path('missing')), /cannot be started .*--python/);
    const printing = (name: string, text: string) => {
      writeFileSync(folder.path(name), `#!/bin/sh\ncat > /dev/null\necho '${text}'\n`, { mode: 0o755 });
      return folder.path(name);
    };
    assert.match(
      await problemOf(printing('bare', '{"missing": "torch"}')),
      /has no PyTorch: install it \(pip install torch\)/,
    );
    assert.match(await problemOf(printing('old', '{"old": "1.4.0"}')), /has PyTorch 1\.4\.0: 1\.12 or newer is needed/);
    assert.match(await problemOf(printing('strange', 'hello')), /printed something other than results: hello/);
  });
});

describe('the certificate of a tensor', () => {
  const tensor = { name: 'gradient/a', scale: 2, difference: 0, error: 0, errorOfPyTorch: 0, errorOnOtherSide: null };
  const outcomeOf = (change: Partial<ComparedTensor>) => judge([{ ...tensor, ...change }])[0];

  it('compares with the largest magnitude, but tensors of rounding errors with a share of the largest of all', () => {
    assert.equal(outcomeOf({ difference: 1.9e-4, error: 1 }).outcome, 'agrees');
    assert.equal(outcomeOf({ difference: 2.1e-4, error: 1 }).outcome, 'differs');
    const [, tiny] = judge([tensor, { ...tensor, name: 'gradient/b', scale: 1e-9, difference: 1e-7, error: 1e-7 }]);
    assert.equal(tiny.outcome, 'agrees');
  });

  it('gives the reason where the problem is ill-conditioned', () => {
    const chaotic = outcomeOf({ difference: 0.1, error: 0.1, errorOfPyTorch: 0.05 });
    assert.deepEqual(
      [chaotic.outcome, chaotic.reason],
      ['ill-conditioned', "PyTorch's own float32 differs from its float64 by 2.5e-2 of the scale"],
    );
    const kink = outcomeOf({ difference: 0.1, error: 0.1, errorOfPyTorch: 1e-9, errorOnOtherSide: 1e-8 });
    assert.match(kink.reason ?? '', /input of a ReLU/);
    assert.equal(
      outcomeOf({ difference: 0.1, error: 0.1, errorOfPyTorch: 1e-9, errorOnOtherSide: 0.1 }).outcome,
      'differs',
    );
    assert.equal(
      outcomeOf({ difference: Number.NaN, error: Number.NaN, errorOfPyTorch: Number.NaN }).outcome,
      'differs',
    );
    assert.equal(judge([{ name: 'value/a', problem: 'is missing in PyTorch' }])[0].outcome, 'differs');
  });
});
