/** A suite that kills its extension host. The workbench then reports success, but the run must fail. */
describe('a suite that kills its host', () => {
  it('kills it', async () => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
});
