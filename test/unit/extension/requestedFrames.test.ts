/** What the page gets for a run whose frames it requests. */
import assert from 'node:assert/strict';
import { requestedFrames } from '../../../src/extension/requestedFrames';
import { FakeSession } from '../../webview/fakeSession';

describe('frames that the page requests', () => {
  const [run] = new FakeSession().hydrate(100).runs;
  const types = (stored: typeof run | null, evicted?: 'saved') =>
    requestedFrames({ frames: () => stored }, { id: run.id, ...(evicted && { evicted }) }, 'one').map(
      ({ type }) => type,
    );

  it('are sent after their channels', () => {
    assert.deepEqual(types(run), ['channels', 'frames']);
    assert.deepEqual(types({ ...run, channels: [] }), []);
  });

  it('are reported if they should be on disk and cannot be read', () => {
    assert.deepEqual(types(null, 'saved'), ['unreadable']);
    assert.deepEqual(types(null), []);
  });
});
