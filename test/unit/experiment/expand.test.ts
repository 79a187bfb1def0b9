import assert from 'node:assert/strict';
import type { DenseSpecification } from '../../../src/engine/specification';
import { readExperiment } from '../../../src/experiment/read';
import { folderNames } from '../../../src/experiment/runId';
import { minimal, planOf, read, textOf } from './support';

const none = { network: { normalization: { kind: 'none' } } };
const twoArms = {
  network: { ...minimal.network, normalization: 'batch' },
  training: { seeds: [4, 2, 9] },
  arms: { without: none, BatchNorm: {} },
};
const ids = (properties: object, options?: Parameters<typeof planOf>[1]) =>
  planOf(properties, options).runs.map(({ id }) => id);

describe('the plan', () => {
  it('lists runs by seed, with arms adjacent', () => {
    const plan = planOf({ name: 'N', notes: 'n', ...twoArms });
    assert.deepEqual(
      plan.runs.map(({ id }) => id),
      [
        'without/seed-4',
        'BatchNorm/seed-4',
        'without/seed-2',
        'BatchNorm/seed-2',
        'without/seed-9',
        'BatchNorm/seed-9',
      ],
    );
    assert.deepEqual([plan.name, plan.notes, plan.arms, plan.seeds], ['N', 'n', ['without', 'BatchNorm'], [4, 2, 9]]);
    assert.deepEqual([plan.axes, plan.pointCount], [[], 1]);
    for (const run of plan.runs) assert.equal(run.specification.seed, run.seed);
    assert.deepEqual(
      plan.runs.slice(0, 2).map((run) => (run.specification.layers[0] as DenseSpecification).normalization.kind),
      ['none', 'batch'],
    );
  });

  it('has one arm if the file has none', () => {
    assert.deepEqual(ids({}), ['experiment/seed-1']);
    assert.deepEqual(planOf({}).arms, ['experiment']);
  });

  it('reads seeds written as ranges', () => {
    assert.deepEqual(planOf({ training: { seeds: '1-3,10' } }).seeds, [1, 2, 3, 10]);
  });

  it('can be limited to some arms, in the order of the file', () => {
    assert.deepEqual(ids(twoArms, { arms: ['BatchNorm'], seeds: [7] }), ['BatchNorm/seed-7']);
    assert.deepEqual(ids(twoArms, { arms: ['BatchNorm', 'without'], seeds: [7] }), [
      'without/seed-7',
      'BatchNorm/seed-7',
    ]);
    assert.deepEqual(ids(twoArms, { arms: [], seeds: [7] }), ['without/seed-7', 'BatchNorm/seed-7']);
  });

  it('refuses an unknown arm', () => {
    const { plan, diagnostics } = read(twoArms, { arms: ['batchnorm'] });
    assert.equal(plan, null);
    assert.equal(diagnostics[0].message, 'there is no arm "batchnorm": did you mean "BatchNorm"?');
  });

  it('accepts steps and seeds from the caller, and computes defaults for them', () => {
    const { runs } = planOf(twoArms, { steps: 100, seeds: [1] });
    for (const { specification, experiment } of runs) {
      assert.equal(specification.training.steps, 100);
      assert.equal(specification.watch.every, 1);
      assert.equal(experiment.training.steps, 100);
      assert.deepEqual(experiment.training.seeds, [1]);
    }
    const own = { ...twoArms, arms: { a: { training: { steps: 5 } }, b: {} } };
    const steps = (options: object) =>
      planOf(own, { seeds: [1], ...options }).runs.map((run) => run.specification.training.steps);
    assert.deepEqual(steps({}), [5, 1000]);
  });

  it('ignores invalid seeds in the file if the caller gives seeds', () => {
    assert.deepEqual(planOf({ training: { seeds: [1, 1] } }, { seeds: [3] }).seeds, [3]);
  });

  it('has separate data for each arm', () => {
    const { runs } = planOf({ arms: { a: { data: { noise: 0.3 } }, b: {} } });
    assert.deepEqual(
      runs.map(({ data }) => (data.kind === 'spiral' ? data.noise : null)),
      [0.3, planOf({}).runs[0].data.kind === 'spiral' ? (planOf({}).runs[0].data as { noise: number }).noise : null],
    );
  });
});

describe('an arm that changes a kind', () => {
  const resolved = (base: object, patch: object) =>
    planOf({ ...base, arms: { changed: patch, same: {} } }).runs[0].experiment;

  it('removes the properties of the old kind', () => {
    const base = { training: { optimizer: { kind: 'sgd', learningRate: 0.3, momentum: 0.9, nesterov: true } } };
    const { optimizer } = resolved(base, { training: { optimizer: { kind: 'adam' } } }).training;
    assert.equal(optimizer.kind, 'adam');
    assert.equal(optimizer.learningRate, 0.3, 'properties of both kinds are merged, as in any merge patch');
    assert.ok(!('momentum' in optimizer));
  });

  it('does so for data, initialization and schedule too', () => {
    const { data } = resolved({ data: { kind: 'spiral', turns: 2, train: 300 } }, { data: { kind: 'moons' } });
    assert.deepEqual([data.kind, 'turns' in data, 'train' in data && data.train], ['moons', false, 300]);
    const network = { layers: [{ dense: 3 }], initialization: { kind: 'normal', std: 0.1 } };
    const he = resolved({ network }, { network: { initialization: { kind: 'he' } } }).network.initialization;
    assert.deepEqual(he, { kind: 'he', gain: 1, distribution: 'normal' });
    const training = { schedule: { kind: 'step', every: 10, warmUp: 5 } };
    const cosine = resolved({ training }, { training: { schedule: { kind: 'cosine' } } }).training.schedule;
    assert.deepEqual(cosine, { kind: 'cosine', warmUp: 5, floor: 0 });
  });

  it('turns normalization off, whatever its other properties', () => {
    const network = {
      layers: [{ dense: 3 }],
      normalization: { kind: 'batch', placement: 'after-activation', epsilon: 0.1 },
    };
    assert.deepEqual(resolved({ network }, none).network.normalization, { kind: 'none' });
  });

  it('cannot set properties that the new kind does not have', () => {
    const text = textOf({
      training: { optimizer: { kind: 'sgd' } },
      arms: { a: { training: { optimizer: { kind: 'adam', momentum: 0.9 } } }, b: {} },
    });
    const { diagnostics } = readExperiment(text);
    assert.equal(diagnostics.length, 1);
    assert.match(diagnostics[0].message, /"momentum" is not a property of optimizer/);
  });
});

describe('folder names of arms', () => {
  const cases: [string, string][] = [
    ['BatchNorm', 'BatchNorm'],
    ['gain 0.5 with BatchNorm', 'gain 0.5 with BatchNorm'],
    ['naive, detached', 'naive, detached'],
    ['größer', 'größer'],
    ['a/b\\c:d', 'a-b-c-d'],
    ['../..', '-'],
    ['..', 'arm'],
    ['.hidden', 'hidden'],
    ['dot.', 'dot'],
    ['CON', 'arm-CON'],
    ['nul.txt', 'arm-nul.txt'],
    ['com¹', 'arm-com¹'],
    ['aux .txt', 'arm-aux .txt'],
    ['console', 'console'],
    ['\u0000\n', '--'],
    ['x'.repeat(200), 'x'.repeat(60)],
    ['?', '-'],
  ];
  for (const [arm, folder] of cases) {
    it(`${JSON.stringify(arm.slice(0, 30))} is ${folder.slice(0, 30)}`, () => {
      assert.equal(folderNames([arm]).get(arm), folder);
    });
  }

  it('are unique, also on case-insensitive systems', () => {
    // σ and ς have one upper case.
    const arms = ['a', 'A', 'a/', 'a?', 'a-', 'á', 'a\u0301', 'a-2', 'οδος', 'οδοσ'];
    const names = [...folderNames(arms).values()].map((name) => name.toUpperCase());
    assert.equal(new Set(names).size, arms.length, names.join());
  });

  it('do not depend on which arms are run', () => {
    const properties = { arms: { 'a?': { training: { steps: 5 } }, 'a/': {} } };
    assert.deepEqual(ids(properties), ['a-/seed-1', 'a--2/seed-1']);
    assert.deepEqual(ids(properties, { arms: ['a/'] }), ['a--2/seed-1']);
  });
});
