/** The pool, with scripted workers. */
import assert from 'node:assert/strict';
import type { Run } from '../../../src/experiment/plan';
import type { FromWorker, RunSummary, StartRun, ToWorker } from '../../../src/protocol';
import { systemClock } from '../../../src/runs/session/clock';
import { Pool } from '../../../src/runs/session/pool';
import type { WorkerListener } from '../../../src/runs/worker/worker';
import { planOf, small } from './support/experiments';

class FakeWorker {
  readonly heard: ToWorker['type'][] = [];
  run: Run | null = null;
  terminated = false;
  constructor(readonly listener: WorkerListener) {}
  post(message: ToWorker): void {
    assert.ok(!this.terminated, 'a terminated worker gets no messages');
    this.heard.push(message.type);
    if (message.type === 'start') this.run = message.run;
  }
  terminate(): void {
    this.terminated = true;
  }
  end(status: RunSummary['status'] = 'completed'): void {
    const run = this.run as Run;
    this.listener.onMessage({ type: 'ended', id: run.id, summary: { status } as RunSummary });
  }
}

function pooled(jobs: number, refuse?: string) {
  const workers: FakeWorker[] = [];
  const events: string[] = [];
  const { runs } = planOf(small);
  const pool = new Pool(
    runs,
    jobs,
    {
      startWorker: (listener) => {
        workers.push(new FakeWorker(listener));
        return workers.at(-1) as FakeWorker;
      },
      clock: systemClock,
    },
    (run) => {
      if (run.id === refuse) throw new Error('no room');
      return { type: 'start', run, files: {}, logFolder: null, sendFrames: false } satisfies StartRun;
    },
    {
      onStart: (run) => events.push(`start ${run.id}`),
      onMessage: (run, message: FromWorker) => events.push(`${message.type} ${run.id}`),
      onDeath: (run, cause) => events.push(`death ${run.id}: ${cause}`),
      onDrop: (run) => events.push(`drop ${run.id}`),
      onEnd: () => events.push('end'),
    },
  );
  const alive = () => workers.filter(({ terminated }) => !terminated);
  return { pool, workers, events, alive, ids: runs.map(({ id }) => id) };
}

describe('the pool', () => {
  it('runs everything in the order of the plan, N runs at a time', () => {
    const { pool, workers, events, alive, ids } = pooled(2);
    pool.start();
    assert.equal(workers.length, 2);
    for (let k = 0; k < ids.length; k++) {
      const busy = alive();
      assert.ok(busy.length <= 2);
      busy[0].end();
    }
    assert.deepEqual(
      events.filter((line) => line.startsWith('start')).map((line) => line.slice(6)),
      ids,
    );
    assert.equal(events.at(-1), 'end');
    assert.equal(events.filter((line) => line === 'end').length, 1);
    assert.equal(alive().length, 0);
  });

  it('starts no more workers than runs', () => {
    const { pool, workers, ids } = pooled(50);
    pool.start();
    assert.equal(workers.length, ids.length);
  });

  it('replaces a worker that dies, and loses only its run', () => {
    const { pool, workers, events, alive, ids } = pooled(1);
    pool.start();
    workers[0].terminated = true;
    workers[0].listener.onDeath('it fell');
    for (let k = 1; k < ids.length; k++) alive()[0].end();
    assert.ok(events.includes(`death ${ids[0]}: it fell`));
    assert.equal(events.filter((line) => line.startsWith('ended')).length, ids.length - 1);
    assert.equal(events.at(-1), 'end');
  });

  it('finishes if every worker dies', () => {
    const { pool, workers, events, ids } = pooled(2);
    pool.start();
    for (let k = 0; k < workers.length; k++) {
      workers[k].terminated = true;
      workers[k].listener.onDeath('it fell');
    }
    assert.equal(events.filter((line) => line.startsWith('death')).length, ids.length);
    assert.equal(events.at(-1), 'end');
  });

  it('counts a run that cannot be started as lost, and continues', () => {
    const { ids } = pooled(1);
    const { pool, events, alive } = pooled(1, ids[2]);
    pool.start();
    while (alive().length > 0) alive()[0].end();
    assert.ok(events.includes(`death ${ids[2]}: no room`));
    assert.equal(events.filter((line) => line.startsWith('ended')).length, ids.length - 1);
  });

  it('starts the first of later runs beside the others, and the rest in the next free places', () => {
    const { pool, workers, events, alive, ids } = pooled(2);
    pool.start();
    const late = planOf({ ...small, name: 'Later', arms: { a: {}, b: { training: { steps: 9 } } } }).runs.slice(0, 3);
    pool.add(late);
    assert.equal(alive().length, 3);
    assert.equal(events.at(-1), `start ${late[0].id}`);
    workers[2].end();
    assert.equal(alive().length, 2, 'no more workers than requested');
    workers[0].end();
    assert.equal(events.at(-1), `start ${late[1].id}`);
    workers[1].end();
    assert.equal(events.at(-1), `start ${late[2].id}`);
    workers[0].end();
    assert.equal(events.at(-1), `start ${ids[2]}`);
    pool.cancel();
    for (const worker of alive()) worker.end('cancelled');
    assert.equal(events.at(-1), 'end');
  });

  it('starts nothing while it is paused', () => {
    const { pool, workers, events, ids } = pooled(1);
    pool.start();
    pool.pause();
    workers[0].end();
    assert.deepEqual(events, [`start ${ids[0]}`, `ended ${ids[0]}`]);
    pool.resume();
    assert.equal(events.at(-1), `start ${ids[1]}`);
    assert.deepEqual(workers[0].heard, ['start', 'pause', 'resume', 'start']);
  });

  it('cancels running runs and drops waiting ones, paused or not', () => {
    for (const paused of [false, true]) {
      const { pool, workers, events, alive, ids } = pooled(2);
      pool.start();
      if (paused) pool.pause();
      pool.cancel();
      assert.deepEqual(
        events.slice(2),
        ids.slice(2).map((id) => `drop ${id}`),
      );
      for (const worker of workers) {
        assert.equal(worker.heard.at(-1), 'cancel');
        worker.end('cancelled');
      }
      assert.equal(events.at(-1), 'end');
      assert.equal(alive().length, 0);
    }
  });
});
