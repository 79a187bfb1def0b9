/** Statistics over too few numbers are detected for every normalization, and at every step of the plan. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CurrentSettings } from '../../../src/engine/currentSettings';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { Network } from '../../../src/engine/network';
import { streams } from '../../../src/engine/random';
import { inputShape, ShapeError } from '../../../src/engine/shape';
import { statisticsFindings } from '../../../src/experiment/checks/sampleSizes';
import { dataShape } from '../../../src/experiment/dataShape';
import { resolve } from '../../../src/experiment/resolve';
import { runSpecification } from '../../../src/experiment/runSpecification';
import type { Experiment } from '../../../src/experiment/schema';
import { validateTrained } from '../../../src/experiment/validate';
import { draws } from '../engine/support/draws';
import { onlyError, pointedAt, read, textOf } from './support';

const digits = { kind: 'digits', train: 200, test: 100 };
/** One position per channel is left. */
const onePosition = [{ averagePool: 14 }, { conv: 8, kernel: 2, padding: 0 }];
const zero = /every normalized value would be 0/;

describe('statistics of one number', () => {
  const cases: [name: string, properties: object, at: string, message: RegExp][] = [
    [
      'a convolution of one position with a batch of 1',
      { data: digits, network: { layers: onePosition, normalization: 'batch' }, training: { batchSize: 1 } },
      '1',
      /a batch of 1 has no variance of a channel where an image has one position.*batchSize at least 2/,
    ],
    [
      'the same with batch renormalization',
      { data: digits, network: { layers: onePosition, normalization: 'batch-renorm' }, training: { batchSize: 1 } },
      '1',
      zero,
    ],
    [
      'groups of one number',
      { network: { layers: [{ dense: 8 }], normalization: { kind: 'group', groups: 8 } } },
      '8',
      /8 groups of 8 units hold one number each: .*fewer groups: 1, 2$/,
    ],
    [
      'groups of one channel of one position',
      { data: digits, network: { layers: onePosition, normalization: { kind: 'group', groups: 8 } } },
      '8',
      /8 groups of 8 channels hold one number/,
    ],
    [
      'layer normalization of one unit',
      { network: { layers: [{ dense: 4 }, { dense: 1 }], normalization: 'layer' } },
      '1',
      /layer normalization of hidden2, which has 1 number an example.*more units/,
    ],
    [
      'layer normalization of one channel of one position',
      {
        data: digits,
        network: { layers: [{ averagePool: 14 }, { conv: 1, kernel: 2, padding: 0 }], normalization: 'layer' },
      },
      '1',
      /more channels/,
    ],
    [
      'group normalization of one unit',
      { network: { layers: [{ dense: 1 }], normalization: 'group' } },
      '1',
      /group normalization of hidden1.*more units/,
    ],
    [
      'in a residual block',
      {
        network: { layers: [{ dense: 6 }, { residual: [{ dense: 6, normalization: { kind: 'group', groups: 6 } }] }] },
      },
      '6',
      zero,
    ],
    [
      'a batch that a change brings to 1',
      {
        network: { layers: [{ dense: 8 }], normalization: 'batch' },
        training: { changes: [{ at: 100, batchSize: 1 }] },
      },
      '1',
      /^from step 100 on, a batch of 1 has no variance of a feature/,
    ],
    [
      'a batch of 1 with statistics unfrozen again',
      {
        network: { layers: [{ dense: 8 }], normalization: 'batch' },
        training: {
          changes: [
            { at: 100, batchSize: 1, freezeStatistics: true },
            { at: 200, freezeStatistics: false },
          ],
        },
      },
      'false',
      /^from step 200 on, a batch of 1/,
    ],
    [
      'a batch of 1 until statistics are frozen',
      {
        network: { layers: [{ dense: 8 }], normalization: { kind: 'batch', freezeAt: 10 } },
        training: { batchSize: 1 },
      },
      '1',
      zero,
    ],
    [
      'a batch of 1 that comes after the statistics are frozen in another layer alone',
      {
        network: {
          layers: [
            { dense: 8, normalization: { kind: 'batch', freezeAt: 0 } },
            { dense: 8, normalization: 'batch-l1' },
          ],
        },
        training: { batchSize: 1 },
      },
      '1',
      zero,
    ],
  ];
  for (const [name, properties, at, message] of cases) {
    it(`are an error: ${name}`, () => {
      const found = onlyError(properties);
      assert.equal(found.at, at);
      assert.match(found.message, message);
    });
  }

  const sound: [name: string, properties: object][] = [
    [
      'frozen by the change that brings a batch of 1',
      {
        network: { layers: [{ dense: 8 }], normalization: 'batch' },
        training: { batchSize: 16, changes: [{ at: 100, batchSize: 1, freezeStatistics: true }] },
      },
    ],
    [
      'frozen from the start',
      {
        network: { layers: [{ dense: 8 }], normalization: { kind: 'batch', freezeAt: 0 } },
        training: { batchSize: 1 },
      },
    ],
    [
      'frozen by a change at the first step',
      {
        network: { layers: [{ dense: 8 }], normalization: 'batch-renorm' },
        training: { batchSize: 1, changes: [{ at: 0, freezeStatistics: true }] },
      },
    ],
    [
      'frozen before a batch size that is no multiple of the ghost batch size',
      {
        network: { layers: [{ dense: 8 }], normalization: { kind: 'batch', ghostBatchSize: 8 } },
        training: { batchSize: 16, changes: [{ at: 100, batchSize: 1, freezeStatistics: true }] },
      },
    ],
    [
      'a batch of 1 that a change at the first step replaces',
      {
        network: { layers: [{ dense: 8 }], normalization: 'batch' },
        training: { batchSize: 1, changes: [{ at: 0, batchSize: 16 }] },
      },
    ],
    [
      'positions of a convolution',
      { data: digits, network: { layers: [{ conv: 4 }], normalization: 'batch' }, training: { batchSize: 1 } },
    ],
    ['weights alone', { network: { layers: [{ dense: 1 }], normalization: 'weight' }, training: { batchSize: 1 } }],
  ];
  for (const [name, properties] of sound) {
    it(`are not reported: ${name}`, () => assert.deepEqual(read(properties).diagnostics, []));
  }
});

describe('statistics of two numbers', () => {
  const cases: [name: string, properties: object, at: string, message: RegExp][] = [
    [
      'a batch of 2',
      { network: { layers: [{ dense: 8 }], normalization: 'batch' }, training: { batchSize: 2 } },
      '2',
      /hidden1 two numbers: normalized they are \+1 and −1.*batchSize at least 3/,
    ],
    [
      'unbiased',
      {
        network: { layers: [{ dense: 8 }], normalization: { kind: 'batch', variance: 'unbiased' } },
        training: { batchSize: 2 },
      },
      '2',
      /\+0\.71 and −0\.71/,
    ],
    [
      'the smallest ghosts',
      { network: { layers: [{ dense: 8 }], normalization: { kind: 'batch', ghostBatchSize: 2 } } },
      '2',
      /a ghost batch of 2 .*ghostBatchSize at least 3/,
    ],
    [
      'one example of two positions',
      {
        data: digits,
        network: { layers: [{ averagePool: 14 }, { conv: 4, kernel: 2, padding: 0 }], normalization: 'batch' },
        training: { batchSize: 2 },
      },
      '2',
      /two numbers/,
    ],
    [
      'groups of two',
      { network: { layers: [{ dense: 8 }], normalization: { kind: 'group', groups: 4 } } },
      '4',
      /hold two numbers each.*fewer groups: 1, 2$/,
    ],
    ['layers of two', { network: { layers: [{ dense: 2 }], normalization: 'layer' } }, '2', /two numbers/],
    ['rms of one', { network: { layers: [{ dense: 1 }], normalization: 'rms' } }, '1', /keeps its sign alone/],
  ];
  for (const [name, properties, at, message] of cases) {
    it(`are a warning: ${name}`, () => {
      const { diagnostics, plan } = read(properties);
      assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics));
      assert.equal(diagnostics[0].severity, 'warning');
      assert.ok(plan);
      assert.equal(pointedAt(textOf(properties), diagnostics[0]), at);
      assert.match(diagnostics[0].message, message);
    });
  }
});

/** Reference from the engine: the fewest distinct outcomes of any layer's normalization at any step of the plan. */
function degenerate(experiment: Experiment): { one: boolean; two: boolean } | null {
  const kernels = new ReferenceKernels();
  const { layers, training } = runSpecification(experiment, 1);
  const { features, outputs, image } = dataShape(experiment.data);
  const input = inputShape(layers, features ?? 1, image ?? undefined);
  let net: Network;
  try {
    net = new Network(kernels, layers, input, outputs ?? 1, streams(1));
  } catch (problem) {
    if (problem instanceof ShapeError) return null;
    throw problem;
  }
  const settings = new CurrentSettings(training);
  const found = { one: false, two: false };
  for (let step = 0; step < training.steps; step++) {
    settings.reach(step);
    const { batchSize, freezeStatistics } = settings.now;
    const pass = net.pass(batchSize);
    const numbers = batchSize * input.height * input.width * input.channels;
    // Normalized values that are the same, except for their signs, for any input.
    const sizes = [0, 1].map((draw) => {
      kernels.write(pass.input, draws(2 * step + draw + 1).normals(numbers));
      net.forward(pass, { mode: 'watching', step, frozen: freezeStatistics });
      return pass.blocks.map(({ normalization: n }) => (n ? Array.from(kernels.read(n.xHat), Math.abs) : null));
    });
    for (const [block, first] of sizes[0].entries()) {
      if (!first) continue;
      const all = [...first, ...(sizes[1][block] ?? [])];
      const [least, most] = [Math.min(...all), Math.max(...all)];
      if (most < 1e-4) found.one = true;
      else if (most - least < 1e-3 * most) found.two = true;
    }
  }
  return found;
}

describe('statistics of any plan', () => {
  const epsilon = 1e-12;
  const normalization = fc.oneof(
    fc.record(
      {
        kind: fc.constantFrom('batch', 'naive'),
        statistics: fc.constantFrom('per-feature', 'whole-batch'),
        variance: fc.constantFrom('biased', 'unbiased'),
        ghostBatchSize: fc.constantFrom(2, 3),
        freezeAt: fc.integer({ min: 0, max: 5 }),
        placement: fc.constantFrom('before-activation', 'after-activation'),
      },
      { requiredKeys: ['kind'] },
    ),
    fc.record(
      { kind: fc.constantFrom('batch-l1', 'batch-renorm'), freezeAt: fc.integer({ min: 0, max: 5 }) },
      { requiredKeys: ['kind'] },
    ),
    fc.record({ kind: fc.constantFrom('layer', 'rms', 'instance') }),
    fc.record({ kind: fc.constant('group'), groups: fc.constantFrom(1, 2, 3) }),
  );
  const units = fc.constantFrom(1, 2, 3, 6);
  const row = fc.array(units, { minLength: 1, maxLength: 2 }).map((sizes) => sizes.map((dense) => ({ dense })));
  const inner = fc.oneof(
    units.map((conv) => [{ conv, kernel: 2, padding: 0 }]),
    units.map((conv) => [{ conv, kernel: 1, padding: 0 }]),
    fc.tuple(units, units).map(([conv, dense]) => [{ conv, kernel: 2, padding: 0 }, { dense }]),
    units.map((conv) => [{ conv, kernel: 1, padding: 0 }, { residual: [{ conv, kernel: 1, padding: 0 }] }]),
  );
  const changes = fc
    .uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 3 })
    .chain((steps) =>
      fc.tuple(
        ...steps
          .sort((a, b) => a - b)
          .map((at) =>
            fc.record(
              { at: fc.constant(at), batchSize: fc.constantFrom(1, 2, 3, 6), freezeStatistics: fc.boolean() },
              { requiredKeys: ['at'] },
            ),
          ),
      ),
    );

  it('are reported exactly when the engine computes too few outcomes', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          row.map((layers) => ({ data: { kind: 'spiral' }, layers })),
          inner.map((layers) => ({ data: digits, layers: [{ averagePool: 14 }, ...layers] })),
        ),
        normalization,
        fc.constantFrom(1, 2, 3, 6),
        changes,
        ({ data, layers }, kind, batchSize, changed) => {
          const network = { layers, activation: 'tanh', normalization: { epsilon, ...kind } };
          const { value } = validateTrained({ data, network, training: { batchSize, steps: 6, changes: changed } });
          if (!value) return;
          const experiment = resolve({ name: '', notes: '' }, value);
          const expected = degenerate(experiment);
          const found = statisticsFindings(experiment);
          if (!expected || found.some(({ message }) => message.startsWith('ghost batches of'))) return;
          judged++;
          const has = (severity: string) => found.some((finding) => finding.severity === severity);
          assert.equal(has('error'), expected.one, JSON.stringify(found));
          // After a layer that is 0 throughout, nothing can be observed.
          if (!expected.one) assert.equal(has('warning'), expected.two, JSON.stringify(found));
        },
      ),
      { numRuns: 400, seed: 3 },
    );
    assert.ok(judged > 150, `${judged} plans`);
  });
});

describe('weight normalization', () => {
  const zeros = [
    'zeros',
    { kind: 'zeros' },
    { kind: 'normal', std: 0 },
    { kind: 'uniform', low: 0, high: 0 },
    { kind: 'he', gain: 0 },
    { kind: 'orthogonal', gain: 0 },
  ];
  for (const initialization of zeros) {
    it(`of weights that start at 0 is an error: ${JSON.stringify(initialization)}`, () => {
      const properties = { network: { layers: [{ dense: 8 }], normalization: 'weight', initialization } };
      const { at, message } = onlyError(properties);
      assert.deepEqual(JSON.parse(at), initialization);
      assert.match(message, /their norm, and in hidden1 they all start at 0.*Use a different initialization/);
    });
  }

  it('is an error in a single layer, in a convolution and in the output layer', () => {
    const start = 'zeros';
    onlyError({ network: { layers: [{ dense: 8 }, { dense: 8, normalization: 'weight', initialization: start }] } });
    onlyError({ data: digits, network: { layers: [{ conv: 4, normalization: 'weight', initialization: start }] } });
    onlyError({ network: { layers: [{ dense: 8 }], output: { normalization: 'weight', initialization: start } } });
  });

  it('of other weights is valid, and so are zeros without it', () => {
    assert.deepEqual(read({ network: { layers: [{ dense: 8 }], normalization: 'weight' } }).diagnostics, []);
    assert.deepEqual(read({ network: { layers: [{ dense: 8 }], initialization: 'zeros' } }).diagnostics, []);
  });
});

describe('layers that read images', () => {
  const cases: [name: string, properties: object, message: RegExp][] = [
    [
      'behind pooling of the whole image',
      { data: digits, network: { layers: [{ conv: 4 }, { averagePool: 'all' }, { conv: 8, kernel: 1 }] } },
      /pool1 leaves one position of 4 channels: put it before pool1/,
    ],
    [
      'behind a convolution over the whole image',
      { data: digits, network: { layers: [{ conv: 4, kernel: 28, padding: 0 }, { dropout: 0.1 }, { maxPool: 2 }] } },
      /conv1 leaves one position of 4 channels/,
    ],
    [
      'behind a dense layer',
      { data: digits, network: { layers: [{ dense: 16 }, { conv: 8 }] } },
      /hidden1 makes a row of 16 numbers of what comes in: put it before hidden1/,
    ],
    [
      'behind a flattened image',
      { data: digits, network: { layers: [{ flatten: true }, { conv: 8 }] } },
      /flatten1 makes a row of 784 numbers/,
    ],
    [
      'of data without images',
      { network: { layers: [{ conv: 8 }] } },
      /a row of 2 numbers.*needs images, e.g. data of kind "digits" or "idx"/,
    ],
    [
      'of a table, whose columns are not counted yet',
      { data: { kind: 'csv', path: 'a.csv' }, network: { layers: [{ conv: 8 }] } },
      /needs images, e.g. data of kind "digits" or "idx"/,
    ],
  ];
  for (const [name, properties, message] of cases) {
    it(`report their input: ${name}`, () => assert.match(onlyError(properties).message, message));
  }
});
