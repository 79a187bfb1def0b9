/** Sweeps: expansion, places of diagnostics, and size limits. */
import assert from 'node:assert/strict';
import { readExperiment } from '../../../src/experiment/read';
import { Grid, namedAxes, pointInWords } from '../../../src/shared/sweep/grid';
import { parsePointer, pointerOf } from '../../../src/shared/sweep/pointer';
import { minimal, onlyError, planOf, reported, textOf } from './support';

const rates = '/training/optimizer/learningRate';
const gains = '/network/initialization/gain';
const arms = { without: {}, BatchNorm: { network: { normalization: 'batch' } } };
const swept = { arms, sweep: { [rates]: [0.01, 0.1], [gains]: [0.5, 1, 1.5] }, training: { seeds: [1, 2] } };

describe('the plan of a sweep', () => {
  it('runs every arm at every point with every seed: points by seed, with arms adjacent', () => {
    const plan = planOf(swept);
    assert.equal(plan.runs.length, 2 * 6 * 2);
    assert.equal(plan.pointCount, 6);
    assert.deepEqual(
      plan.runs.slice(0, 3).map(({ id }) => id),
      [
        'without/learningRate=0.01, gain=0.5/seed-1',
        'BatchNorm/learningRate=0.01, gain=0.5/seed-1',
        'without/learningRate=0.01, gain=1/seed-1',
      ],
    );
    assert.deepEqual(plan.runs[23].point, { [rates]: 0.1, [gains]: 1.5 });
    assert.equal(plan.runs[23].seed, 2);
    assert.equal(new Set(plan.runs.map(({ id }) => id)).size, 24);
  });

  it('applies the point after the arm, and the arm after the experiment, also where defaults apply', () => {
    const { runs } = planOf({ ...swept, arms: { ...arms, adam: { training: { optimizer: { kind: 'adam' } } } } });
    for (const { experiment, specification, point } of runs) {
      assert.equal(specification.training.optimizer.learningRate, point[rates]);
      assert.equal((experiment.network.initialization as { gain: number }).gain, point[gains]);
      // The layers use the network's settings.
      const [layer] = experiment.network.layers;
      assert.equal('initialization' in layer && (layer.initialization as { gain: number }).gain, point[gains]);
    }
  });

  it('expands short forms, and keeps a kind that was derived from another setting', () => {
    const initialization = (network: object) =>
      planOf({ network: { ...minimal.network, ...network }, sweep: { [gains]: [2, 3] } }).runs[1].experiment.network
        .initialization;
    assert.deepEqual(initialization({ initialization: 'orthogonal' }), { kind: 'orthogonal', gain: 3 });
    assert.deepEqual(initialization({ activation: 'tanh' }), { kind: 'xavier', gain: 3, distribution: 'normal' });
  });

  it('sets items of lists, and removes properties that a new kind does not have', () => {
    const plan = planOf({
      network: { layers: [{ dense: 8 }, { dense: 8 }], normalization: { kind: 'batch', momentum: 0.2, epsilon: 0.1 } },
      sweep: { '/network/layers/1/dense': [4, 16], '/network/normalization/kind': ['batch', 'layer'] },
    });
    const last = plan.runs[3].experiment;
    assert.deepEqual(
      last.network.layers.map((layer) => 'dense' in layer && layer.dense),
      [8, 16],
    );
    assert.equal(last.network.normalization.kind, 'layer');
    assert.equal((last.network.normalization as { epsilon: number }).epsilon, 0.1);
  });

  it('can be limited by --arm, --seeds and --steps', () => {
    const plan = planOf(swept, { arms: ['BatchNorm'], seeds: [7], steps: 5 });
    assert.equal(plan.runs.length, 6);
    assert.ok(
      plan.runs.every(
        ({ seed, arm, specification }) => seed === 7 && arm === 'BatchNorm' && specification.training.steps === 5,
      ),
    );
  });

  it('of a million points is created at once, and its runs on demand', () => {
    const values = Array.from({ length: 1000 }, (_, k) => (k + 1) / 1000);
    const { plan, diagnostics } = readExperiment(
      textOf({ arms, sweep: { [rates]: values, [gains]: values }, training: { seeds: [1, 2] } }),
    );
    assert.deepEqual(diagnostics, []);
    assert.ok(plan);
    assert.equal(plan.runs.length, 4_000_000);
    assert.deepEqual(plan.runs[3_999_999].point, { [rates]: 1, [gains]: 1 });
    assert.equal(plan.runs[3_999_999].specification.training.optimizer.learningRate, 1);
    assert.ok(plan.samples.length < 10_000);
  });

  it('of an absurd size is refused, with its number of runs', () => {
    const values = Array.from({ length: 2000 }, (_, k) => (k + 1) / 2000);
    const { message, at } = onlyError({
      arms,
      sweep: { [rates]: values, [gains]: values },
      training: { seeds: [1, 2] },
    });
    assert.equal(at, '"sweep"');
    assert.match(
      message,
      /^4,000,000 points × 2 arms × 2 seeds are 16,000,000 runs, more than the 10,000,000 of one sweep/,
    );
  });

  it('names its axes uniquely', () => {
    const axes = namedAxes({
      '/training/optimizer/momentum': [0],
      '/network/normalization/momentum': [0],
      [gains]: [1],
    });
    assert.deepEqual(
      axes.map(({ name }) => name),
      ['optimizer.momentum', 'normalization.momentum', 'gain'],
    );
    const grid = new Grid(axes);
    assert.equal(pointInWords(grid.point(0), axes), 'optimizer.momentum 0, normalization.momentum 0, gain 1');
  });

  it('numbers the points whose values cannot be folder names', () => {
    const { runs } = planOf({
      sweep: { '/network/normalization': [{ kind: 'batch' }, 'none', { kind: 'layer', epsilon: 0.1 }] },
    });
    assert.deepEqual(
      runs.map(({ id }) => id),
      [1, 2, 3].map((k) => `experiment/normalization=${k}/seed-1`),
    );
  });
});

describe('pointers', () => {
  it('follow RFC 6901', () => {
    // §5 of the RFC.
    const cases: [string, string[]][] = [
      ['/foo', ['foo']],
      ['/foo/0', ['foo', '0']],
      ['/', ['']],
      ['/a~1b', ['a/b']],
      ['/m~0n', ['m~n']],
      ['/~01', ['~1']],
      ['/ ', [' ']],
    ];
    for (const [text, path] of cases) {
      assert.deepEqual(parsePointer(text), path);
      assert.equal(pointerOf(path), text);
    }
    for (const wrong of ['', 'foo', '/a~2', '/a~']) assert.equal(parsePointer(wrong), null, wrong);
  });
});

describe('errors in a sweep', () => {
  const cases: [what: string, properties: object, at: string, message: RegExp][] = [
    ['no axis', { sweep: {} }, '{}', /^sweep has no axis: add at least one, or remove "sweep"/],
    [
      'no list',
      { sweep: { [rates]: 0.1 } },
      '0.1',
      /^the axis ".*" must be a list of values, e\.g\. \[0\.01, 0\.1, 1\], not 0\.1/,
    ],
    ['no value', { sweep: { [rates]: [] } }, '[]', /must be a list of at least one value/],
    ['the same value twice', { sweep: { [rates]: [0.1, 1, 0.1] } }, '0.1', /^the value 0\.1 appears twice/],
    [
      'no pointer',
      { sweep: { 'training.optimizer.learningRate': [1, 2] } },
      '"training.optimizer.learningRate"',
      /JSON Pointer, which starts with \/ .*: "\/training\/optimizer\/learningRate"/,
    ],
    [
      'another root',
      { sweep: { '/netwrok/activation': ['relu', 'tanh'] } },
      '"/netwrok/activation"',
      /did you mean "\/network\/activation"\?/,
    ],
    ['seeds', { sweep: { '/training/seeds': [[1], [2]] } }, '"/training/seeds"', /^seeds cannot be an axis/],
    ['watching', { sweep: { '/watch/every': [1, 2] } }, '"/watch/every"', /^watching does not change training/],
    [
      'an unknown property',
      { sweep: { '/training/optimizer/learnRate': [1, 2] } },
      '"/training/optimizer/learnRate"',
      /^"learnRate" is not a property of training\.optimizer: did you mean "learningRate"\?/,
    ],
    [
      'a missing item',
      { sweep: { '/network/layers/2/dense': [1, 2] } },
      '"/network/layers/2/dense"',
      /^network\.layers has 2 items: "2" is none of 0 to 1/,
    ],
    [
      'a value of the wrong type',
      { sweep: { [rates]: [0.1, 'fast'] } },
      '"fast"',
      /^learningRate must be a number above 0 and of at most 1,000,000, not "fast"/,
    ],
    ['a value out of range', { sweep: { [rates]: [0.1, -1] } }, '-1', /must be a number above 0/],
    [
      'a value with a misspelt property',
      { sweep: { '/network/normalization': ['none', { kind: 'batch', epsilom: 1 }] } },
      '"epsilom"',
      /did you mean "epsilon"\?/,
    ],
    [
      'an axis that changes nothing',
      { sweep: { '/network/normalization/epsilon': [0.1, 0.2] } },
      '"/network/normalization/epsilon"',
      /^this axis changes nothing in any arm: all its values produce identical runs/,
    ],
    [
      'the current value only',
      { training: { steps: 50 }, sweep: { '/training/steps': [50] } },
      '"/training/steps"',
      /its only value is the current one/,
    ],
    [
      'an axis within another',
      { sweep: { '/training/optimizer': [{ kind: 'sgd' }, { kind: 'adam' }], [rates]: [1, 2] } },
      `"${rates}"`,
      /is part of the axis "\/training\/optimizer"/,
    ],
    [
      'values that are invalid together',
      {
        data: { kind: 'spiral', train: 100 },
        training: { batchSize: 10 },
        sweep: { '/data/train': [50, 1000], '/training/batchSize': [20, 80] },
      },
      '"sweep"',
      /^at train 50, batchSize 80: a minibatch of 80 cannot be drawn from 50 training examples/,
    ],
    [
      'a property that one arm does not have',
      {
        arms: { sgd: {}, adam: { training: { optimizer: { kind: 'adam' } } } },
        sweep: { '/training/optimizer/momentum': [0, 0.9] },
      },
      '"/training/optimizer/momentum"',
      /^arm "adam": "momentum" is not a property of training\.optimizer/,
    ],
    [
      'arms that become identical',
      { arms: { slow: { training: { steps: 10 } }, fast: {} }, sweep: { '/training/steps': [50, 60] } },
      '"fast"',
      /^with the sweep, at steps 50, the arms "slow" and "fast" are identical/,
    ],
  ];
  for (const [what, properties, at, message] of cases) {
    it(`are reported at their place: ${what}`, () => {
      const text = textOf(properties);
      const errors = readExperiment(text).diagnostics.filter(({ severity }) => severity === 'error');
      assert.equal(errors.length, 1, JSON.stringify(errors, null, 1));
      assert.equal(text.slice(errors[0].offset, errors[0].offset + errors[0].length), at, errors[0].message);
      assert.match(errors[0].message, message);
    });
  }

  it("include an arm's setting that the sweep overwrites", () => {
    const found = reported(
      textOf({
        training: { optimizer: { kind: 'sgd' } },
        arms: { a: { training: { optimizer: { learningRate: 0.5 }, steps: 50 } }, b: {} },
        sweep: { [rates]: [0.1, 1] },
      }),
    );
    assert.deepEqual(found, [
      `0.5: this is overwritten: the sweep is applied after the arms, and its axis "${rates}" sets the same property at every point. Remove one of them`,
    ]);
  });

  it('do not include an axis without effect in some arms', () => {
    planOf({ arms, sweep: { '/network/normalization/epsilon': [0.1, 0.2] } });
  });
});
