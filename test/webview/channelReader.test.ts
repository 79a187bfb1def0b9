/** Channels of a run, and ratios of two, by frame. */
import assert from 'node:assert/strict';
import { channelReader, ratioOf } from '../../webview/session/channelReader';
import { Store } from '../../webview/session/store';
import { FakeSession } from './fakeSession';

describe('the reader of a channel', () => {
  const store = new Store((problem) => assert.fail(problem));
  store.apply(new FakeSession().hydrate(100));
  const [run] = store.session?.runs.values() ?? [];
  const [update, norm] = ['hidden1/weights/updateNorm', 'hidden1/weights/norm'];
  const at = (channel: string, frame: number) => channelReader(run, channel)?.at(frame) ?? Number.NaN;

  it('reads a channel, or the ratio of two', () => {
    assert.ok(at(update, 2) > 0 && at(norm, 2) > 0);
    assert.equal(at(ratioOf(update, norm), 2), at(update, 2) / at(norm, 2));
  });

  it('has different keys for different numbers, and nothing for a channel that the run does not have', () => {
    const keys = [update, norm, ratioOf(update, norm), ratioOf(norm, update)].map(
      (channel) => channelReader(run, channel)?.key,
    );
    assert.equal(new Set(keys).size, 4);
    for (const channel of ['none', ratioOf('none', norm), ratioOf(norm, 'none')]) {
      assert.equal(channelReader(run, channel), undefined);
    }
  });
});
