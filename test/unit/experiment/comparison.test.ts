/** Comparison of arms of any runs: pairs where seeds and data are the same, and the settings that differ. */
import assert from 'node:assert/strict';
import { type ComparedArm, type ComparedRun, comparing } from '../../../src/experiment/comparison/compare';
import { differingSettings, isSame } from '../../../src/experiment/comparison/settings';
import { readExperiment } from '../../../src/experiment/read';
import { atOnce } from '../../../src/runs/pieces';

const file = {
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }] },
  training: { batchSize: 10, steps: 20, seeds: [1] },
};

function experimentOf(changes: object = {}) {
  const { experiment, diagnostics } = readExperiment(JSON.stringify({ ...file, ...changes }));
  assert.ok(experiment, diagnostics.map(({ message }) => message).join('\n'));
  return experiment;
}

/** A run with this test accuracy. */
const run = (seed: number, testAccuracy: number, changes: Partial<ComparedRun> = {}): ComparedRun => ({
  seed,
  status: 'completed',
  final: { trainLoss: 0.1, testLoss: 0.2, testAccuracy },
  isChanged: false,
  data: null,
  ...changes,
});

const arm = (label: string, runs: ComparedRun[], changes: Partial<ComparedArm> = {}): ComparedArm => ({
  label,
  folder: `/${label}`,
  arm: label,
  point: {},
  engine: '0.1.0',
  experiment: experimentOf(),
  runs,
  ...changes,
});

const compare = (...arms: ComparedArm[]) => atOnce(comparing(arms));
const seeds = [1, 2, 3, 4, 5];

describe('a comparison of arms', () => {
  it('is in pairs where seeds and data are the same', () => {
    const first = arm(
      'a',
      seeds.map((seed) => run(seed, 0.5 + seed / 10)),
    );
    // The spread over the seeds is much larger than that of the differences.
    const second = arm('b', [...seeds.map((seed) => run(seed, 0.6 + seed / 10 + seed / 1000)), run(9, 0)]);
    const { rows, metrics, remarks, settings } = compare(first, second);
    assert.deepEqual(metrics, ['testAccuracy', 'testLoss', 'trainLoss']);
    assert.equal(rows[0].results.testAccuracy?.difference, null);
    const { value, difference } = rows[1].results.testAccuracy ?? {};
    assert.equal(value?.number, 6);
    assert.deepEqual([difference?.paired, difference?.number, rows[1].unpaired], [true, 5, null]);
    assert.ok(Math.abs((difference?.mean ?? 0) - 0.103) < 1e-12);
    const [low, high] = difference?.interval ?? [0, 0];
    assert.ok(low > 0.1 && high < 0.11, `${low} to ${high}`);
    assert.deepEqual([remarks, settings], [[], []]);
  });

  it('has no pairs, and says why, where seeds or data differ', () => {
    const first = arm(
      'a',
      seeds.map((seed) => run(seed, 0.5)),
    );
    const why = (other: ComparedArm) => compare(first, other).rows[1].unpaired;
    assert.match(why(arm('b', [run(7, 0.6)])) ?? '', /shares no seed/);
    const noisy = experimentOf({ data: { ...file.data, noise: 0.3 } });
    const other = arm(
      'b',
      seeds.map((seed) => run(seed, 0.6)),
      { experiment: noisy },
    );
    assert.match(why(other) ?? '', /different data/);
    assert.match(why(arm('b', [run(1, 0.6)], { experiment: null })) ?? '', /data are unknown/);
    const { difference } = compare(first, other).rows[1].results.testAccuracy ?? {};
    assert.ok(difference && Math.abs(difference.mean - 0.1) < 1e-12);
    assert.equal(difference.paired, false);
    // All runs of an arm have the same value here.
    const [low, high] = difference.interval ?? assert.fail();
    assert.ok(Math.abs(low - 0.1) < 1e-12 && low === high);
    const single = compare(first, arm('b', [run(7, 0.6)])).rows[1].results.testAccuracy?.difference;
    assert.deepEqual([single?.paired, single?.interval], [false, null]);
  });

  it('compares the content of data files', () => {
    const experiment = experimentOf({ data: { kind: 'csv', path: 'a.csv', target: 'y' } });
    const own = (label: string, data: ComparedRun['data']) => arm(label, [run(1, 0.5, { data })], { experiment });
    const why = (first: ComparedRun['data'], second: ComparedRun['data']) =>
      compare(own('a', first), own('b', second)).rows[1].unpaired;
    assert.equal(why({ path: 'x' }, { path: 'x' }), null);
    assert.match(why({ path: 'x' }, { path: 'y' }) ?? '', /had a different content/);
    assert.match(why({ path: 'x' }, null) ?? '', /unknown whether its data files/);
  });

  it('has no interval beyond what is possible', () => {
    const { rows } = compare(
      arm(
        'a',
        [0.5, 0.501, 0.502, 0.503, 0.9].map((value, k) => run(k, value)),
      ),
      arm(
        'b',
        [0.5, 0.499, 0.498, 0.497, 0.1].map((value, k) => run(k, value)),
      ),
    );
    const [first, second] = rows.map(({ results }) => results.testAccuracy);
    assert.ok(first?.value?.interval, 'the first has an interval');
    assert.deepEqual([first.value.interval[1], second?.value?.interval?.[0]], [1, 0]);
  });

  it('counts only completed runs that were not changed manually, and says so', () => {
    const first = arm('a', [
      run(1, 0.5),
      run(2, 0.9, { status: 'diverged' }),
      run(3, Number.NaN),
      run(4, 0.9, { isChanged: true }),
      run(5, 0.9, { status: 'cancelled', final: null }),
    ]);
    const second = arm('b', [run(1, 0.7)], { engine: '0.2.0', experiment: null });
    const { rows, remarks } = compare(first, second);
    assert.deepEqual(rows[0].results.testAccuracy?.value, { mean: 0.5, interval: null, number: 1 });
    assert.deepEqual(rows[0].outcome, { completed: 3, diverged: 1, cancelled: 1 });
    assert.match(remarks[0], /different versions \(0\.1\.0, 0\.2\.0\)/);
    assert.match(remarks[1], /^2 runs without a result do not count/);
    assert.match(remarks[2], /^1 run whose settings were changed manually does not count/);
    assert.match(remarks[3], /settings of b cannot be read/);
  });
});

describe('settings that differ', () => {
  it('are those of data, network and training, without the seeds', () => {
    const base = experimentOf();
    const other = experimentOf({
      name: 'other',
      training: { ...file.training, seeds: [2], optimizer: { kind: 'sgd', learningRate: 0.5 } },
      network: { layers: [{ dense: 4 }, { dense: 3 }] },
      watch: { every: 3 },
    });
    const found = differingSettings([base, null, other]);
    const rate = found.find(({ setting }) => setting === 'training/optimizer/learningRate');
    assert.deepEqual(rate?.values.slice(1), [null, 0.5]);
    const size = found.find(({ setting }) => setting === 'network/layers/1/dense');
    assert.deepEqual(size?.values, [null, null, 3]);
    assert.ok(found.every(({ setting }) => /^(network|training)\//.test(setting) && !setting.includes('seeds')));
    assert.deepEqual(differingSettings([base, base]), []);
    assert.deepEqual(differingSettings([null, base]), []);
  });

  it('are joined over layers, without those that follow from a different kind', () => {
    const layers = [{ dense: 4 }, { dense: 4 }, { dense: 4 }];
    const [none, batch] = [{ kind: 'none' }, { kind: 'batch' }].map((normalization) =>
      experimentOf({ network: { layers, normalization } }),
    );
    assert.deepEqual(
      differingSettings([none, batch]).map(({ setting, values }) => [setting, ...values]),
      [
        ['network/layers/0–2/bias', true, false],
        ['network/layers/0–2/normalization/kind', 'none', 'batch'],
        ['network/normalization/kind', 'none', 'batch'],
      ],
    );
    const other = experimentOf({ network: { layers, normalization: { kind: 'batch', momentum: 0.5 } } });
    const momentum = differingSettings([none, batch, other]).find(({ setting }) => /0–2.*momentum/.test(setting));
    assert.deepEqual(momentum?.values, [null, 0.1, 0.5], 'two arms of one kind differ');
  });

  it('do not depend on the order of properties', () => {
    assert.ok(isSame({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
    for (const [a, b] of [
      [{ a: 1 }, { a: 2 }],
      [{ a: [] }, {}],
      [[1, 2], [1]],
      ['', {}],
    ])
      assert.ok(!isSame(a, b), JSON.stringify([a, b]));
  });
});
