/** Convolutions, pooling, dropout, residual blocks and all normalizations in an experiment file. */
import assert from 'node:assert/strict';
import { makeDataset } from '../../../src/engine/data/make';
import { checkDataset } from '../../../src/experiment/checks/data';
import { readExperiment } from '../../../src/experiment/read';
import { minimal, planOf } from './support';

const digits = { kind: 'digits', train: 200, test: 50 };
const residual = [{ dense: 8 }, { dense: 8 }];

function layersOf(layers: object[], network: object = {}) {
  return planOf({ data: digits, network: { layers, ...network } }).runs[0].specification.layers;
}

/** The first error: its path and message. */
function errorOf(properties: object): { path: string; message: string } {
  const { diagnostics } = readExperiment(JSON.stringify({ ...minimal, ...properties }));
  const first = diagnostics.find(({ severity }) => severity === 'error');
  assert.ok(first, 'there is no error');
  return { path: first.path.join('/'), message: first.message };
}

function networkError(layers: object[], more: { data?: object; network?: object; training?: object } = {}) {
  const { data = digits, network = {}, training = {} } = more;
  return errorOf({ data, training, network: { layers, ...network } });
}

describe('layers', () => {
  it('are named by their kind, inside residual blocks too', () => {
    const layers = layersOf([
      { conv: 4 },
      { maxPool: 2 },
      { residual: [{ conv: 4 }, { conv: 4 }] },
      { averagePool: 'all' },
      { flatten: true },
      { dropout: 0.5 },
      { dense: 8 },
      { residual },
    ]);
    const names = (list: typeof layers): unknown[] =>
      list.map((layer) => (layer.kind === 'residual' ? [layer.name, names(layer.layers)] : layer.name));
    assert.deepEqual(names(layers), [
      'conv1',
      'pool1',
      ['residual1', ['conv2', 'conv3']],
      'pool2',
      'flatten1',
      'dropout1',
      'hidden1',
      ['residual2', ['hidden2', 'hidden3']],
      'output',
    ]);
  });

  it('have the defaults of well-known networks', () => {
    const [conv, pool, all, block] = layersOf([
      { conv: 4 },
      { maxPool: 3 },
      { averagePool: 'all' },
      { residual: [{ dense: 4 }] },
    ]);
    assert.ok(conv.kind === 'convolution');
    assert.deepEqual([conv.kernel, conv.stride, conv.padding, conv.activation.kind], [3, 1, 1, 'relu']);
    assert.deepEqual(pool, { kind: 'max-pool', name: 'pool1', size: 3, stride: 3 });
    assert.deepEqual(all, { kind: 'average-pool', name: 'pool2', size: null, stride: 1 });
    assert.ok(block.kind === 'residual');
    assert.equal(block.activation.kind, 'linear');
  });

  it('have no bias directly before a batch normalization', () => {
    for (const [kind, bias] of Object.entries({
      batch: false,
      'batch-l1': false,
      'batch-renorm': false,
      layer: true,
      group: true,
      rms: true,
      weight: true,
    })) {
      const [conv] = layersOf([{ conv: 4 }], { normalization: kind });
      assert.ok(conv.kind === 'convolution');
      assert.equal(conv.bias, bias, kind);
    }
  });

  it('are unchanged if the resolved experiment is read again', () => {
    const layers = [{ conv: 4 }, { maxPool: 2 }, { residual: [{ conv: 4, normalization: 'layer' }] }, { dropout: 0.1 }];
    for (const normalization of [
      'batch',
      'batch-l1',
      'batch-renorm',
      'layer',
      'group',
      'instance',
      'rms',
      'weight',
      { kind: 'batch', noise: true },
    ]) {
      const plan = planOf({ data: digits, network: { layers, normalization } });
      const again = planOf({ ...plan.runs[0].experiment });
      assert.deepEqual(again.runs[0].specification, plan.runs[0].specification);
    }
  });

  it('without a kind get a message with all kinds', () => {
    assert.match(networkError([{}]).message, /has no kind.*"dense".*"conv".*"residual"/);
    assert.match(networkError([{ maxpool: 2 }]).message, /"maxpool".*did you mean "maxPool"/);
    assert.deepEqual(networkError([{ conv: 4, kernal: 3 }]), {
      path: 'network/layers/0/kernal',
      message: '"kernal" is not a property of layers[0]: did you mean "kernel"?',
    });
    assert.equal(networkError([{ conv: 0 }]).path, 'network/layers/0/conv');
    assert.equal(networkError([{ residual: [{ dense: -1 }] }]).path, 'network/layers/0/residual/0/dense');
  });
});

describe('layers whose shapes do not fit', () => {
  const cases: [string, () => { path: string; message: string }, string, RegExp][] = [
    [
      'a pool larger than its input',
      () => networkError([{ conv: 4 }, { maxPool: 30 }]),
      'network/layers/1',
      /30 × 30 does not fit into the 28 × 28/,
    ],
    [
      'a kernel larger than its input',
      () => networkError([{ conv: 4, kernel: 29, padding: 0 }]),
      'network/layers/0/kernel',
      /at most 28/,
    ],
    [
      'an even kernel with padding same',
      () => networkError([{ conv: 4, kernel: 4 }]),
      'network/layers/0/kernel',
      /must be odd: use 5/,
    ],
    [
      'padding of the whole kernel',
      () => networkError([{ conv: 4, kernel: 2, padding: 2 }]),
      'network/layers/0/padding',
      /less than the kernel/,
    ],
    [
      'a convolution of a plane',
      () => networkError([{ conv: 4 }], { data: { kind: 'spiral' } }),
      'network/layers/0',
      /reads images.*2 numbers.*"digits"/,
    ],
    [
      'a convolution behind a dense layer',
      () => networkError([{ dense: 4 }, { conv: 4 }]),
      'network/layers/1',
      /reads images/,
    ],
    [
      'groups that do not divide',
      () => networkError([{ conv: 6 }], { network: { normalization: { kind: 'group', groups: 4 } } }),
      'network/normalization/groups',
      /4 groups do not divide 6 channels.*1, 2, 3, 6/,
    ],
    [
      'instance normalization without positions',
      () => networkError([{ dense: 6 }], { network: { normalization: 'instance' } }),
      'network/normalization',
      /take "layer" or "group"/,
    ],
    [
      'a residual block of two shapes',
      () => networkError([{ dense: 6 }, { residual: [{ dense: 5 }] }]),
      'network/layers/1',
      /6 numbers come in, and 5 numbers leave/,
    ],
    [
      'ghost batches that do not divide',
      () =>
        networkError([{ dense: 6 }], {
          network: { normalization: { kind: 'batch', ghostBatchSize: 7 } },
          training: { batchSize: 60 },
        }),
      'network/normalization/ghostBatchSize',
      /batchSize 56 or 63/,
    ],
    [
      'a property of another kind',
      () => networkError([{ dense: 6 }], { network: { normalization: { kind: 'layer', momentum: 0.1 } } }),
      'network/normalization/momentum',
      /not a property of normalization/,
    ],
    [
      'a layer that cannot be watched',
      () => errorOf({ data: digits, network: { layers: [{ conv: 4 }, { maxPool: 2 }] }, watch: { layers: ['pool1'] } }),
      'watch/layers/0',
      /there is no layer "pool1"/,
    ],
  ];
  for (const [what, find, path, message] of cases) {
    it(`are reported at the value: ${what}`, () => {
      const found = find();
      assert.equal(found.path, path);
      assert.match(found.message, message);
    });
  }

  it('are reported at the layer that sets the value', () => {
    const layer = { dense: 6, normalization: { kind: 'group', groups: 4 } };
    assert.equal(networkError([{ dense: 6 }, layer]).path, 'network/layers/1/normalization/groups');
  });

  it('are reported after the files are read, for files of images of their own size', () => {
    const { experiment } = planOf({ data: digits, network: { layers: [{ maxPool: 9 }] } }).runs[0];
    const dataset = makeDataset({ kind: 'digits', train: 20, test: 20 } as never, 1, {});
    const small = { ...dataset, featureCount: 64, image: { width: 8, height: 8, channels: 1 } };
    const [finding] = checkDataset(small, { ...experiment, training: { ...experiment.training, batchSize: 10 } });
    assert.deepEqual(finding.path, ['network', 'layers', 0]);
    assert.match(finding.message, /8 × 8/);
  });

  it('do not include a convolution with a batch of 1, as it has several positions', () => {
    const { diagnostics } = readExperiment(
      JSON.stringify({
        data: digits,
        network: { layers: [{ conv: 4 }], normalization: 'batch' },
        training: { batchSize: 1 },
      }),
    );
    assert.deepEqual(diagnostics, []);
  });
});
