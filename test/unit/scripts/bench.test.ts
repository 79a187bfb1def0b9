/** The pure parts of `npm run bench`: its numbers, its tables and its messages about invalid arguments. */
import assert from 'node:assert/strict';
import { loadScript } from '../../support/scripts';

type Numbers = typeof import('../../../scripts/lib/bench/numbers.mjs');
type Options = typeof import('../../../scripts/lib/bench/options.mjs');

describe('numbers of the benchmark', () => {
  let numbers: Numbers;
  before(async () => {
    numbers = await loadScript<Numbers>('lib/bench/numbers.mjs');
  });

  it('have a median, for any order, which is unchanged', () => {
    const values = [10, 9, 100, 1];
    assert.equal(numbers.median(values), 9.5);
    assert.deepEqual(values, [10, 9, 100, 1]);
    assert.equal(numbers.median([3, 200, 10]), 10);
    assert.equal(numbers.median([7]), 7);
    assert.throws(() => numbers.median([]), RangeError);
  });

  it('become steps per second', () => assert.equal(numbers.perSecond(250), 4000));

  it('are shown with three digits', () => {
    assert.deepEqual([1234.5, 45.64, 0.012345, 0].map(numbers.shown), ['1,230', '45.6', '0.0123', '0']);
    assert.deepEqual([0.0512, -0.0001, 1.5].map(numbers.percent), ['5.1 %', '0.0 %', '150.0 %']);
  });

  it("of cores are read from Linux's list", () => {
    assert.deepEqual(numbers.coresIn('0-2,5'), [0, 1, 2, 5]);
    assert.deepEqual(numbers.coresIn('7'), [7]);
    assert.deepEqual(numbers.coresIn(''), []);
  });

  it('of losses show whether two implementations did the same step', () => {
    assert.ok(numbers.sameLosses([2.5, 2.3], [2.5001, 2.301]));
    assert.ok(!numbers.sameLosses([2.5, 2.3], [2.51, 2.3]), 'a different loss before');
    assert.ok(!numbers.sameLosses([2.5, 2.3], [2.5, 2.31]), 'a different loss after');
    assert.ok(!numbers.sameLosses([2.5, 2.3], [2.5, Number.NaN]));
  });

  it('of several rounds are combined as the fastest of all and the median of medians', () => {
    const rounds = [
      { minimum: 4, median: 9 },
      { minimum: 3, median: 5 },
      { minimum: 5, median: 6 },
    ];
    assert.deepEqual(numbers.summed(rounds), { minimum: 3, median: 6 });
  });

  it('of rounds are steady if the two best agree, however slow the others were', () => {
    assert.ok(numbers.steady([50, 100, 97]));
    assert.ok(!numbers.steady([50, 100, 90]));
    assert.ok(numbers.steady([100]), 'one round has nothing to differ from');
    assert.ok(numbers.steady([10, 10.4, 30], 'smallest'));
    assert.ok(!numbers.steady([10, 29, 30], 'smallest'));
  });

  it('of rounds have a median and an error, and a share that is less than its error is not shown', () => {
    const { value, error } = numbers.estimate([0.05, 0.03, 0.04, 0.9, 0.01]);
    assert.equal(value, 0.04);
    assert.ok(Math.abs(error - (0.93 * 0.02) / Math.sqrt(5)) < 1e-12);
    assert.equal(numbers.certainShare({ value: 0.04, error: 0.01 }), '4.0 %');
    assert.equal(numbers.certainShare({ value: 0.004, error: 0.0045 }), '0.4 %');
    assert.equal(numbers.certainShare({ value: 0.04, error: 0.05 }), 'rounds differ');
    assert.equal(numbers.certainShare({ value: -0.04, error: 0.05 }), 'rounds differ');
  });

  it('of the cost of watching are weighted by the training time of each arm', async () => {
    const { shareOf } =
      await loadScript<typeof import('../../../scripts/lib/bench/watching.mjs')>('lib/bench/watching.mjs');
    const none = { frames: [], log: [], evaluation: [], predictions: [], probes: [] };
    const arm = (step: number, frames: number) => ({
      arm: 'a',
      steps: 100,
      every: 1,
      evaluateEvery: 1,
      channels: 1,
      step: [step],
      shares: { ...none, frames: [frames], log: [0.01] },
    });
    const costs = [arm(10, 0.1), arm(30, 0.02)];
    assert.ok(Math.abs((shareOf(costs, ['frames'])?.value ?? 0) - 0.04) < 1e-12);
    assert.ok(Math.abs((shareOf(costs, ['frames', 'log'])?.value ?? 0) - 0.05) < 1e-12);
    assert.equal(shareOf(costs, ['probes']), null);
  });

  it('of a product are a share of the ceiling only if its rounds and those of the ceiling are steady', async () => {
    const { shareOf } = await loadScript<typeof import('../../../scripts/lib/bench/gemm.mjs')>('lib/bench/gemm.mjs');
    const round = (ceiling: number, product: number) => ({
      ceiling: { best: ceiling, median: ceiling / 2 },
      product: { best: product, median: product / 2 },
    });
    const [calm, slow, unlike] = [round(40, 36), round(39, 35), round(40, 20)];
    assert.deepEqual(shareOf([calm, slow], 'product'), { median: 17.75, best: 36, share: 0.9 });
    assert.equal(shareOf([calm, unlike], 'product').share, null);
    assert.equal(shareOf([calm, round(20, 36)], 'product').share, null);
    assert.equal(shareOf([calm, unlike, slow], 'product').share, 0.9);
  });

  it('are aligned on the right in a table', () => {
    const text = numbers.table([
      ['what', 'steps'],
      ['W1', '5'],
      ['a long name', '1,234'],
    ]);
    assert.equal(text, ['what          steps', 'W1                5', 'a long name   1,234'].join('\n'));
  });
});

describe('arguments of the benchmark', () => {
  let options: Options;
  before(async () => {
    options = await loadScript<Options>('lib/bench/options.mjs');
  });

  it('select everything if they name nothing', () => {
    const { what, rounds, batches, json, help } = options.readOptions([]);
    assert.deepEqual([what, rounds, batches, json, help], [Object.keys(options.parts), 3, 600, undefined, false]);
  });

  it('are run in the order of the list', () => {
    const { what, rounds, json } = options.readOptions(['size', 'steps', '--rounds', '5', '--json', 'out.json']);
    assert.deepEqual([what, rounds, json], [['steps', 'size'], 5, 'out.json']);
  });

  for (const [words, said] of [
    [['speed'], /Unknown part "speed"\. Choose from steps, gemm, throughput, memory/],
    [['--rounds', '0'], /whole number from 1 to 1000, not "0"/],
    [['--rounds', 'many'], /not "many"/],
    [['--rounds', ''], /not ""/],
    [['--batches', '5'], /whole number from 10 to 1000000, not "5"/],
    [['--megabytes', '0'], /whole number from 1 to 20000, not "0"/],
    [['--fast'], /'--fast'[\s\S]*Usage: npm run bench/],
    [['--json'], /--json[\s\S]*Usage: npm run bench/],
  ] as const) {
    it(`that are invalid get a remedy: ${words.join(' ')}`, () => {
      assert.throws(() => options.readOptions([...words]), { message: said });
    });
  }

  it('are all explained', () => {
    for (const name of Object.keys(options.parts)) assert.match(options.usage, new RegExp(`^  ${name} `, 'm'));
  });
});

describe('kernels of OpenBLAS in the benchmark', () => {
  let openBlas: typeof import('../../../scripts/lib/bench/openBlas.mjs');
  before(async () => {
    openBlas = await loadScript('lib/bench/openBlas.mjs');
  });

  const cases: [selected: string, flags: string, faster: string | null][] = [
    ['Core: Prescott\n', 'sse2 avx avx2 avx512f avx512bw', 'SkylakeX'],
    ['1.13.0\nCore: Prescott', 'sse2 avx avx2 fma', 'Haswell'],
    ['Core: Prescott', 'sse2 ssse3', null],
    ['Core: Prescott', '', null],
    ['Core: Haswell', 'avx2 avx512bw', null],
    ['Core: SkylakeX', 'avx2 avx512bw', null],
    ['', 'avx2', null],
  ];
  for (const [selected, flags, faster] of cases)
    it(`with ${JSON.stringify(selected)} and ${JSON.stringify(flags)} ${faster ? `are those for ${faster}` : 'stay'}`, () =>
      assert.equal(openBlas.fasterCore(selected, flags), faster));
});
