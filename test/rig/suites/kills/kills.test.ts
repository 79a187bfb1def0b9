/** A suite that kills its extension host, after which the workbench reports success: the run must fail all the same. */
describe('a suite that kills its host', () => {
  it('kills it', async () => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
});
