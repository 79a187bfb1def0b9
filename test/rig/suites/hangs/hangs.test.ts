/** A suite that never ends: the rig must end the run and report failure. */
describe('a suite that hangs', () => {
  it('never ends', async function () {
    this.timeout(0);
    await new Promise(() => {});
  });
});
