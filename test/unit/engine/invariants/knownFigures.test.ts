/** Figures of batch normalization that are known from theory and the literature, reproduced with this engine. */
import assert from 'node:assert/strict';
import { initialize } from '../../../../src/engine/initialization';
import { fastestKernels } from '../../../../src/engine/kernels/fastest';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import type { Network } from '../../../../src/engine/network';
import { optimizer } from '../../../../src/engine/optimizer';
import { streams } from '../../../../src/engine/random';
import { spread } from '../../../../src/engine/spread';
import { describeOnAll, slack } from '../implementations';
import { draws } from '../support/draws';
import { activation, batch, filled, layer, network, sgd, updateAt, valuesOf } from '../support/networks';

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} ± ${tolerance}`);
}

/** Weights by draw, layer and shape: drawing those of 60 wide layers takes longer than a pass, and all batches use the same. */
const weights = new Map<string, Float32Array>();
after(() => weights.clear());

/** Draws the weights again. */
function drawWeights(kernels: Kernels, net: Network, draw: number): void {
  for (const { linear, name, specification } of net.blocks) {
    const { rows, columns } = linear.weights.value;
    const key = [draw, name, rows, columns, JSON.stringify(specification.initialization)].join(' ');
    const drawn =
      weights.get(key) ?? initialize(specification.initialization, linear, streams(draw + 1)(`weights/${name}`));
    weights.set(key, drawn);
    kernels.write(linear.weights.value, drawn);
  }
}

/** Mean and variance of each of `count` minibatches of m standard normal numbers. */
function batchStatistics(kernels: Kernels, m: number, count: number) {
  const x = filled(kernels, m, count, draws(m).normals(m * count));
  const [mean, variance] = [kernels.tensor(1, count), kernels.tensor(1, count)];
  kernels.moments(x, 'squares', mean, variance);
  return { means: valuesOf(kernels, mean), variances: valuesOf(kernels, variance) };
}

describeOnAll('the noise of minibatch statistics', (kernels) => {
  it('is σ / √m in the batch mean, 12.9 % at 60', () => {
    const { means } = batchStatistics(kernels, 60, 4000);
    // The standard error from n draws is 1 / √(2n), here 1.1 %.
    assertNear(spread(means).std, 0.129, 0.004, 'sd of the batch mean');
  });

  for (const [m, expected] of [
    [2, 1.11],
    [4, 0.48],
    [8, 0.29],
    [16, 0.19],
    [32, 0.129],
    [64, 0.09],
  ]) {
    it(`is ${expected} in ln σ of a batch of ${m}`, () => {
      const { variances } = batchStatistics(kernels, m, 8000);
      const logarithms = Float64Array.from(variances, (v) => Math.log(Math.sqrt(v)));
      assertNear(spread(logarithms).std, expected, 0.03 * expected, 'sd of ln σ');
    });
  }
});

describeOnAll('known figures of layers', (kernels) => {
  it('of a normal variable after normalization and ReLU are mean .399, std .584 and half zeros', () => {
    const [rows, units] = [1000, 40];
    const net = network(
      kernels,
      [layer('hidden1', units, { normalization: batch({ epsilon: 0 }) }), layer('output', null)],
      units,
      1,
    );
    const pass = net.pass(rows);
    kernels.write(pass.input, draws(1).normals(rows * units));
    net.forward(pass, { mode: 'training', step: 0 });
    const values = kernels.read(pass.blocks[0].activation.value);
    const { mean, std } = spread(values);
    assertNear(mean, 1 / Math.sqrt(2 * Math.PI), 0.004, 'mean');
    assertNear(std, Math.sqrt(0.5 - 0.5 / Math.PI), 0.004, 'std');
    assertNear(values.filter((v) => v === 0).length / values.length, 0.5, 0.01, 'share of zeros');
  });

  for (const [gain, expected] of [
    [0.5, 0.497],
    [0.8, 0.795],
    [1, 0.994],
    [1.2, 1.193],
    [1.5, 1.491],
  ]) {
    it(`of a ReLU’s output without normalization are a factor of ${expected} per layer at He’s initialization × ${gain}`, () => {
      const [rows, units, depth] = [64, 100, 20];
      const layers = Array.from({ length: depth }, (_, k) =>
        layer(`hidden${k + 1}`, units, { initialization: { kind: 'he', gain, distribution: 'normal' } }),
      );
      const net = network(kernels, [...layers, layer('output', null)], units, 1);
      const pass = net.pass(rows);
      // Weights drawn once: the factor of 19 layers varies by about √(5 / units) / 2 / √19, 2.6 %; the mean of 24 draws by .5 %.
      // The number of rows does not change this: measured, 2.0 % with 32 to 256 rows.
      const factors = Array.from({ length: 24 }, (_, draw) => {
        drawWeights(kernels, net, draw);
        kernels.write(pass.input, draws(draw + 1).normals(rows * units));
        net.forward(pass, { mode: 'training', step: 0 });
        const rms = (k: number) => Math.sqrt(kernels.sumOfSquares(pass.blocks[k].activation.value) / (rows * units));
        return Math.log(rms(depth - 1) / rms(0)) / (depth - 1);
      });
      assertNear(Math.exp(spread(factors).mean), expected, 0.02 * expected, 'factor per layer');
    });
  }
});

describe('known figures of deep and wide networks', () => {
  // One kind of kernels: what they compute is compared with that of the others elsewhere, and these networks take seconds.
  const kernels = fastestKernels();

  /** Growth per layer from the 45th down to the 15th of 60, averaged over draws of weights and inputs. */
  const gradientFactor = (rows: number, units: number, kind: 'relu' | 'linear', count: number) => {
    const depth = 60;
    const layers = Array.from({ length: depth }, (_, k) =>
      layer(`hidden${k + 1}`, units, {
        bias: false,
        activation: activation(kind),
        normalization: batch({ epsilon: 0 }),
      }),
    );
    const net = network(kernels, [...layers, layer('output', null)], units, 10);
    const pass = net.pass(rows);
    const factors = Array.from({ length: count }, (_, draw) => {
      drawWeights(kernels, net, draw);
      kernels.write(pass.input, draws(2 * draw + 1).normals(rows * units));
      net.forward(pass, { mode: 'training', step: 0 });
      kernels.write(net.output(pass).gradient, draws(2 * draw + 2).normals(rows * 10));
      net.backward(pass);
      const norm = (k: number) => Math.sqrt(kernels.sumOfSquares(pass.blocks[k - 1].linear.gradient));
      return Math.log(norm(15) / norm(45)) / 30;
    });
    return Math.exp(spread(factors).mean);
  };

  for (const [rows, expected, tolerance] of [
    [32, 1.232, 0.015],
    [128, 1.211, 0.01],
  ]) {
    it(`of the gradient through normalization and ReLU are a factor of ${expected} per layer for batches of ${rows} (Yang et al. 2019)`, function () {
      this.timeout(120_000);
      // A draw varies by .003 to .005: the mean of 4 by a quarter of the tolerance.
      assertNear(gradientFactor(rows, 100, 'relu', 4), expected, tolerance, 'factor per layer');
    });
  }

  for (const rows of [8, 16, 32]) {
    const expected = Math.sqrt((rows - 2) / (rows - 3));
    it(`of the gradient through normalization alone are √((B − 2) / (B − 3)), ${expected.toFixed(4)} for batches of ${rows}, in the limit of wide layers (Yang et al. 2019)`, function () {
      this.timeout(120_000);
      // The deficit falls with the width: in float64 (NumPy) .0146, .0044, .0025 and .0007 at 100, 200, 400 and 800 for
      // batches of 8, and .0093, .0040, .0035 and .0013 for 32, each ± .002.
      assertNear(gradientFactor(rows, 400, 'linear', 4), expected, 0.006, 'factor per layer');
    });
  }
});

/**
 * Claim 2 from the batch-normalization paper (§2): a bias is learned, then the mean is subtracted. One fixed
 * batch of 60 numbers u of standard deviation 1, so that division by it has no effect; y = (u + b) − mean(u + b),
 * with target u + .5. The mean of u is that of the published draw: the loss is (mean(u) + .5)² = .333271.
 */
function learnBias(kernels: Kernels, gradient: 'detached' | 'through-statistics', steps: number) {
  const rows = 60;
  const meanOfU = Math.sqrt(0.333271) - 0.5;
  const drawn = draws(6).normals(rows);
  const { mean, std } = spread(drawn);
  const u = drawn.map((v) => (v - mean) / std + meanOfU);
  const net = network(
    kernels,
    [
      layer('output', null, {
        normalization: batch({ kind: 'naive', gradient, scale: false, shift: false, epsilon: 0 }),
      }),
    ],
    1,
    1,
    { output: { weights: [1] } },
  );
  const pass = net.pass(rows);
  kernels.write(pass.input, u);
  const targets = filled(
    kernels,
    rows,
    1,
    u.map((v) => v + 0.5),
  );
  const bias = net.blocks[0].linear.bias!;
  const learned = optimizer(kernels, sgd(0.1), [bias]);
  const biases: number[] = [];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(
      kernels.meanSquaredError(net.forward(pass, { mode: 'training', step: 0 }), targets, net.output(pass).gradient)
        .loss,
    );
    net.backward(pass);
    learned.update(updateAt(0.1, sgd(0.1)));
    biases.push(kernels.read(bias.value)[0]);
  }
  return { biases, losses };
}

describeOnAll('a bias before a naive normalization', (kernels) => {
  it('if detached, grows by the same .1155 at every step, to 230.9 after 2000, while the loss remains .333271', () => {
    const { biases, losses } = learnBias(kernels, 'detached', 2000);
    biases.forEach((b, step) => {
      // u + b is rounded as b grows: by 1.5e-5 at 230.
      assertNear(b - (biases[step - 1] ?? 0), 0.1155, 1e-4, `growth at step ${step}`);
    });
    assertNear(biases[1999], 230.9, 0.05, 'bias after 2000 steps');
    for (const loss of losses) assertNear(loss, 0.333271, 2e-5, 'loss');
  });

  it('through statistics has a gradient of 0 and is constant', () => {
    const { biases, losses } = learnBias(kernels, 'through-statistics', 2000);
    // Rounding errors of 2000 gradients add up.
    for (const b of biases) assertNear(b, 0, 1e-4 * slack(kernels), 'bias');
    for (const loss of losses) assertNear(loss, 0.333271, 2e-5, 'loss');
  });
});
