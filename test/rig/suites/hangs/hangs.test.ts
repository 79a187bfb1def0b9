/** A suite that never ends: the run must be ended from outside, and fail. */
describe('a suite that hangs', () => {
  it('never ends', async function () {
    this.timeout(0);
    await new Promise(() => {});
  });
});
