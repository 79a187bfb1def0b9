/** The built threads: they work in the language of their host. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setEnvironmentData, Worker as Thread } from 'node:worker_threads';
import type { FromWorker, StartRun } from '../../../src/protocol';
import { inDataWorker } from '../../../src/runs/worker/startDataWorker';
import type { WorkerOptions } from '../../../src/runs/worker/startNodeWorker';
import { planOf, small, temporaryFolder } from './support/experiments';

const script = join(process.cwd(), 'dist/reader.js');
const spanish: Record<string, string> = JSON.parse(readFileSync('l10n/bundle.l10n.es.json', 'utf8'));

describe('a thread', () => {
  const folder = temporaryFolder();
  const useSpanish = () =>
    setEnvironmentData('batchnormLab.translation', join(process.cwd(), 'l10n/bundle.l10n.es.json'));
  afterEach(() => setEnvironmentData('batchnormLab.translation', undefined));

  it('that reads has its messages and the schema in the language of its host', async () => {
    const key = 'The optimizer. Default: `sgd` with learning rate {0}.';
    const start = (message: string) => message.slice(0, message.indexOf('{0}'));
    assert.ok((await inDataWorker(script, { kind: 'schema' })).includes(start(key)));
    useSpanish();
    const schema = await inDataWorker(script, { kind: 'schema' });
    assert.ok(schema.includes(start(spanish[key])) && !schema.includes(start(key)));

    writeFileSync(folder.path('empty.csv'), '');
    const problem = spanish['{0} is empty: give a table with a header line and rows'];
    await assert.rejects(
      inDataWorker(script, {
        kind: 'load',
        sources: [{ kind: 'csv', path: 'empty.csv', target: 'y' } as never],
        folder: folder.path(),
      }),
      { message: problem.replace('{0}', 'empty.csv') },
    );
  });

  for (const worker of ['worker.js', 'worker.mjs']) {
    it(`that trains has its messages in the language of its host: ${worker}`, async () => {
      useSpanish();
      const workerData: WorkerOptions = { registers: 'narrow', check: false };
      const thread = new Thread(join(process.cwd(), 'dist', worker), { workerData });
      try {
        const error = new Promise<string | undefined>((resolve, reject) => {
          thread.on('message', (message: FromWorker) => message.type === 'ended' && resolve(message.summary.error));
          thread.on('error', reject);
        });
        const [run] = planOf(small).runs;
        const logFolder = folder.path('missing');
        thread.postMessage({ type: 'start', run, files: {}, logFolder, sendFrames: false } satisfies StartRun);
        const why = spanish['its folder was removed'];
        assert.equal(await error, spanish['its run log could not be written: {0}'].replace('{0}', why));
      } finally {
        await thread.terminate();
      }
    });
  }
});
