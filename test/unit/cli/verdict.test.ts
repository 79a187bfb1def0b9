/** Verdicts of `bnexp run` and `bnexp verdict`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperiment } from '../../../src/experiment/read';
import { beginRun, writeSummary } from '../../../src/runs/folder/runFiles';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { indexOf } from '../../../src/runs/session/runIndex';
import { small, summaryOf, World } from './support';

const claim = { says: 'BatchNorm is better', metric: 'testAccuracy', better: 'BatchNorm', than: 'without', by: 0.05 };
const claiming = { ...small, claim };

describe('verdicts on the command line', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', claiming);
    world.script.outcome = ({ arm, seed }) => ({
      final: {
        trainLoss: 0.1,
        testLoss: 0.2,
        trainAccuracy: 0.9,
        testAccuracy: arm === 'without' ? 0.7 + seed / 1000 : 0.8 + seed / 1000 + (seed - 10.5) / 10_000,
      },
    });
  });
  afterEach(() => world.remove());

  it('follow the results', async () => {
    const { code, out } = await world.run('run', 'small.bnexp.json', '--seeds', '1-20', '--quiet');
    assert.equal(code, 0);
    assert.match(out, /✔ supported {2}BatchNorm is better\n {2}"BatchNorm" − "without", testAccuracy: \+0\.1, /);
    assert.match(
      out,
      /p < 0\.001, 20 pairs\n(?: {4}.*\n){2} {2}The interval is entirely beyond the smallest difference that matters, 0\.05\./,
    );
  });

  it('are called exact, without an interval and a p-value, if every pair has the same difference', async () => {
    world.script.outcome = ({ arm, seed }) => ({
      final: { trainLoss: 0.1, testLoss: 0.2, testAccuracy: (arm === 'without' ? 0.7 : 0.8) + seed / 1000 },
    });
    const { out } = await world.run('run', 'small.bnexp.json', '--seeds', '1-20', '--quiet');
    assert.match(
      out,
      /✔ supported, exact {2}.*\n {2}"BatchNorm" − "without", testAccuracy: \+0\.1 in every pair \(exact\), 20 pairs\n/,
    );
    assert.match(out, /The difference is the same in every pair, beyond the smallest difference that matters, 0\.05\./);
    const json = await world.run('run', 'small.bnexp.json', '--seeds', '1-20', '--json', '--quiet');
    const { exact, outcome, p } = JSON.parse(json.out).verdict;
    assert.deepEqual([exact, outcome, p], [true, 'supported', null]);
  });

  it('have no interval with fewer than four pairs', async () => {
    for (const [seeds, hasInterval] of [
      ['1-2', false],
      ['1-3', false],
      ['1-4', true],
    ] as const) {
      const json = await world.run('run', 'small.bnexp.json', '--seeds', seeds, '--json', '--quiet');
      assert.equal(JSON.parse(json.out).verdict.interval !== null, hasInterval, seeds);
      const { out } = await world.run('run', 'small.bnexp.json', '--seeds', seeds, '--quiet');
      assert.equal(/95 % interval/.test(out), hasInterval, seeds);
      // A very narrow interval is hidden by the mean, so only its absence can be checked.
      if (!hasInterval) assert.doesNotMatch(out, /[├┤─]/, seeds);
    }
  });

  it('are undecided with few seeds, with a remedy', async () => {
    const { out } = await world.run('run', 'small.bnexp.json', '--quiet');
    assert.match(
      out,
      /~ undecided {2}BatchNorm is better\n.*2 pairs\n(?: {4}.*\n){2} {2}There are 2 pairs, and a verdict needs at least 20: give more seeds \("seeds": "1-20" in the file, or --seeds 1-20\)\./,
    );
  });

  it('appear in the JSON as documented', async () => {
    const { out } = await world.run('run', 'small.bnexp.json', '--seeds', '1-20', '--json', '--quiet');
    const { verdict, verdicts } = JSON.parse(out);
    const { outcome, difference, interval, p, pairs } = verdict;
    assert.deepEqual([outcome, pairs], ['supported', 20]);
    assert.ok(Math.abs(difference - 0.1) < 1e-9 && interval[0] <= difference && difference <= interval[1] && p < 0.001);
    assert.equal(verdict.differences.length, 20);
    assert.equal(verdicts, undefined);
    world.write('two.bnexp.json', { ...claiming, claim: [claim, { ...claim, by: 0.5 }] });
    const two = JSON.parse((await world.run('run', 'two.bnexp.json', '--seeds', '1-20', '--json', '--quiet')).out);
    assert.deepEqual(
      two.verdicts.map(({ outcome }: { outcome: string }) => outcome),
      ['supported', 'contradicted'],
    );
  });

  it('are omitted if an arm of the claim is not run', async () => {
    const { out } = await world.run('run', 'small.bnexp.json', '--arm', 'without', '--json', '--quiet');
    assert.equal(JSON.parse(out).verdict, undefined);
  });

  /** A run folder of the experiment, with the summaries of all but the given runs. */
  function keep(file: object, { without = 0, engine = '0.1.0' } = {}): string {
    const { plan } = readExperiment(JSON.stringify(file), { seeds: Array.from({ length: 20 }, (_, k) => k + 1) });
    assert.ok(plan);
    const folder = join(world.cwd, 'kept');
    mkdirSync(folder);
    writeIndex(folder, indexOf(plan, 'small.bnexp.json', engine));
    for (const run of plan.runs.slice(without)) {
      const summary = summaryOf(run.arm, run.seed);
      beginRun(folder, run);
      writeSummary(folder, run, { ...summary, ...world.script.outcome?.(summary) });
    }
    return 'kept';
  }

  it('are computed from a run folder', async () => {
    const { code, out, err } = await world.run('verdict', keep(claiming));
    assert.equal(code, 0);
    assert.match(out, /^Small\n\n✔ supported {2}BatchNorm is better/);
    assert.equal(err, '');
  });

  it('of an incomplete run folder list the missing runs', async () => {
    const { code, out } = await world.run('verdict', keep(claiming, { without: 3 }));
    assert.equal(code, 0);
    assert.match(out, /~ undecided/);
    assert.match(out, /2 pairs lack a run that has ended/);
  });

  it('of a folder from a different version are computed, with a warning', async () => {
    const { code, out, err } = await world.run('verdict', keep(claiming, { engine: '0.0.9' }), '--json');
    assert.equal(code, 0);
    assert.match(err, /kept was run by version 0\.0\.9; this is /);
    assert.equal(JSON.parse(out)[0].outcome, 'supported');
  });

  it('are refused for folders without a claim and for other folders', async () => {
    const none = await world.run('verdict', keep(small));
    assert.equal(none.code, 2);
    assert.match(none.err, /has no claim: add a "claim" to its file/);
    const nowhere = await world.run('verdict', 'nowhere');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /nowhere is not a run folder: it does not exist/);
  });

  for (const [what, change, place, message] of [
    ['steps to nothing', { take: 'stepsTo' }, 'take', /"stepsTo" requires the value to reach: add "reach"/],
    ['a value to reach at the end', { reach: 0.9 }, 'reach', /"reach" requires "take": "stepsTo"/],
    ['better and alike', { within: 0.1 }, 'within', /a claim cannot have both "by" and "within"/],
  ] as const) {
    it(`are refused at their place: ${what}`, async () => {
      world.write('wrong.bnexp.json', { ...claiming, claim: { ...claim, ...change } });
      const { code, err } = await world.run('check', 'wrong.bnexp.json');
      assert.equal(code, 2);
      assert.match(err, message);
      const [line] = /(?<=:)\d+(?=:)/.exec(err) ?? [];
      assert.ok(
        line &&
          readFileSync(join(world.cwd, 'wrong.bnexp.json'), 'utf8')
            .split('\n')
            [Number(line) - 1].includes(`"${place}"`),
        err,
      );
    });
  }
});
