/** Arrays in shared memory that are passed between processes. */
import assert from 'node:assert/strict';
import { SharedArraySender, SharedArrays } from '../../../../src/runs/worker/sharedArrays';

describe('shared arrays', () => {
  it('are sent once, and restored in shared memory at every place', () => {
    const memory = new SharedArrayBuffer(16);
    new Float32Array(memory).set([1, 2, 3, 4]);
    const bytes = new Uint8Array(memory);
    const part = new Float32Array(memory, 4, 2);
    const own = Float64Array.of(5);
    const message = { files: { a: { bytes }, b: { bytes } }, list: [part, null, 'text', 7], own };

    const receiver = new SharedArrays();
    let sent = 0;
    const sender = new SharedArraySender((id, content) => {
      sent++;
      receiver.add(id, structuredClone(content));
    });
    const restored = receiver.restored(structuredClone(sender.referring(message)));
    sender.referring(message);
    assert.equal(sent, 1);
    assert.deepEqual(restored, message);
    assert.ok(restored.files.a.bytes.buffer instanceof SharedArrayBuffer);
    assert.equal(restored.files.a.bytes.buffer, restored.files.b.bytes.buffer);
    assert.equal(restored.own.buffer instanceof SharedArrayBuffer, false);
  });
});
