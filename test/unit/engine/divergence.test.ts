/** Runs that end in a NaN or an infinity: detected at the step where it happens, and located where it appeared first. */
import assert from 'node:assert/strict';
import { firstUnsound, isSound } from '../../../src/engine/divergence';
import type { Kernels, Tensor } from '../../../src/engine/kernels/kernels';
import type { Network, Pass } from '../../../src/engine/network';
import type { DenseSpecification } from '../../../src/engine/specification';
import { Trainer } from '../../../src/engine/trainer';
import { describeOnAll } from './implementations';
import { runOf, smallDataset, trained } from './support/datasets';
import { draws } from './support/draws';
import { activation, batch, layer, network, scalarKinds, sgd, valuesOf } from './support/networks';

const bads = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** `t` with its first number replaced. */
function spoil(kernels: Kernels, t: Tensor, bad: number): void {
  const values = valuesOf(kernels, t);
  values[0] = bad;
  kernels.write(t, values);
}

/** One pass of a training step over fixed inputs. */
function step(kernels: Kernels, net: Network, pass: Pass): number {
  kernels.write(pass.input, draws(1).normals(pass.input.rows * pass.input.columns));
  const labels = Int32Array.from({ length: pass.input.rows }, (_, r) => r % net.outputs);
  const { loss } = kernels.softmaxCrossEntropy(
    net.forward(pass, { mode: 'training', step: 0 }),
    labels,
    net.output(pass).gradient,
  );
  net.backward(pass);
  return loss;
}

describeOnAll('the check for numbers that are not finite', (kernels) => {
  const layers = (
    kind: DenseSpecification['activation']['kind'],
    placement: 'before-activation' | 'after-activation',
  ) => [
    layer('hidden1', 4, { activation: activation(kind), normalization: batch({ placement }) }),
    layer('hidden2', 4, { activation: activation(kind), normalization: batch({ placement }) }),
    layer('output', null),
  ];

  it('finds nothing in a healthy pass', () => {
    const net = network(kernels, layers('relu', 'before-activation'), 3, 2);
    const pass = net.pass(6);
    assert.ok(isSound(kernels, net, pass, step(kernels, net, pass)));
  });

  for (const kind of scalarKinds) {
    it(`locates a bad number in any parameter (${kind})`, () => {
      for (const placement of ['before-activation', 'after-activation'] as const) {
        const places = [0, 1, 2].flatMap((index) =>
          (['weights', 'bias', 'scale', 'shift'] as const).map((name) => ({ index, name })),
        );
        for (const { index, name } of places) {
          for (const bad of bads) {
            const net = network(kernels, layers(kind, placement), 3, 2);
            const parameter = net.blocks[index].parameters().find((p) => p.name === name);
            if (!parameter) continue;
            spoil(kernels, parameter.value, bad);
            const pass = net.pass(6);
            const loss = step(kernels, net, pass);
            const what = `${bad} in ${net.blocks[index].name}/${name}, ${placement}`;
            assert.equal(isSound(kernels, net, pass, loss), false, what);
            assert.deepEqual(
              firstUnsound(kernels, net, pass, loss, 7),
              { step: 7, layer: net.blocks[index].name, tap: name },
              what,
            );
          }
        }
      }
    });
  }

  it('locates a value that overflows at its tap', () => {
    const net = network(
      kernels,
      [layer('hidden1', 2, { activation: activation('linear') }), layer('output', null)],
      3,
      2,
    );
    const [hidden] = net.blocks;
    kernels.write(hidden.linear.weights.value, new Float32Array(6).fill(3e38));
    const pass = net.pass(6);
    const loss = step(kernels, net, pass);
    assert.equal(isSound(kernels, net, pass, loss), false);
    assert.deepEqual(firstUnsound(kernels, net, pass, loss, 0), { step: 0, layer: 'hidden1', tap: 'linear' });
  });

  it('locates a variance that overflows, though all later values are finite', () => {
    for (const placement of ['before-activation', 'after-activation'] as const) {
      const net = network(kernels, layers('relu', placement), 3, 2);
      kernels.write(net.blocks[0].linear.weights.value, draws(2).normals(12, 1e21));
      const pass = net.pass(6);
      const loss = step(kernels, net, pass);
      assert.equal(isSound(kernels, net, pass, loss), false);
      assert.deepEqual(firstUnsound(kernels, net, pass, loss, 0), { step: 0, layer: 'hidden1', tap: 'batchVariance' });
    }
  });

  it('locates a gradient that overflows at its tap', () => {
    const net = network(
      kernels,
      [layer('hidden1', 2, { activation: activation('linear') }), layer('output', null)],
      3,
      2,
    );
    const [hidden, output] = net.blocks;
    // Values stay small, but the backward pass multiplies by the large weights.
    kernels.write(hidden.linear.weights.value, new Float32Array(6));
    kernels.write(output.linear.weights.value, Float32Array.of(3e38, 3e38, -3e38, -3e38));
    const pass = net.pass(6);
    const loss = step(kernels, net, pass);
    kernels.write(
      net.output(pass).gradient,
      new Float32Array(12).map((_, k) => (k % 2 === 0 ? 5 : -5)),
    );
    net.backward(pass);
    assert.equal(isSound(kernels, net, pass, loss), false);
    assert.deepEqual(firstUnsound(kernels, net, pass, loss, 3), {
      step: 3,
      layer: 'hidden1',
      tap: 'activatedGradient',
    });
  });

  it('locates a loss that is the only number not finite', () => {
    const net = network(kernels, [layer('hidden1', 2), layer('output', null)], 3, 2);
    const pass = net.pass(6);
    step(kernels, net, pass);
    assert.equal(isSound(kernels, net, pass, Number.POSITIVE_INFINITY), false);
    assert.deepEqual(firstUnsound(kernels, net, pass, Number.POSITIVE_INFINITY, 3), {
      step: 3,
      layer: 'output',
      tap: 'loss',
    });
  });
});

describeOnAll('runs that diverge', (kernels) => {
  const data = smallDataset('classification');

  it('are reported at a huge learning rate, with step, layer and tap', () => {
    const run = runOf({ training: { optimizer: sgd(1e30), steps: 50 }, watch: { every: 7 } });
    const { trainer, frames } = trained(run, data, kernels);
    const { divergence } = trainer;
    assert.ok(divergence);
    assert.equal(divergence.step, trainer.step);
    assert.ok(divergence.step >= 1 && divergence.step < 5, `diverged at ${divergence.step}`);
    assert.ok(['hidden1', 'output'].includes(divergence.layer));
    assert.ok(['weights', 'bias', 'linear', 'activated', 'loss'].includes(divergence.tap), divergence.tap);
    // The last frame is that of the diverged step, though no frame was due.
    assert.equal(frames.at(-1)?.step, divergence.step);
    assert.equal(frames.at(-1)?.values.length, trainer.channels.length);
  });

  it('have ended', () => {
    const { trainer, frames } = trained(runOf({ training: { optimizer: sgd(1e30), steps: 50 } }), data, kernels);
    assert.ok(trainer.finished && frames.length > 0);
    const step = trainer.step;
    assert.equal(trainer.advance(), null);
    assert.equal(trainer.step, step);
    // Results are still available.
    assert.equal(trainer.layerSummaries().length, 2);
    assert.ok('trainLoss' in trainer.finalResults());
  });

  it('are reported with epsilon 0 and a constant feature: in its normalization, at step 0', () => {
    // With zero weights every unit outputs its bias, the same for all examples.
    const layers = [
      layer('hidden1', 4),
      layer('hidden2', 4, { initialization: { kind: 'zeros' }, normalization: batch({ epsilon: 0 }) }),
      layer('output', null),
    ];
    const { trainer, frames } = trained(runOf({ layers }), data, kernels);
    assert.deepEqual(trainer.divergence, { step: 0, layer: 'hidden2', tap: 'normalized' });
    assert.equal(frames.length, 1);
  });

  it('do not occur with a positive epsilon on the same data', () => {
    const layers = [
      layer('hidden1', 4, { initialization: { kind: 'zeros' }, normalization: batch() }),
      layer('output', null),
    ];
    assert.equal(trained(runOf({ layers }), data, kernels).trainer.divergence, null);
  });

  it('are reported at the pass after the last update too', () => {
    const run = runOf({ training: { optimizer: sgd(3e38), steps: 1 } });
    const { trainer, frames } = trained(run, data, kernels);
    assert.equal(trainer.divergence?.step, 1);
    assert.deepEqual(
      frames.map(({ step }) => step),
      [0, 1],
    );
  });

  it('do not affect other runs', () => {
    const [sound, wild] = [sgd(0.1), sgd(1e30)].map(
      (o) => new Trainer(runOf({ training: { optimizer: o } }), data, kernels),
    );
    while (!sound.finished || !wild.finished) {
      wild.advance();
      sound.advance();
    }
    assert.ok(wild.divergence);
    assert.equal(sound.divergence, null);
    assert.equal(sound.step, 10);
  });
});
