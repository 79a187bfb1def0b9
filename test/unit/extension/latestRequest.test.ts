/** Only the last request counts, in whatever order they finish. */
import assert from 'node:assert/strict';
import { LatestRequest, type Watch } from '../../../src/extension/latestRequest';

/** Requests that the test finishes itself. */
function requested() {
  const reports: (number | null)[] = [];
  const latest = new LatestRequest<number>((progress) => reports.push(progress));
  const start = () => {
    let resolve: (value: string) => void = () => {};
    let reject: (error: Error) => void = () => {};
    let watch: Watch<number> | undefined;
    const result = latest.make((own) => {
      watch = own;
      return new Promise<string>((done, fail) => {
        resolve = done;
        reject = fail;
      });
    });
    return { result, resolve, reject, watch: watch as unknown as Watch<number> };
  };
  return { latest, reports, start };
}

describe('the latest request', () => {
  it('has a result', async () => {
    const { start, reports } = requested();
    const request = start();
    request.watch.report(0.5);
    request.resolve('a');
    assert.equal(await request.result, 'a');
    assert.deepEqual(
      reports.filter((report, k) => report !== null || k === reports.length - 1),
      [0.5, null],
    );
  });

  it('wins if an earlier one finishes after it, which is cancelled and whose progress is not shown', async () => {
    const { start, reports } = requested();
    const [large, small] = [start(), start()];
    assert.deepEqual([large.watch.isWanted(), small.watch.isWanted()], [false, true]);
    large.watch.report(0.9);
    small.watch.report(0.1);
    assert.deepEqual(
      reports.filter((report) => report !== null),
      [0.1],
    );
    small.resolve('small');
    assert.equal(await small.result, 'small');
    large.resolve('large');
    assert.equal(await large.result, undefined);
  });

  it('shows its own progress after an earlier one has ended', async () => {
    const { start, reports } = requested();
    const [large, small] = [start(), start()];
    small.watch.report(0.1);
    large.resolve('large');
    await large.result;
    assert.equal(reports.at(-1), 0.1);
    small.resolve('small');
    await small.result;
  });

  it('fails alone: the error of an earlier one is ignored', async () => {
    const { start } = requested();
    const [large, small] = [start(), start()];
    large.reject(new Error('large is damaged'));
    assert.equal(await large.result, undefined);
    small.reject(new Error('small is damaged'));
    await assert.rejects(small.result, /small is damaged/);
  });

  it('can be cancelled', async () => {
    const { latest, start, reports } = requested();
    const request = start();
    request.watch.report(0.5);
    latest.cancel();
    assert.equal(reports.at(-1), null);
    assert.equal(request.watch.isWanted(), false);
    request.resolve('a');
    assert.equal(await request.result, undefined);
  });
});
