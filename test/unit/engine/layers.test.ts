/** Layers that draw random numbers, whose behaviour changes at a step, or whose shapes do not fit. */
import assert from 'node:assert/strict';
import { renormalizationLimits } from '../../../src/engine/layers/batchRenormalization';
import { Network, type Pass } from '../../../src/engine/network';
import { streams } from '../../../src/engine/random';
import { row, type Shape, ShapeError, shapeAfter } from '../../../src/engine/shape';
import type {
  ConvolutionSpecification,
  DropoutSpecification,
  LayerSpecification,
  ResidualSpecification,
} from '../../../src/engine/specification';
import { describeOnAll } from './implementations';
import { draws } from './support/draws';
import { activation, batch, layer, valuesOf } from './support/networks';

const image: Shape = { height: 6, width: 5, channels: 1 };
const linear = activation('linear');

function conv(changes: Partial<ConvolutionSpecification> = {}): ConvolutionSpecification {
  const { kind: _kind, units: _units, ...rest } = layer('conv1', 1);
  return { ...rest, kind: 'convolution', channels: 4, kernel: 3, stride: 1, padding: 1, ...changes };
}

function residual(layers: LayerSpecification[]): ResidualSpecification {
  return { kind: 'residual', name: 'residual1', layers, activation: linear };
}

/** Mean and standard deviation. */
function spread(values: ArrayLike<number>): { mean: number; std: number } {
  const numbers = Array.from(values);
  const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  return { mean, std: Math.sqrt(numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length) };
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} ± ${tolerance}`);
}

describeOnAll('dropout', (kernels) => {
  const rate = 0.3;
  const dropout: DropoutSpecification = { kind: 'dropout', name: 'dropout1', rate };
  const made = (seed: number) => new Network(kernels, [dropout, layer('output', null)], row(50), 2, streams(seed));
  const ones = new Float32Array(200 * 50).fill(1);
  const dropped = (net: Network, pass: Pass, mode: 'training' | 'evaluation') => {
    kernels.write(pass.input, ones);
    net.forward(pass, { mode, step: 0 });
    return valuesOf(kernels, pass.layers.passes[0].output.value);
  };

  it('zeroes its share of the numbers, and preserves the mean', () => {
    const net = made(1);
    const values = dropped(net, net.pass(200), 'training');
    const zeros = values.filter((v) => v === 0).length / values.length;
    // 10,000 draws: a standard error of half a percent.
    near(zeros, rate, 0.02, 'share of zeros');
    for (const v of values) assert.ok(v === 0 || v === Math.fround(1 / (1 - rate)));
  });

  it('draws new numbers each time, from the seed alone, and is the identity in an evaluation', () => {
    const [net, same, other] = [made(1), made(1), made(2)];
    const [pass, samePass] = [net.pass(200), same.pass(200)];
    const first = dropped(net, pass, 'training');
    assert.deepEqual(dropped(same, samePass, 'training'), first);
    assert.deepEqual(dropped(net, net.pass(200), 'evaluation'), ones);
    assert.deepEqual(
      dropped(same, samePass, 'training'),
      dropped(net, pass, 'training'),
      'an evaluation draws nothing',
    );
    assert.notDeepEqual(dropped(net, pass, 'training'), first);
    assert.notDeepEqual(dropped(other, other.pass(200), 'training'), first);
  });

  it('passes the gradient where it passed the value', () => {
    const net = new Network(
      kernels,
      [layer('hidden1', 8, { activation: linear }), dropout, layer('output', null)],
      row(3),
      2,
      streams(1),
    );
    const pass = net.pass(6);
    kernels.write(pass.input, draws(1).normals(18));
    net.forward(pass, { mode: 'training', step: 0 });
    kernels.write(net.output(pass).gradient, draws(2).normals(12));
    net.backward(pass);
    const [before, after] = [pass.blocks[0].output, pass.layers.passes[1].output];
    const [x, y] = [valuesOf(kernels, before.value), valuesOf(kernels, after.value)];
    const [dx, dy] = [valuesOf(kernels, before.gradient), valuesOf(kernels, after.gradient)];
    x.forEach((v, k) => {
      assert.equal(dx[k] + 0, Math.fround(dy[k] * (y[k] === 0 ? 0 : Math.fround(1 / (1 - rate)))) + 0, `${v}`);
    });
  });
});

describeOnAll('noise behind a normalization', (kernels) => {
  const noise = { meanRange: 0.5, stdRange: 1.25, jitter: 0.1 };
  const [examples, units] = [400, 300];
  const made = (kind: 'with' | 'without') =>
    new Network(
      kernels,
      [
        layer('hidden1', units, { activation: linear, normalization: batch(kind === 'with' ? { noise } : {}) }),
        layer('output', null),
      ],
      row(4),
      2,
      streams(1),
    );
  const normalized = (net: Network, pass: Pass, mode: 'training' | 'evaluation') => {
    kernels.write(pass.input, draws(1).normals(examples * 4));
    net.forward(pass, { mode, step: 0 });
    return valuesOf(kernels, pass.blocks[0].normalized!.value);
  };

  it('shifts and scales each unit as in Santurkar et al., with new numbers each time', () => {
    const net = made('with');
    const pass = net.pass(examples);
    const values = normalized(net, pass, 'training');
    const ofUnit = (c: number) => spread(values.filter((_, k) => k % units === c));
    const all = Array.from({ length: units }, (_, c) => ofUnit(c));
    // Means of units are uniform on ±.5, whose standard deviation is 1/√12; scaling a normalized value keeps its mean at 0.
    near(spread(all.map(({ mean }) => mean)).std, 1 / Math.sqrt(12), 0.04, 'std of the means');
    near(spread(all.map(({ mean }) => mean)).mean, 0, 0.06, 'mean of the means');
    // √(σ² + .1² + .1²/3) with σ uniform from 1 to 1.25.
    near(spread(all.map(({ std }) => std)).mean, 1.131, 0.02, 'mean of the stds');
    assert.notDeepEqual(normalized(net, pass, 'training'), values);
  });

  it('is replaced by its average in an evaluation, and the gradient contains its factor', () => {
    const [net, plain] = [made('with'), made('without')];
    const [noisy, quiet] = [
      normalized(net, net.pass(examples), 'evaluation'),
      normalized(plain, plain.pass(examples), 'evaluation'),
    ];
    noisy.forEach((v, k) => {
      near(v, 1.125 * quiet[k], 1e-5 * (1 + Math.abs(v)), 'evaluation');
    });
    const pass = net.pass(examples);
    const values = normalized(net, pass, 'training');
    kernels.write(pass.blocks[0].normalized!.gradient, new Float32Array(values.length));
    kernels.write(net.output(pass).gradient, draws(4).normals(examples * 2));
    net.backward(pass);
    // dShift = Σ dy · s with s about 1.125 is larger than without noise, for the same dy.
    const sums = valuesOf(kernels, net.blocks[0].normalization!.shift!.gradient);
    const dy = valuesOf(kernels, pass.blocks[0].activation.gradient);
    let along = 0;
    let squares = 0;
    for (let c = 0; c < units; c++) {
      let sum = 0;
      for (let k = c; k < dy.length; k += units) sum += dy[k];
      along += sums[c] * sum;
      squares += sum * sum;
    }
    near(along / squares, 1.125, 0.03, 'regression of dShift on Σ dy');
  });
});

describeOnAll('normalizations that change at a step', (kernels) => {
  it('use frozen statistics, which do not change', () => {
    const net = new Network(
      kernels,
      [layer('hidden1', 3, { normalization: batch({ freezeAt: 2 }) }), layer('output', null)],
      row(2),
      2,
      streams(1),
    );
    const pass = net.pass(8);
    const running = () => [...valuesOf(kernels, net.blocks[0].normalization!.running!.mean)];
    const seen = [0, 1, 2, 3].map((step) => {
      kernels.write(pass.input, draws(step).normals(16, 1, 3));
      net.forward(pass, { mode: 'training', step });
      return running();
    });
    assert.notDeepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[1]);
    assert.deepEqual(seen[3], seen[1]);
    const evaluation = net.pass(8);
    kernels.write(evaluation.input, draws(3).normals(16, 1, 3));
    const expected = valuesOf(kernels, net.forward(evaluation, { mode: 'evaluation', step: 3 }));
    assert.deepEqual(valuesOf(kernels, net.output(pass).value), expected);
  });

  it('open the limits of batch renormalization gradually', () => {
    const limits = (step: number) =>
      renormalizationLimits(
        { ...batch(), kind: 'batch-renorm', rMax: 3, dMax: 5, relaxFrom: 10, rMaxAt: 50, dMaxAt: 30 },
        step,
      );
    assert.deepEqual(limits(0), { r: 1, d: 0 });
    assert.deepEqual(limits(10), { r: 1, d: 0 });
    assert.deepEqual(limits(20), { r: 1.5, d: 2.5 });
    assert.deepEqual(limits(30), { r: 2, d: 5 });
    assert.deepEqual(limits(99), { r: 3, d: 5 });
  });

  it('start weight normalization with the outputs of the plain network', () => {
    const outputs = (['none', 'weight'] as const).map((kind) => {
      const net = new Network(
        kernels,
        [layer('hidden1', 9, { normalization: { kind } }), layer('output', null)],
        row(5),
        3,
        streams(1),
      );
      const pass = net.pass(4);
      kernels.write(pass.input, draws(1).normals(20));
      return valuesOf(kernels, net.forward(pass, { mode: 'training', step: 0 }));
    });
    outputs[1].forEach((v, k) => {
      near(v, outputs[0][k], 1e-6, 'output');
    });
  });
});

describe('shapes of layers', () => {
  const refused: [string, LayerSpecification, Shape, ShapeError['property']][] = [
    ['a kernel larger than the image', conv({ kernel: 8, padding: 0 }), image, 'kernel'],
    ['zeros around nothing', conv({ kernel: 2, padding: 2 }), image, 'padding'],
    ['a convolution of a row', conv(), row(8), 'image'],
    ['pooling of a row', { kind: 'max-pool', name: 'pool1', size: 2, stride: 2 }, row(8), 'image'],
    ['a pool larger than its input', { kind: 'average-pool', name: 'pool1', size: 6, stride: 1 }, image, 'size'],
    ['a residual block that changes the shape', residual([layer('hidden1', 4)]), row(5), 'layers'],
    [
      'groups that do not divide',
      layer('hidden1', 10, { normalization: { ...batch(), kind: 'group', groups: 4 } }),
      row(3),
      'groups',
    ],
    [
      'instance normalization of a row',
      layer('hidden1', 4, { normalization: { ...batch(), kind: 'instance' } }),
      row(3),
      'normalization',
    ],
  ];
  for (const [what, specification, input, property] of refused) {
    it(`are refused for ${what}, with name, property and reason`, () => {
      assert.throws(
        () => shapeAfter(specification, input, 2),
        (problem) => {
          assert.ok(problem instanceof ShapeError);
          assert.equal(problem.property, property);
          assert.ok(problem.message.length > 30);
          return true;
        },
      );
    });
  }

  it('follow from windows, strides and padding', () => {
    assert.deepEqual(shapeAfter(conv(), image, 2), { height: 6, width: 5, channels: 4 });
    assert.deepEqual(shapeAfter(conv({ padding: 0, stride: 2 }), image, 2), { height: 2, width: 2, channels: 4 });
    const pool = { kind: 'max-pool', name: 'pool1', size: null, stride: 1 } as const;
    assert.deepEqual(shapeAfter(pool, image, 2), {
      height: 1,
      width: 1,
      channels: 1,
      madeBy: { layer: 'pool1', as: 'one-position' },
    });
    assert.deepEqual(shapeAfter({ kind: 'flatten', name: 'flatten1' }, image, 2), {
      ...row(30),
      madeBy: { layer: 'flatten1', as: 'row' },
    });
    assert.deepEqual(shapeAfter(residual([conv({ channels: 1 })]), image, 2), image);
  });
});

describeOnAll('a constant feature', (kernels) => {
  /** Evaluation's normalized value after 1,000 and more batches of a single constant, and the error of the running mean. */
  const constant = (value: number, momentum: number) => {
    const net = new Network(
      kernels,
      [layer('output', null, { normalization: batch({ momentum }), bias: false })],
      row(1),
      1,
      streams(1),
    );
    kernels.write(net.blocks[0].linear.weights.value, [1]);
    const pass = net.pass(8);
    kernels.write(pass.input, new Float32Array(8).fill(value));
    const steps = Math.max(1000, 30 / momentum);
    for (let step = 0; step < steps; step++) net.forward(pass, { mode: 'training', step });
    const x = Math.fround(value);
    const off = Math.abs(x - valuesOf(kernels, net.blocks[0].normalization!.running!.mean)[0]);
    net.forward(pass, { mode: 'evaluation', step: steps });
    return { off: off / Math.abs(x), normalized: Math.abs(valuesOf(kernels, pass.blocks[0].normalized!.value)[0]) };
  };

  it('has a running mean with a relative error of at most 2⁻²³ / momentum, as in docs/architecture.md', () => {
    for (const value of [12345.678, -12345.678, 1, 0.3, 777.77, 1e6]) {
      for (const momentum of [0.01, 0.1, 0.5, 1]) {
        const { off } = constant(value, momentum);
        assert.ok(off <= 2 ** -23 / momentum, `${value}, momentum ${momentum}: ${off * 2 ** 23 * momentum}`);
      }
    }
  });

  it('of value 12345.678 evaluates to between 1 and 4 in magnitude, and to less than 0.001 if standardized', () => {
    const { normalized } = constant(12345.678, 0.1);
    assert.ok(normalized > 1 && normalized < 4, String(normalized));
    assert.ok(constant(1, 0.1).normalized < 1e-3, String(constant(1, 0.1).normalized));
  });
});
