import assert from 'node:assert/strict';
import { joinFrames, MessageBatch } from '../../../src/extension/messageBatch';
import type { NewFrames, Status } from '../../../src/protocol';

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
    batch.add(frames('a', [0], [1]));
    batch.add({ type: 'channels', session: 's', run: 'a', channels: [], places: [], scene: null });
    batch.add(status(8));
    assert.deepEqual(
      batch.drain().map(({ type }) => type),
      ['channels', 'frames', 'status'],
    );
    batch.add(status(7));
    assert.deepEqual(batch.drain(), [status(7)]);
    assert.deepEqual(batch.drain(), []);
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
