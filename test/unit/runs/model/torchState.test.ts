/** Names, shapes and layouts of a network's tensors in PyTorch. `parity.test.ts` compares whole networks with PyTorch itself. */
import assert from 'node:assert/strict';
import type { LayerSpecification } from '../../../../src/engine/specification';
import { torchState, torchTensors } from '../../../../src/runs/model/torchState';
import { batch, layer } from '../../engine/support/networks';

const convolution = (name: string, channels: number): LayerSpecification => ({
  ...layer(name, 1),
  kind: 'convolution',
  channels,
  kernel: 2,
  stride: 1,
  padding: 0,
});
const image = { height: 3, width: 3, channels: 2 };
const shapes = (tensors: ReturnType<typeof torchState>) =>
  Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));

describe('the state dictionary of PyTorch', () => {
  it('has the tensors of linear layers and normalizations', () => {
    const layers = [
      layer('hidden1', 5, { bias: false, normalization: batch() }),
      layer('hidden2', 4, { normalization: batch({ statistics: 'whole-batch', scale: false }) }),
      layer('hidden3', 4, { normalization: { kind: 'weight' } }),
      layer('output', null, { normalization: batch({ shift: false }) }),
    ];
    assert.deepEqual(shapes(torchState(layers, { height: 1, width: 1, channels: 3 }, 2)), {
      'hidden1.weight': [5, 3],
      'hidden1_norm.weight': [5],
      'hidden1_norm.bias': [5],
      'hidden1_norm.running_mean': [5],
      'hidden1_norm.running_var': [5],
      'hidden1_norm.num_batches_tracked': [],
      'hidden2.weight': [4, 5],
      'hidden2.bias': [4],
      'hidden2_norm.bias': [4],
      'hidden2_norm.running_mean': [1],
      'hidden2_norm.running_var': [1],
      'hidden3.weight_v': [4, 4],
      'hidden3.bias': [4],
      'hidden3.weight_g': [4, 1],
      'output.weight': [2, 4],
      'output.bias': [2],
      'output_norm.weight': [2],
      // Not learned here, but BatchNorm has both in PyTorch.
      'output_norm.bias': [2],
      'output_norm.running_mean': [2],
      'output_norm.running_var': [2],
      'output_norm.num_batches_tracked': [],
    });
  });

  it('has the pixels of a channel side by side, where the engine has the channels of a pixel', () => {
    const tensors = torchState([convolution('conv1', 1), layer('output', null)], image, 1);
    const [weights] = tensors;
    assert.deepEqual(weights.shape, [1, 2, 2, 2]);
    // [height, width, channel] of the engine is 0 to 7.
    assert.deepEqual([...(weights.order ?? [])], [0, 2, 4, 6, 1, 3, 5, 7]);
    // One channel of 2 × 2 positions has the same order in both.
    assert.equal(tensors[2].order, null);
    const [dense] = torchState([layer('output', null)], { height: 1, width: 2, channels: 3 }, 2);
    assert.deepEqual([...(dense.order ?? [])], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  });

  it('keeps the order of a row that was an image, also through dropout and residual blocks', () => {
    const residual: LayerSpecification = {
      kind: 'residual',
      name: 'residual1',
      activation: { kind: 'relu', slope: 0 },
      layers: [layer('hidden1', 3), layer('hidden2', 4, { normalization: batch() })],
    };
    const layers: LayerSpecification[] = [
      { kind: 'flatten', name: 'flatten1' },
      { kind: 'dropout', name: 'dropout1', rate: 0.5 },
      residual,
      layer('output', null),
    ];
    const tensors = torchState(layers, { height: 1, width: 2, channels: 2 }, 1);
    const orderOf = (name: string) => [...(tensors.find((tensor) => tensor.name === name)?.order ?? [])];
    assert.deepEqual(orderOf('residual1.hidden1.weight'), [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11]);
    assert.deepEqual(orderOf('residual1.hidden1.bias'), []);
    assert.deepEqual(orderOf('residual1.hidden2.weight'), [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]);
    for (const name of ['hidden2.bias', 'hidden2_norm.weight', 'hidden2_norm.running_mean']) {
      assert.deepEqual(orderOf(`residual1.${name}`), [0, 2, 1, 3]);
    }
    assert.deepEqual(orderOf('output.weight'), [0, 2, 1, 3]);
  });

  it('counts the minibatches in the running statistics', () => {
    const layers = [layer('output', null, { normalization: batch({ scale: false, shift: false, freezeAt: 9 }) })];
    const tensors = torchState(layers, { height: 1, width: 1, channels: 1 }, 1);
    const state = [1, 1, 1, 1].map(() => Float32Array.of(0.5));
    const tracked = (passes: number, ...changes: { at: number; freezeStatistics?: boolean }[]) =>
      torchTensors(tensors, state, { passes, changes }).at(-1)?.values[0];
    assert.equal(tracked(5), 5n);
    assert.equal(tracked(20), 9n);
    assert.equal(tracked(8, { at: 2, freezeStatistics: true }), 2n);
    assert.equal(tracked(20, { at: 2, freezeStatistics: true }, { at: 3 }, { at: 6, freezeStatistics: false }), 5n);
  });
});
