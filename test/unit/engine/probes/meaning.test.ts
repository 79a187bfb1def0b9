/** Results of probes in cases where theory predicts them. */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/engine/data/dataset';
import type { Frame } from '../../../../src/engine/results';
import type { BatchNormalizationSpecification, RunSpecification } from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { runOf, smallDataset } from '../support/datasets';
import { draws } from '../support/draws';
import { activation, batch, layer, sgd, valuesOf } from '../support/networks';
import { allProbes } from './allProbes';

/** A data set of a single minibatch, so that every step learns from the same examples. */
function oneBatch(rows: number, features: number): Dataset {
  const data = smallDataset('classification', rows, rows);
  const random = draws(17);
  const train = { ...data.train, features: random.normals(rows * features, 1, 0.3) };
  const names = Array.from({ length: features }, (_, k) => `x${k + 1}`);
  return { ...data, featureCount: features, featureNames: names, train, test: train };
}

function reader(trainer: Trainer): (frame: Frame, name: string) => number {
  const places = new Map(trainer.channels.map(({ name }, place) => [name, place]));
  return (frame, name) => {
    const place = places.get(name);
    assert.ok(place !== undefined, `missing channel ${name}`);
    return frame.values[place];
  };
}

const rows = 24;

describeOnAll('the share of an update that a normalization takes back', (kernels) => {
  const shareOf = (normalization: Partial<BatchNormalizationSpecification>, features: number, rate = 0.1) => {
    const run: RunSpecification = runOf({
      layers: [
        layer('hidden1', 6, { activation: activation('tanh'), normalization: batch(normalization) }),
        layer('output', null),
      ],
      training: { optimizer: sgd(rate), batchSize: rows, steps: 3 },
      watch: { probes: ['takenBack'] },
    });
    const trainer = new Trainer(run, oneBatch(rows, features), kernels);
    const at = reader(trainer);
    const frame = trainer.advance()!;
    return { share: at(frame, 'hidden1/takenBack/share'), expected: at(frame, 'hidden1/takenBack/expected'), trainer };
  };

  it('is 1 if a unit has one input: w · u + b normalized is u normalized, for any w and b', () => {
    const { share, expected } = shareOf({ kind: 'naive', gradient: 'detached', epsilon: 0 }, 1);
    assert.ok(expected > 1e-3, 'the update has an effect');
    assert.ok(Math.abs(share - 1) < 1e-5, String(share));
  });

  it('is 0 if the statistics are frozen', () => {
    const { share, expected } = shareOf({ freezeAt: 0 }, 3);
    assert.ok(expected > 1e-3);
    // Float32 values of about 1 are rounded by 6e-8; their change is about 1e-2.
    assert.ok(Math.abs(share) < 2e-5, String(share));
  });

  it('is larger if the gradient ignores the statistics', () => {
    const through = shareOf({ epsilon: 0 }, 3).share;
    const detached = shareOf({ epsilon: 0, gradient: 'detached' }, 3).share;
    assert.ok(detached > through + 0.1, `${detached} and ${through}`);
    assert.ok(through >= -1e-3 && detached <= 1);
  });

  it('is the part along 1 and x̂ for a small update (Ioffe & Szegedy 2015)', () => {
    const rate = 1e-3;
    const { share, trainer } = shareOf({ epsilon: 0, gradient: 'detached' }, 3, rate);
    // The tensors still contain the first pass: u and x̂, the gradients of weights and bias, the inputs.
    const { pass, network } = trainer as unknown as {
      pass: Trainer['network'] extends { pass(n: number): infer P } ? P : never;
      network: Trainer['network'];
    };
    const [blockPass] = pass.blocks;
    const [block] = network.blocks;
    const [x, xHat, inverse, scale, dW, db] = [
      pass.input,
      blockPass.normalization!.xHat,
      blockPass.normalization!.inverseStd,
      block.scale!.value,
      block.linear.weights.gradient,
      block.linear.bias!.gradient,
    ].map((t) => Array.from(valuesOf(kernels, t)));
    let [all, taken] = [0, 0];
    for (let unit = 0; unit < 6; unit++) {
      const change = Array.from({ length: rows }, (_, r) => {
        const along = [0, 1, 2].reduce((sum, i) => sum + dW[unit * 3 + i] * x[r * 3 + i], db[unit]);
        return -rate * along * inverse[unit] * scale[unit];
      });
      const ofUnit = Array.from({ length: rows }, (_, r) => xHat[r * 6 + unit]);
      const mean = change.reduce((sum, v) => sum + v, 0) / rows;
      const along = change.reduce((sum, v, r) => sum + v * ofUnit[r], 0) / rows;
      all += change.reduce((sum, v) => sum + v * v, 0) / rows;
      taken += mean * mean + along * along;
    }
    // To first order; the error is of the order of the update, about 1e-3.
    assert.ok(taken / all > 0.1 && Math.abs(share - taken / all) < 2e-3, `${share}, by theory ${taken / all}`);
  });
});

describeOnAll('probes of parameters that do not change', (kernels) => {
  it('are 0', () => {
    const run = runOf({
      layers: [
        layer('hidden1', 5, { normalization: batch() }),
        layer('hidden2', 5, { normalization: batch() }),
        layer('output', null),
      ],
      training: { optimizer: sgd(0), steps: 2 },
      watch: { probes: allProbes },
    });
    const trainer = new Trainer(run, smallDataset('classification'), kernels);
    const at = reader(trainer);
    const frame = trainer.advance()!;
    for (const name of ['mean', 'variance', 'wasserstein']) assert.equal(at(frame, `hidden2/drift/${name}`), 0);
    assert.deepEqual(
      ['norm', 'relative', 'cosine'].map((name) => at(frame, `output/gradientDrift/${name}`)),
      [0, 0, 1],
    );
    assert.equal(at(frame, 'network/landscape/lossRange'), 0);
    assert.equal(at(frame, 'network/landscape/lossMin'), at(frame, 'network/train/loss'));
    assert.equal(at(frame, 'network/landscape/gradientChangeMax'), 0);
    assert.deepEqual(
      ['rate', 'update', 'turn'].map((name) => at(frame, `hidden1/effectiveRate/${name}`)),
      [0, 0, 0],
    );
  });
});

describeOnAll('drift from frame to frame', (kernels) => {
  it('is that of the update if both frames have the same minibatch and are one update apart', () => {
    const run = runOf({
      layers: [layer('hidden1', 5, { normalization: batch() }), layer('hidden2', 4), layer('output', null)],
      training: { batchSize: rows, steps: 4, optimizer: sgd(0.5) },
      watch: { probes: ['drift', 'frameDrift'] },
    });
    const trainer = new Trainer(run, oneBatch(rows, 3), kernels);
    const at = reader(trainer);
    const frames: Frame[] = [];
    while (!trainer.finished) frames.push(trainer.advance()!);
    for (const step of [0, 1, 2]) {
      for (const layerName of ['hidden2', 'output']) {
        for (const quantity of ['mean', 'variance', 'wasserstein']) {
          const expected = at(frames[step], `${layerName}/drift/${quantity}`);
          assert.ok(expected > 0);
          if (step === 2) continue;
          // The examples are in a different order, so sums are rounded differently.
          assertClose([at(frames[step + 1], `${layerName}/frameDrift/${quantity}`)], [expected], {
            category: 'drift between frames',
            what: `${layerName}, ${quantity}`,
            tolerance: 2e-4 * slack(kernels),
          });
        }
      }
      if (step > 0) assert.ok(at(frames[step], 'hidden1/frameDrift/mean') < 1e-6, 'the data are the same');
    }
  });
});

describeOnAll('the loss along the gradient', (kernels) => {
  it('has the same curvature everywhere for a quadratic loss, and its gradient changes in proportion', () => {
    const run = runOf({
      layers: [layer('output', null)],
      loss: 'mean-squared-error',
      training: { optimizer: sgd(0.1), batchSize: 20, steps: 2 },
      watch: { probes: ['landscape'] },
    });
    const trainer = new Trainer(run, smallDataset('regression', 20, 20), kernels);
    const at = reader(trainer);
    const frame = trainer.advance()!;
    const [least, most, smoothness] = ['gradientChangeMin', 'gradientChangeMax', 'smoothness'].map((name) =>
      at(frame, `network/landscape/${name}`),
    );
    // From half the learning rate to four times it.
    assertClose([most], [8 * least], { category: 'landscape', what: 'range of changes', tolerance: 1e-5 });
    // (‖H g‖ / ‖g‖) · t η ‖g‖ = ‖H g‖ t η
    const length = Math.sqrt(
      trainer.network.parameters().reduce((sum, { gradient }) => sum + kernels.sumOfSquares(gradient), 0),
    );
    assertClose([smoothness * 0.05 * length], [least], { category: 'landscape', what: 'smoothness', tolerance: 1e-5 });
  });
});

describeOnAll('the effective learning rate', (kernels) => {
  const at = (factor: number, rate: number) => {
    const run = runOf({
      layers: [layer('hidden1', 6, { bias: false, normalization: batch({ epsilon: 0 }) }), layer('output', null)],
      training: { optimizer: sgd(rate), batchSize: rows, steps: 2 },
      watch: { probes: ['effectiveRate'] },
    });
    const trainer = new Trainer(run, oneBatch(rows, 3), kernels);
    const [hidden] = trainer.network.blocks;
    const { value } = hidden.linear.weights;
    kernels.write(
      value,
      valuesOf(kernels, value).map((v) => v * factor),
    );
    const read = reader(trainer);
    const frame = trainer.advance()!;
    return ['rate', 'update', 'turn'].map((name) => read(frame, `hidden1/effectiveRate/${name}`));
  };

  it('falls with the square of the weights’ norm; scaling η and ‖W‖² equally leaves it unchanged (van Laarhoven 2017)', () => {
    const [one, twice, compensated] = [at(1, 0.1), at(2, 0.1), at(2, 0.4)];
    // Powers of two change no rounding.
    assert.equal(twice[0], one[0] / 4);
    assertClose(compensated, one, { category: 'effective rate', what: 'compensated', tolerance: 1e-6 });
    assert.ok(twice[2] < one[2] / 3.9 && one[2] > 1e-3);
  });

  it('rotates the weights by the whole update, because the gradient is orthogonal to them', () => {
    // ⟨W, ∂L/∂W⟩ = 0: the update is the tangent of the angle, whose chord is a little shorter.
    const [, update, turn] = at(1, 0.1);
    const angle = Math.atan(update);
    assertClose([turn], [2 * Math.sin(angle / 2)], { category: 'effective rate', what: 'turn', tolerance: 1e-5 });
  });
});
