/** Training at a pace: limits that rise with time, groups that advance together, and results that stay the same. */
import assert from 'node:assert/strict';
import { type PacedRun, Pacer, pacedPlaces } from '../../../src/runs/session/pacer';
import { planOf, small } from './support/experiments';
import { FakeClock } from './support/fakeClock';
import { outcome, sessionOf, settled } from './support/inProcess';

describe('a pace', () => {
  /** A pacer with runs whose workers train up to each limit at once, except those in `slow`, which stay at their step. */
  function paced(pace: number | null) {
    const clock = new FakeClock();
    const pacer = new Pacer(clock);
    pacer.setPace(pace);
    const slow = new Set<string>();
    const limits = new Map<string, (number | null)[]>();
    const runs = new Map<string, PacedRun>();
    const add = (name: string, group = 'seed 1', from = 0) => {
      limits.set(name, []);
      const run = pacer.add(group, from, (limit) => {
        limits.get(name)?.push(limit);
        const own = runs.get(name);
        if (own && limit !== null && !slow.has(name)) own.step = Math.max(own.step, limit);
      });
      runs.set(name, run);
      return run;
    };
    const last = (name: string) => limits.get(name)?.at(-1);
    return { clock, pacer, slow, add, last, limits };
  }

  it('raises the limit of a run by its steps per second', () => {
    const { clock, add, last } = paced(100);
    add('a');
    assert.equal(last('a'), 0);
    clock.advance(1000);
    assert.equal(last('a'), 100);
    clock.advance(9000);
    assert.equal(last('a'), 1000);
  });

  it('below a step per beat trains single steps', () => {
    const { clock, add, limits } = paced(4);
    add('a');
    clock.advance(1100);
    assert.deepEqual(limits.get('a'), [0, 1, 2, 3, 4]);
  });

  it('limits nothing at full speed, and needs no timer', () => {
    const { clock, add, limits } = paced(null);
    add('a');
    clock.advance(1000);
    assert.deepEqual(limits.get('a'), []);
    assert.equal(clock.waiting, 0);
  });

  it('does not catch up after a stall', () => {
    const { clock, add, last } = paced(100);
    add('a');
    clock.advance(1000);
    clock.stall(5000);
    assert.equal(last('a'), 125);
  });

  it('lets no run get further than a quarter of a second ahead of its group, which others do not wait for', () => {
    const { clock, slow, add, last } = paced(100);
    slow.add('b');
    add('a');
    const b = add('b');
    add('c', 'seed 2');
    clock.advance(2000);
    assert.deepEqual([last('a'), last('b'), last('c')], [25, 25, 200]);
    b.step = 20;
    clock.advance(1000);
    assert.deepEqual([last('a'), last('b'), last('c')], [45, 45, 300]);
  });

  it('no longer waits for a run that has ended', () => {
    const { clock, pacer, slow, add, last } = paced(100);
    slow.add('b');
    add('a');
    const b = add('b');
    clock.advance(2000);
    pacer.remove(b);
    clock.advance(1000);
    assert.equal(last('a'), 125);
  });

  it('lets a fork repeat the steps that it shares at full speed', () => {
    const { clock, slow, add, last } = paced(100);
    slow.add('fork');
    const fork = add('fork', 'fork', 500);
    assert.equal(last('fork'), 500);
    clock.advance(2000);
    assert.equal(last('fork'), 500, 'it has not repeated them yet');
    fork.step = 500;
    clock.advance(200);
    assert.equal(last('fork'), 520);
  });

  it('stands still while paused, and goes on from single steps', () => {
    const { clock, pacer, add, last } = paced(100);
    const run = add('a');
    clock.advance(1000);
    pacer.pause();
    clock.advance(5000);
    assert.equal(last('a'), 100);
    assert.equal(clock.waiting, 0);
    run.step = 103;
    pacer.resume();
    clock.advance(1000);
    assert.equal(last('a'), 203);
  });

  it('can be chosen while runs train, and given up', () => {
    const { clock, pacer, add, last } = paced(null);
    const run = add('a');
    run.step = 700;
    pacer.setPace(100);
    assert.equal(last('a'), 700);
    clock.advance(1000);
    assert.equal(last('a'), 800);
    pacer.setPace(200);
    clock.advance(1000);
    assert.equal(last('a'), 1000);
    pacer.setPace(null);
    assert.equal(last('a'), null);
    assert.equal(clock.waiting, 0);
  });

  it('trains whole groups, at least one', () => {
    assert.deepEqual(
      [
        [1, 2],
        [2, 2],
        [5, 2],
        [8, 3],
        [4, 1],
      ].map(([jobs, groupSize]) => pacedPlaces(jobs, groupSize)),
      [2, 2, 4, 6, 4],
    );
  });

  describe('of a session', () => {
    const plan = planOf(small);

    /** Moves the clock until the session has finished, and notes the steps of the runs at each beat. */
    async function train(clock: FakeClock, { session }: ReturnType<typeof sessionOf>, beats = 1e4) {
      const steps: { id: string; seed: number; step: number; status: string }[][] = [];
      for (let beat = 0; beat < beats && session.state === 'running'; beat++) {
        clock.advance(50);
        await settled();
        steps.push(session.status().runs.map(({ id, seed, step, status }) => ({ id, seed, step, status })));
      }
      return steps;
    }

    it('lets the arms of a seed advance together, one seed after the other, with the same results', async () => {
      const free = sessionOf(plan);
      free.session.start();
      const expected = await free.session.ended;

      const clock = new FakeClock();
      const own = sessionOf(plan, { clock, jobs: 1, pace: 100 });
      own.session.start();
      const steps = await train(clock, own);
      assert.equal(own.session.state, 'finished');
      for (const runs of steps) {
        const training = runs.filter(({ status }) => status === 'running');
        assert.ok(new Set(training.map(({ seed }) => seed)).size <= 1, JSON.stringify(runs));
        const at = training.map(({ step }) => step);
        if (at.length === 2) assert.ok(Math.abs(at[0] - at[1]) <= 25, JSON.stringify(runs));
      }
      // 60 steps at 100 steps per second, three times.
      assert.ok(clock.now() >= 1800 && clock.now() < 2300, String(clock.now()));
      const results = await own.session.ended;
      assert.deepEqual(results.map(outcome), expected.map(outcome));
    });

    it('reports its pace and the time that it takes', async () => {
      const clock = new FakeClock();
      const own = sessionOf(plan, { clock, jobs: 2, pace: 100 });
      own.session.start();
      assert.equal(own.session.hydration().pace, 100);
      await train(clock, own, 6);
      const status = own.session.status();
      assert.equal(status.pace, 100);
      const [first] = status.runs;
      assert.ok(first.step > 20 && first.step < 35, String(first.step));
      assert.ok(first.stepsPerSecond > 0 && first.stepsPerSecond <= 100, String(first.stepsPerSecond));
      const left = status.secondsLeft as number;
      assert.ok(left >= 1.4 && left < 1.7, String(left));
      own.session.setPace(null);
      assert.equal(own.session.status().pace, undefined);
      await own.session.ended;
      assert.equal(own.session.state, 'finished');
      assert.equal(clock.waiting, 0);
    });

    it('waits while the session is paused', async () => {
      const clock = new FakeClock();
      const own = sessionOf(plan, { clock, jobs: 2, pace: 100 });
      own.session.start();
      await train(clock, own, 6);
      own.session.pause();
      await settled();
      const before = own.session.status().runs.map(({ step }) => step);
      clock.advance(5000);
      await settled();
      assert.deepEqual(
        own.session.status().runs.map(({ step }) => step),
        before,
      );
      own.session.step();
      await settled();
      assert.equal(own.session.status().runs[0].step, before[0] + 1);
      own.session.resume();
      await train(clock, own);
      assert.equal(own.session.state, 'finished');
    });

    it('is refused if it is not above 0', () => {
      const { session } = sessionOf(plan);
      for (const pace of [0, -1, Number.NaN]) assert.throws(() => session.setPace(pace), /a pace is a number above 0/);
    });
  });
});
