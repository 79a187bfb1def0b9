/** `npm run calibrate`: its shapes have the stated means and medians, its parts count what they name, and its page is current. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { erf } from '../../../src/engine/math';
import { streams } from '../../../src/engine/random';
import { bootstrapInterval, mean, signFlipTest, signTest } from '../../../src/experiment/claims/inference';
import { looksUpTo } from '../../../src/experiment/claims/looks';
import { shareInterval } from '../../../src/experiment/claims/proportion';
import { verdicts } from '../../../src/experiment/claims/verdict';
import { loadScript } from '../../support/scripts';

type GroupSequential = typeof import('../../../scripts/lib/calibrate/groupSequential.mjs');
type Sequential = typeof import('../../../scripts/lib/calibrate/sequential.mjs');
type Shapes = typeof import('../../../scripts/lib/calibrate/shapes.mjs');
type Simulate = typeof import('../../../scripts/lib/calibrate/simulate.mjs');
type Text = typeof import('../../../scripts/lib/calibrate/text.mjs');

const modules = { verdicts, bootstrapInterval, signFlipTest, signTest, shareInterval, streams };

describe('the calibration of verdicts', () => {
  let shapes: Shapes['shapes'];
  let simulate: Simulate;
  let text: Text;
  before(async () => {
    ({ shapes } = await loadScript<Shapes>('lib/calibrate/shapes.mjs'));
    simulate = await loadScript<Simulate>('lib/calibrate/simulate.mjs');
    text = await loadScript<Text>('lib/calibrate/text.mjs');
  });
  const shapeOf = (name: string) => shapes.find((shape) => shape.name === name) ?? assert.fail(name);

  it('has eight shapes, whose draws have the stated mean and median', () => {
    assert.equal(shapes.length, 8);
    for (const { name, draw, mean: stated, median } of shapes) {
      const stream = streams(7)(name);
      const draws = Array.from({ length: 20_000 }, () => draw(stream));
      const spread = Math.sqrt(mean(draws.map((value) => (value - stated) ** 2)));
      assert.ok(Math.abs(mean(draws) - stated) < (4.5 * spread) / Math.sqrt(draws.length), `${name}: ${mean(draws)}`);
      // About half of the 20,000 draws are on each side of the median, or equal to it.
      const above = draws.filter((value) => value > median + 1e-9).length;
      const below = draws.filter((value) => value < median - 1e-9).length;
      assert.ok(Math.max(above, below) < 10_000 + 350, `${name}: ${above} above ${median}, ${below} below`);
    }
  });

  it('counts a value outside an interval as not covered, and a verdict at the bound as false', () => {
    // A shape whose stated mean is wrong: nothing covers it, and every claim by it is contradicted.
    const wrong = { name: 'wrong', words: '', draw: shapeOf('normal').draw, mean: 9, median: 9 };
    const { bootstrap, student, signFlip, median, before, now } = simulate.simulate(modules, wrong, {
      sets: 3,
      moved: false,
    });
    assert.deepEqual([bootstrap, student, signFlip, median], [0, 0, 0, 0]);
    assert.deepEqual([before, now], Array(2).fill({ supported: 0, contradicted: 1 }));
  });

  it('estimates the failed seeds and the others separately', () => {
    const { others, failures } = simulate.simulate(modules, shapeOf('failures'), { sets: 12, moved: false });
    assert.ok(others >= 9 / 12, String(others));
    assert.ok(failures >= 9 / 12, String(failures));
  });

  it('knows that Wilson’s interval for a share can be below its level, and the exact one cannot', () => {
    const { clopperPearson, wilson } = simulate.shareCoverage(modules, 0.05, 20);
    assert.ok(clopperPearson >= 0.95 && wilson < 0.95);
    // Published: 1 of 20 is 0.89 % to 23.61 % (R: prop.test(1, 20, correct = FALSE)).
    const [low, high] = simulate.wilsonInterval(1, 20);
    assert.ok(Math.abs(low - 0.0089) < 5e-5 && Math.abs(high - 0.2361) < 5e-5, `${low} ${high}`);
  });

  it('computes the published boundaries of alpha spending', async () => {
    const { groupSequential } = await loadScript<GroupSequential>('lib/calibrate/groupSequential.mjs');
    // Reboussin et al. (2000), five looks at equal distances, two-sided 0.05, as in the program ld98 and R's ldbounds.
    const { boundaries } = groupSequential(erf);
    const at = [1, 2, 3, 4, 5];
    const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));
    assert.deepEqual(rounded(boundaries(at, 'obrienFleming')), [4.877, 3.357, 2.68, 2.29, 2.031]);
    assert.deepEqual(rounded(boundaries(at, 'pocock')), [2.438, 2.427, 2.41, 2.397, 2.386]);
  });

  it('finds where sequential tests end, and that uncorrected looks end more often', async () => {
    const { falseShares, methodsOf, seedsNeeded } = await loadScript<Sequential>('lib/calibrate/sequential.mjs');
    const own = { ...modules, erf, looksUpTo };
    const methods = methodsOf(own);
    const shares = falseShares(own, methods, shapeOf('normal'), 5);
    assert.ok(shares[0] <= shares[4], String(shares));
    // Two standard deviations are clear at once, but not for boundaries that spend almost nothing at the first look.
    const needed = seedsNeeded(own, methods, 2, 3).map(({ median }) => median);
    assert.deepEqual([needed[0], needed[1], needed[3]], [20, 20, 20]);
  });

  it('has a page with the shapes and the command, from 2,000 data sets of each', () => {
    const page = readFileSync('docs/calibration.md', 'utf8');
    assert.match(page, /Generated by `npm run calibrate`:\s2,000 data sets of 20 pairs/);
    for (const { name, words } of shapes) assert.ok(page.includes(`| \`${name}\` | ${words} |`), name);
    const counts = { bootstrap: 0.5, student: 0.5, signFlip: 0.5, median: 0.5, others: 0.5, failures: 0.5 };
    const none = { supported: 0, contradicted: 0 };
    const rows = shapes.map((shape) => ({ shape, counts: { ...counts, before: none, now: none } }));
    const sequential = { methods: [], shapes: [], effects: [] };
    const made = text.calibrationText({
      sets: 2000,
      moved: rows,
      more: [],
      bounded: [],
      powers: [],
      shares: [],
      sequential,
    });
    // Sentences of the page, without its numbers.
    const sentences = (words: string) => words.split('\n').filter((line) => line !== '' && !line.startsWith('|'));
    assert.deepEqual(sentences(page), sentences(made), 'run npm run calibrate again');
  });
});
