/** Trains with the engine and with PyTorch, from exported scripts: every preset, and all normalizations at both places. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { fastestKernels } from '../../../../src/engine/kernels/fastest';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import type { Plan } from '../../../../src/experiment/plan';
import { presets } from '../../../../src/experiment/presets';
import {
  type Certificate,
  type ComparedTensor,
  judge,
  type Outcome,
  outcomeOf,
} from '../../../../src/runs/export/pytorch/certificate';
import { NoPyTorch, type ParityExperiment, runParity } from '../../../../src/runs/export/pytorch/runParity';
import { absence, python } from '../../../support/python';
import { onlyPosix, skip } from '../../../support/skip';
import { planOf, temporaryFolder } from '../support/experiments';
import { mnistFiles } from '../support/mnist';
import { dense, networkTables, withFewExamples } from '../support/networkTables';

const steps = 3;
const parity = (experiments: ParityExperiment[], count = steps) =>
  runParity(experiments, { python, steps: count, kernels: fastestKernels() });
const of = (id: string, plan: Plan): ParityExperiment => ({ id, plan, files: mnistFiles() });

/** Tensors that differ, and runs that PyTorch could not train. */
function wrong(certificates: readonly Certificate[]): string[] {
  return certificates.flatMap(({ experiment, arm, problem, tensors }) => [
    ...(problem === null ? [] : [`${experiment}, ${arm}: ${problem}`]),
    ...tensors
      .filter(({ outcome }) => outcome === 'differs')
      .map(({ name, error, relative, reason }) => `${experiment}, ${arm}: ${name}: ${error} (${relative}): ${reason}`),
  ]);
}

/** Kernels with a fault. */
function faulty(change: (kernels: Kernels) => Partial<Kernels>): Kernels {
  const kernels = fastestKernels();
  return Object.assign(kernels, change(kernels));
}

/** Updates with a learning rate that is too large by a share. */
const tooFast = (share: number) =>
  faulty((kernels) => {
    const update = kernels.sgdUpdate.bind(kernels);
    return {
      sgdUpdate: (value, gradient, velocity, step) =>
        update(value, gradient, velocity, { ...step, learningRate: (1 + share) * step.learningRate }),
    };
  });

/** A normalization whose variance is not that of the minibatch, by a share. */
const wrongVariance = (share: number) =>
  faulty((kernels) => {
    const inverseStd = kernels.inverseStd.bind(kernels);
    return {
      inverseStd: (variance, correction, epsilon, result) =>
        inverseStd(variance, (1 + share) * correction, epsilon, result),
    };
  });

/** The slope of the first unit of each layer is 0.1 where its input is negative. */
const wrongDerivative = () =>
  faulty((kernels) => {
    const activateGradient = kernels.activateGradient.bind(kernels);
    return {
      activateGradient: (activation, x, y, dy, dx) => {
        const [inputs, given] = [kernels.read(x), kernels.read(dy)].map((values) => values.slice());
        activateGradient(activation, x, y, dy, dx);
        if (activation.kind !== 'relu') return;
        const gradient = kernels.read(dx).slice();
        for (let k = 0; k < gradient.length; k += dx.columns) if (inputs[k] < 0) gradient[k] = 0.1 * given[k];
        kernels.write(dx, gradient);
      },
    };
  });

describe('parity with PyTorch', () => {
  const folder = temporaryFolder();
  const small = { ...dense, arms: undefined };

  it('holds for every preset, and for all normalizations at both places', async function () {
    this.timeout(300_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const all = presets.map(({ id, text }) => of(id, withFewExamples(text)));
    const tables = Object.entries(networkTables).map(([id, experiment]) => of(id, planOf(experiment)));
    const certificates = await parity([...all, ...tables]);
    assert.deepEqual(wrong(certificates), []);
    // Few runs but those of the deepest networks amplify rounding errors so much in three steps.
    const deep = ['gradients-explode', 'rank-collapse'];
    const unsure = certificates.filter(({ outcome }) => outcome === 'ill-conditioned');
    const others = unsure.filter(({ experiment }) => !deep.includes(experiment));
    assert.ok(others.length < 0.05 * certificates.length, others.map(({ arm }) => arm).join());
    assert.ok(certificates.flatMap(({ tensors }) => tensors).length > 5_000);
  });

  it('finds faults in a net of 24 layers that amplifies rounding errors, or says that it cannot see them', async function () {
    this.timeout(120_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const { text } = presets.find(({ id }) => id === 'rank-collapse') as { text: string };
    const plan = withFewExamples(text);
    const deep = { ...plan, runs: plan.runs.filter(({ arm }) => arm === 'BatchNorm') };
    const outcomeOf = async (count: number, kernels: Kernels) => {
      const [certificate] = await runParity([of('deep', deep)], { python, steps: count, kernels });
      return certificate.outcome;
    };
    assert.equal(await outcomeOf(2, wrongDerivative()), 'differs');
    assert.equal(await outcomeOf(5, wrongVariance(0.01)), 'differs');
    // After 5 steps, rounding errors change the parameters as much as this.
    assert.equal(await outcomeOf(5, tooFast(1e-4)), 'ill-conditioned');
  });

  it('finds an update that is 0.1 % too large, and only that', async function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const [{ tensors }] = await runParity([of('small', planOf(small))], { python, steps, kernels: tooFast(1e-3) });
    const outcomes = new Map(tensors.map(({ name, outcome }) => [name, outcome]));
    assert.equal(outcomes.get('parameter/hidden1.bias'), 'differs');
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
  const sizes = [16, 1];
  const tensor = { name: 'gradient/a', scale: 2, difference: 0, error: 0, spreads: [0, 0], nearest: 0 };
  const verdictOf = (change: Partial<ComparedTensor>) => judge([{ ...tensor, ...change }], sizes)[0];
  const far = { difference: 1, error: 1, nearest: 1 };

  it('compares with the scale', () => {
    assert.equal(verdictOf({ ...far, difference: 1.9e-4 }).outcome, 'agrees');
    assert.equal(verdictOf({ ...far, difference: 2.1e-4 }).outcome, 'differs');
  });

  it('agrees with PyTorch in float64, as it is and perturbed', () => {
    const { outcome, reason } = verdictOf({ ...far, error: 1e-4 });
    assert.deepEqual([outcome, reason], ['agrees', 'agrees with PyTorch in float64; its float32 differs']);
    const perturbed = verdictOf({ ...far, nearest: 1e-4 });
    assert.equal(perturbed.outcome, 'agrees');
    assert.match(perturbed.reason ?? '', /with other rounding errors/);
  });

  it('is ill-conditioned where the perturbed trainings spread as much, with the measured amplification', () => {
    const { outcome, reason, spread, amplification } = verdictOf({ ...far, spreads: [0.4, 2 ** -10] });
    assert.deepEqual(
      [outcome, reason, spread],
      ['ill-conditioned', 'rounding errors change it by 2.0e-1 of the scale', 0.4],
    );
    // The smaller perturbation of 2^-24 grows to 2^-11 of the scale, the larger of 2^-20 to 0.2.
    assert.equal(amplification, 0.2 * 2 ** 20);
    assert.equal(verdictOf({ ...far, spreads: [0.3, 0] }).outcome, 'differs');
  });

  it('differs where the lab has no number, and where PyTorch lacks the tensor', () => {
    const infinite = { difference: Infinity, error: Infinity, nearest: Infinity };
    assert.equal(verdictOf({ ...infinite, spreads: [1, 1] }).outcome, 'differs');
    const [missing] = judge([{ name: 'value/a', problem: 'is missing in PyTorch' }], sizes);
    assert.deepEqual([missing.outcome, missing.spread], ['differs', null]);
  });

  it('gives the run its worst outcome', () => {
    const outcomes = (...list: Outcome[]) => list.map((outcome) => ({ outcome }));
    assert.equal(outcomeOf(null, outcomes('agrees', 'agrees')), 'agrees');
    assert.equal(outcomeOf(null, outcomes('ill-conditioned', 'agrees')), 'ill-conditioned');
    assert.equal(outcomeOf(null, outcomes('ill-conditioned', 'differs')), 'differs');
    assert.equal(outcomeOf('RuntimeError: …', []), 'differs');
  });
});
