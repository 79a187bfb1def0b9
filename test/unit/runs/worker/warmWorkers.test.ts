/** Workers that are started ahead of time: each is given once, and one that dies while it waits is replaced without a word. */
import assert from 'node:assert/strict';
import type { FromWorker, ToWorker } from '../../../../src/protocol';
import { HostWorkers, WarmWorkers } from '../../../../src/runs/worker/warmWorkers';
import type { WorkerListener } from '../../../../src/runs/worker/worker';

class Made {
  readonly posted: ToWorker[] = [];
  terminated = false;
  constructor(readonly listener: WorkerListener) {}
  post(message: ToWorker): void {
    this.posted.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
}

describe('warm workers', () => {
  let made: Made[] = [];
  let workers: WarmWorkers;
  beforeEach(() => {
    made = [];
    workers = new WarmWorkers((listener) => {
      const worker = new Made(listener);
      made.push(worker);
      return worker;
    });
  });
  const listen = () => {
    const heard: unknown[] = [];
    const listener = {
      onMessage: (message: FromWorker) => heard.push(message),
      onDeath: (cause: string) => heard.push(cause),
    };
    return { heard, listener };
  };
  const progress: FromWorker = { type: 'progress', id: 'a/seed-1', step: 1, stepsPerSecond: 1 };

  it('give the worker that waits once, with its messages and its death', () => {
    workers.warm();
    workers.warm();
    assert.equal(made.length, 1);
    const { heard, listener } = listen();
    assert.equal(workers.start(listener), made[0]);
    made[0].listener.onMessage(progress);
    made[0].listener.onDeath('it was killed');
    assert.deepEqual(heard, [progress, 'it was killed']);
    assert.equal(workers.start(listen().listener), made[1]);
  });

  it('start a new one if it died while it waited', () => {
    workers.warm();
    made[0].listener.onDeath('it was killed');
    const { heard, listener } = listen();
    assert.equal(workers.start(listener), made[1]);
    assert.deepEqual(heard, []);
  });

  it('end the worker that waits, but not one that was given', () => {
    workers.warm();
    workers.start(listen().listener);
    workers.warm();
    workers.cool();
    assert.deepEqual(
      made.map(({ terminated }) => terminated),
      [false, true],
    );
    assert.equal(workers.start(listen().listener), made[2]);
  });

  it('are the same for the same registers, and all of a host end together', () => {
    const asked: string[] = [];
    const host = new HostWorkers((registers) => {
      asked.push(registers);
      return (listener) => {
        made.push(new Made(listener));
        return made[made.length - 1];
      };
    });
    host.of('wide').warm();
    host.of('narrow').warm();
    host.of('wide').warm();
    assert.deepEqual(asked, ['wide', 'narrow']);
    assert.equal(made.length, 2);
    host.cool();
    assert.ok(made.every(({ terminated }) => terminated));
  });
});
