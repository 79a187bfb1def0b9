import assert from 'node:assert/strict';
import { joinFrames, MessageBatch } from '../../../src/extension/messageBatch';
import type { NewFrames, SessionMessage, Status, ToPanel } from '../../../src/protocol';

const frames = (run: string, steps: number[], values: number[]): NewFrames => ({
  type: 'frames',
  session: 's',
  run,
  frames: { steps: Uint32Array.from(steps), values: Float32Array.from(values) },
  histograms: { steps: Uint32Array.from(steps), shares: Uint16Array.from(values, (value) => 100 * value) },
  predictions: {
    steps: Uint32Array.from(steps),
    surfaces: Uint8Array.from(values),
    examples: Uint8Array.from(steps),
    confusions: Uint32Array.from(values),
  },
});
const status = (secondsLeft: number): Status => ({
  type: 'status',
  session: 's',
  state: 'running',
  secondsLeft,
  runs: [],
});

const channels: ToPanel & SessionMessage = {
  type: 'channels',
  session: 's',
  run: 'a',
  channels: [],
  places: [],
  scene: null,
};

describe('a batch of messages to the panel', () => {
  it('joins the frames of each run in order', () => {
    const batch = new MessageBatch();
    batch.add(frames('a', [0], [1, 2]));
    batch.add(frames('b', [0], [9]));
    batch.add(frames('a', [5, 10], [3, 4, 5, 6]));
    assert.deepEqual(batch.drain(), [frames('a', [0, 5, 10], [1, 2, 3, 4, 5, 6]), frames('b', [0], [9])]);
  });

  it('sends channels before their frames and the latest status alone, at the end', () => {
    const batch = new MessageBatch();
    batch.add(status(9));
    batch.add(frames('b', [0], [1]));
    batch.add(channels);
    batch.add(frames('a', [0], [1]));
    batch.add(status(8));
    assert.deepEqual(
      batch.drain().map(({ type }) => type),
      ['channels', 'frames', 'frames', 'status'],
    );
    batch.add(status(7));
    assert.deepEqual(batch.drain(), [status(7)]);
    assert.deepEqual(batch.drain(), []);
  });

  it('sends no frames of channels that are replaced', () => {
    const batch = new MessageBatch();
    batch.add(channels);
    batch.add(frames('a', [0, 5], [1, 2]));
    batch.add(channels);
    batch.add(frames('a', [0], [3]));
    assert.deepEqual(batch.drain(), [channels, frames('a', [0], [3])]);
  });

  it('sends tags and values in their order, before the status', () => {
    const batch = new MessageBatch();
    const values = { type: 'values', session: 's', run: 'a', tag: 0 } as const;
    const [first, second] = [0, 1].map((from) => ({
      ...values,
      from,
      steps: Float64Array.of(from),
      values: Float64Array.of(from),
      times: Float64Array.of(from),
    }));
    const tags: ToPanel & SessionMessage = {
      type: 'tags',
      session: 's',
      run: 'a',
      generation: 0,
      tags: [{ tag: 0, name: 'loss' }],
    };
    batch.add(tags);
    batch.add(first);
    batch.add(status(1));
    batch.add(second);
    assert.deepEqual(batch.drain(), [tags, first, second, status(1)]);
  });

  it('copies a small view of a larger buffer', () => {
    const large = new Float32Array(1000);
    const batch = new MessageBatch();
    batch.add({ ...frames('a', [3], []), frames: { steps: Uint32Array.of(3), values: large.subarray(10, 12) } });
    const [message] = batch.drain() as NewFrames[];
    assert.equal(message.frames.values.buffer.byteLength, 8);
  });

  it('joins nothing to an empty block', () => {
    assert.deepEqual(joinFrames([]), { steps: new Uint32Array(0), values: new Float32Array(0) });
  });
});
