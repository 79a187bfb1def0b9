/** Workers that are used after a self-check, and their replacements if it fails. */
import assert from 'node:assert/strict';
import type { FromWorker, ToWorker } from '../../../../src/protocol';
import { type Checked, type Connect, checkedWorkers } from '../../../../src/runs/worker/checkedWorkers';
import type { StartWorker } from '../../../../src/runs/worker/worker';

interface Connection {
  check: boolean;
  posted: ToWorker['type'][];
  terminated: boolean;
  report(message: FromWorker | Checked): void;
  die(cause: string): void;
}

function setting() {
  const connections: Connection[] = [];
  const connect: Connect = (listener, check) => {
    const connection: Connection = {
      check,
      posted: [],
      terminated: false,
      report: listener.onMessage,
      die: listener.onDeath,
    };
    connections.push(connection);
    return {
      post: ({ type }) => connection.posted.push(type),
      terminate: () => {
        connection.terminated = true;
      },
    };
  };
  const fallbacks: { posted: ToWorker['type'][]; terminated: boolean }[] = [];
  const fallback: StartWorker = () => {
    const worker = { posted: [] as ToWorker['type'][], terminated: false };
    fallbacks.push(worker);
    return {
      post: ({ type }) => worker.posted.push(type),
      terminate: () => {
        worker.terminated = true;
      },
    };
  };
  const causes: string[] = [];
  const start = checkedWorkers(connect, fallback, (cause) => causes.push(cause));
  const deaths: string[] = [];
  const messages: string[] = [];
  const worker = () => start({ onMessage: ({ type }) => messages.push(type), onDeath: (cause) => deaths.push(cause) });
  return { connections, fallbacks, causes, deaths, messages, worker };
}

const pause: ToWorker = { type: 'pause' };
const cancel: ToWorker = { type: 'cancel' };

describe('workers with a self-check', () => {
  it('get messages after the check has passed, and later workers without one', () => {
    const { connections, causes, worker } = setting();
    const first = worker();
    first.post(pause);
    assert.deepEqual(connections[0].posted, []);
    connections[0].report({ type: 'checked', sound: true });
    first.post(cancel);
    assert.deepEqual(connections[0].posted, ['pause', 'cancel']);
    worker().post(pause);
    assert.equal(connections[1].check, false);
    assert.deepEqual(connections[1].posted, ['pause']);
    assert.deepEqual(causes, []);
  });

  it('are replaced if the bits differ, with every message already sent', () => {
    const { connections, fallbacks, causes, deaths, worker } = setting();
    const [first, second] = [worker(), worker()];
    first.post(pause);
    second.post(cancel);
    for (const { report } of connections) report({ type: 'checked', sound: false });
    first.post(cancel);
    assert.deepEqual(
      fallbacks.map(({ posted }) => posted),
      [['pause', 'cancel'], ['cancel']],
    );
    assert.ok(connections.every(({ terminated }) => terminated));
    worker().post(pause);
    assert.equal(connections.length, 2);
    assert.deepEqual(fallbacks[2].posted, ['pause']);
    assert.deepEqual(causes, ['its 256-bit registers computed different bits in a self-check']);
    assert.deepEqual(deaths, []);
  });

  it('are replaced if they do not start', () => {
    const { connections, fallbacks, causes, deaths, worker } = setting();
    worker().post(pause);
    connections[0].die('its process cannot be started (EPERM)');
    assert.deepEqual(fallbacks[0].posted, ['pause']);
    assert.deepEqual(causes, ['its process cannot be started (EPERM)']);
    assert.deepEqual(deaths, []);
  });

  it('report death as usual after the check has passed', () => {
    const { connections, fallbacks, deaths, worker } = setting();
    worker();
    connections[0].report({ type: 'checked', sound: true });
    connections[0].die('its worker died');
    assert.deepEqual(deaths, ['its worker died']);
    assert.deepEqual(fallbacks, []);
  });

  it('start nothing after they are terminated', () => {
    const { connections, fallbacks, worker } = setting();
    const first = worker();
    first.post(pause);
    first.terminate();
    connections[0].die('its worker ended');
    connections[0].report({ type: 'checked', sound: false });
    assert.ok(connections[0].terminated);
    assert.deepEqual(fallbacks, []);
  });
});
