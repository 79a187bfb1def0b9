/** Initial parameters: their distributions, and which runs share them. */

import assert from 'node:assert/strict';
import { initialize } from '../../../src/engine/initialization';
import { Network } from '../../../src/engine/network';
import { streams } from '../../../src/engine/random';
import { row } from '../../../src/engine/shape';
import type {
  DenseSpecification,
  InitializationSpecification,
  LayerSpecification,
} from '../../../src/engine/specification';
import { spread } from '../../../src/engine/spread';
import { describeOnAll } from './implementations';
import { assertClose, largest } from './support/compare';
import { batch, layer, valuesOf } from './support/networks';

const [inputs, units] = [120, 80];

function drawn(initialization: InitializationSpecification, seed = 1, name = 'weights/hidden1'): Float32Array {
  return initialize(initialization, { inputs, outputs: units, fanOut: units }, streams(seed)(name));
}

/** Standard error from 9600 draws: 1 / √(2 · 9600) = 0.7 % for a std, 1 / √9600 = 1 % of a std for a mean. */
function assertSpread(weights: Float32Array, mean: number, std: number): void {
  const actual = spread(weights);
  assert.ok(Math.abs(actual.std / std - 1) < 0.03, `std ${actual.std}, expected ${std}`);
  assert.ok(Math.abs(actual.mean - mean) < 0.04 * std, `mean ${actual.mean}, expected ${mean}`);
}

describe('initializations', () => {
  it('zeros', () => {
    assert.deepEqual(drawn({ kind: 'zeros' }), new Float32Array(inputs * units));
  });

  it('normal', () => {
    const weights = drawn({ kind: 'normal', mean: 0.5, std: 0.1 });
    assertSpread(weights, 0.5, 0.1);
    // Distinguishes normal from uniform: 4.6 % are beyond two standard deviations, .27 % beyond three.
    const outside = (k: number) => weights.filter((w) => Math.abs(w - 0.5) > k * 0.1).length / weights.length;
    assert.ok(Math.abs(outside(2) - 0.0455) < 0.01);
    assert.ok(Math.abs(outside(3) - 0.0027) < 0.002);
  });

  it('uniform', () => {
    const weights = drawn({ kind: 'uniform', low: -1, high: 3 });
    assertSpread(weights, 1, 4 / Math.sqrt(12));
    const { min, max } = spread(weights);
    assert.ok(min >= -1 && max <= 3 && min < -0.99 && max > 2.99);
  });

  const scaled = [
    ['he', Math.sqrt(2 / inputs)],
    ['xavier', Math.sqrt(2 / (inputs + units))],
    ['lecun', Math.sqrt(1 / inputs)],
  ] as const;
  for (const [kind, std] of scaled) {
    for (const gain of [1, 0.3]) {
      it(`${kind}, gain ${gain}`, () => {
        assertSpread(drawn({ kind, gain, distribution: 'normal' }), 0, gain * std);
        const uniform = drawn({ kind, gain, distribution: 'uniform' });
        assertSpread(uniform, 0, gain * std);
        const bound = Math.sqrt(3) * gain * std;
        assert.ok(largest(uniform) <= bound * (1 + 1e-7) && largest(uniform) > 0.99 * bound);
      });
    }
  }

  for (const [rows, columns] of [
    [7, 7],
    [5, 20],
    [20, 5],
    [1, 1],
    [1, 6],
    [100, 100],
  ]) {
    for (const gain of [1, 1.5]) {
      it(`orthogonal ${rows} × ${columns}, gain ${gain}: rows, or columns if there are fewer, are orthogonal to 1e-6`, () => {
        const fans = { inputs: columns, outputs: rows, fanOut: rows };
        const weights = initialize({ kind: 'orthogonal', gain }, fans, streams(1)('weights/hidden1'));
        const count = Math.min(rows, columns);
        const length = Math.max(rows, columns);
        const at = (v: number, k: number) => weights[rows <= columns ? v * columns + k : k * columns + v];
        for (let a = 0; a < count; a++) {
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let k = 0; k < length; k++) dot += at(a, k) * at(b, k);
            const expected = a === b ? gain * gain : 0;
            assert.ok(Math.abs(dot - expected) <= 1e-6 * gain * gain, `⟨${a}, ${b}⟩ = ${dot}`);
          }
        }
      });
    }
  }

  it('depend on seed and name only', () => {
    const kinds: InitializationSpecification[] = [
      { kind: 'normal', mean: 0, std: 1 },
      { kind: 'uniform', low: 0, high: 1 },
      { kind: 'he', gain: 1, distribution: 'normal' },
      { kind: 'orthogonal', gain: 1 },
    ];
    for (const kind of kinds) {
      assert.deepEqual(drawn(kind), drawn(kind));
      assert.notDeepEqual(drawn(kind, 2), drawn(kind));
      assert.notDeepEqual(drawn(kind, 1, 'weights/hidden2'), drawn(kind));
    }
  });
});

describeOnAll('initial networks', (kernels) => {
  const initial = (layers: LayerSpecification[], seed = 1) => {
    const network = new Network(kernels, layers, row(4), 3, streams(seed));
    return Object.fromEntries(
      network.blocks.map((block) => [
        block.name,
        Object.fromEntries(block.parameters().map((p) => [p.name, Array.from(valuesOf(kernels, p.value))])),
      ]),
    );
  };
  const normalized = { normalization: batch() };
  const three = (changes: Partial<DenseSpecification> = {}) => [
    layer('hidden1', 5),
    layer('hidden2', 6, changes),
    layer('hidden3', 5),
    layer('output', null),
  ];

  it('have biases and shifts of 0, scales of 1, running means of 0 and variances of 1', () => {
    const { hidden2 } = initial(three(normalized));
    assert.deepEqual(hidden2.bias, Array(6).fill(0));
    assert.deepEqual(hidden2.scale, Array(6).fill(1));
    assert.deepEqual(hidden2.shift, Array(6).fill(0));
    const { normalization } = new Network(kernels, three(normalized), row(4), 3, streams(1)).blocks[1];
    assert.deepEqual([...kernels.read(normalization!.running!.mean)], Array(6).fill(0));
    assert.deepEqual([...kernels.read(normalization!.running!.spread)], Array(6).fill(1));
  });

  it('share all other layers’ weights between arms that differ in one layer', () => {
    const plain = initial(three());
    assert.deepEqual(initial(three()), plain);
    // Normalization, bias and activation draw no numbers, so even that layer's weights are shared.
    const other = initial(three({ ...normalized, bias: false, activation: { kind: 'tanh', slope: 0 } }));
    for (const name of ['hidden1', 'hidden2', 'hidden3', 'output']) {
      assert.deepEqual(other[name].weights, plain[name].weights, name);
    }
    // A different width changes the shapes of two layers, and nothing else.
    const wider = initial(three({ units: 9 }));
    assert.deepEqual(wider.hidden1, plain.hidden1);
    assert.deepEqual(wider.output, plain.output);
    assert.equal(wider.hidden2.weights.length, 9 * 5);
    assert.equal(wider.hidden3.weights.length, 5 * 9);
    // A different initialization changes its own layer.
    const zeroed = initial(three({ initialization: { kind: 'zeros' } }));
    assert.equal(largest(zeroed.hidden2.weights), 0);
    for (const name of ['hidden1', 'hidden3', 'output']) assert.deepEqual(zeroed[name], plain[name], name);
  });

  it('differ between layers of the same shape, and between seeds', () => {
    const [first, second] = [initial(three()), initial(three(), 2)];
    assert.notDeepEqual(first.hidden1.weights, second.hidden1.weights);
    const square = initial([layer('hidden1', 4), layer('hidden2', 4), layer('output', null)]);
    assert.notDeepEqual(square.hidden1.weights, square.hidden2.weights);
  });

  it('have as many output units as the data require', () => {
    const { output } = initial(three());
    assertClose([output.bias.length, output.weights.length], [3, 15], {
      category: 'exact',
      what: 'shape',
      tolerance: 0,
    });
  });
});
