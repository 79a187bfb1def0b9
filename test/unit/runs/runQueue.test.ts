/** The queue of experiments, with a host that runs them by name. */
import assert from 'node:assert/strict';
import { RunQueue } from '../../../src/runs/session/runQueue';

function queued() {
  const events: string[] = [];
  let current: string | null = 'first';
  const broken = new Set<string>();
  const loading: { file?: string } = {};
  let changes = 0;
  const queue: RunQueue<string> = new RunQueue<string>({
    isFree: () => current === null,
    preparing: () => loading.file,
    start: async (name) => {
      if (broken.has(name)) throw new Error(`${name} has no data`);
      current = name;
      events.push(`start ${name}`);
    },
    stop: async () => end(),
    changed: () => changes++,
    failed: (error) => events.push(`failed: ${(error as Error).message}`),
  });
  function end() {
    if (current === null) return;
    events.push(`end ${current}`);
    current = null;
    queue.advance();
  }
  const add = (name: string, file = `${name}.bnexp.json`) => queue.add(name, file, name);
  const names = () => queue.experiments.map(({ name }) => name);
  return { queue, events, end, add, names, broken, loading, changes: () => changes };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue', () => {
  it('lets an experiment wait while the one before loads its data, and starts one of the same file once', async () => {
    const { queue, events, end, names, loading } = queued();
    const startNow = (name: string) => queue.startNow(name, `${name}.bnexp.json`, name);
    await startNow('second');
    assert.deepEqual(events, ['end first', 'start second']);
    loading.file = 'second.bnexp.json';
    await startNow('second');
    await startNow('third');
    assert.deepEqual(names(), ['third']);
    loading.file = undefined;
    end();
    await settled();
    assert.deepEqual(events.slice(2), ['end second', 'start third']);
  });

  it('runs experiments in their order, each when the one before has finished', async () => {
    const { queue, events, end, add, names } = queued();
    add('second');
    add('third');
    assert.deepEqual(names(), ['second', 'third']);
    assert.deepEqual(events, []);
    end();
    await settled();
    assert.deepEqual(names(), ['third']);
    end();
    await settled();
    end();
    assert.deepEqual(events, ['end first', 'start second', 'end second', 'start third', 'end third']);
    assert.equal(queue.experiments.length, 0);
  });

  it('moves an experiment forward, and starts one before the others', async () => {
    const { queue, events, end, add, names } = queued();
    add('second');
    add('third');
    const id = add('fourth');
    queue.moveUp(id);
    assert.deepEqual(names(), ['second', 'fourth', 'third']);
    queue.moveUp(id);
    queue.moveUp(id);
    queue.moveUp('unknown');
    assert.deepEqual(names(), ['fourth', 'second', 'third']);
    await queue.runNow(queue.experiments[2].id);
    await queue.runNow('unknown');
    assert.deepEqual(events, ['end first', 'start third']);
    assert.deepEqual(queue.starts, ['fourth', 'second']);
    end();
    await settled();
    assert.deepEqual(events.slice(2), ['end third', 'start fourth']);
  });

  it('starts an experiment at once if nothing runs', () => {
    const { events, end, add, names } = queued();
    end();
    add('second');
    assert.deepEqual(events, ['end first', 'start second']);
    assert.deepEqual(names(), []);
  });

  it('contains a file once, with its newest text in its first place', () => {
    const { add, names } = queued();
    add('second', 'a.bnexp.json');
    add('third', 'b.bnexp.json');
    add('second, edited', 'a.bnexp.json');
    assert.deepEqual(names(), ['second, edited', 'third']);
  });

  it('drops what is removed, and everything when the window closes', async () => {
    const { queue, events, end, add, names, changes } = queued();
    add('second');
    add('third');
    queue.remove(queue.experiments[0].id);
    assert.deepEqual(names(), ['third']);
    assert.equal(changes(), 3);
    queue.clear();
    end();
    await settled();
    assert.deepEqual(events, ['end first']);
  });

  it('reports an experiment that cannot start, and starts the one after it', async () => {
    const { events, end, add, broken } = queued();
    add('second');
    add('third');
    broken.add('second');
    end();
    await settled();
    assert.deepEqual(events, ['end first', 'failed: second has no data', 'start third']);
  });

  it('waits for an experiment that takes the place of the current one', async () => {
    const { queue, events, add, names } = queued();
    add('second');
    await queue.replaceCurrent(async () => {
      events.push('start urgent');
    });
    assert.deepEqual(events.slice(0, 2), ['end first', 'start urgent']);
    // Nothing ran in the host after all, so the queue goes on.
    assert.deepEqual(events.slice(2), ['start second']);
    assert.deepEqual(names(), []);
  });

  it('goes on if that experiment cannot start', async () => {
    const { queue, events, add } = queued();
    add('second');
    await assert.rejects(
      queue.replaceCurrent(async () => {
        throw new Error('no data');
      }),
      /no data/,
    );
    assert.deepEqual(events, ['end first', 'start second']);
  });
});
