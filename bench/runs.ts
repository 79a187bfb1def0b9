/**
 * Lists of runs: `runs.js write FOLDER NUMBER` writes that many run folders of 2 arms and 3 seeds in 20 folders of experiments;
 * `runs.js open WORKER FOLDER FILE` lists them as a window does, with what FILE remembers. Prints one line of JSON.
 */
import { join } from 'node:path';
import { readExperiment } from '../src/experiment/read';
import type { CatalogState } from '../src/runs/catalog/catalogMessages';
import { CatalogThread } from '../src/runs/catalog/startCatalog';
import { small } from '../test/unit/runs/support/experiments';
import { saveFolder } from '../test/unit/runs/support/savedFolder';

const experiments = 20;
/** Runs of a group that a window asks for. */
const pageSize = 200;

function write(folder: string, number: number): object {
  const { plan } = readExperiment(JSON.stringify(small));
  if (!plan) throw new Error('The experiment of the benchmark has errors.');
  const start = Date.UTC(2026, 0, 1);
  for (let k = 0; k < number; k++) {
    const stamp = new Date(start + k * 60_000).toISOString().slice(0, 19).replaceAll(':', '-');
    saveFolder({ base: join(folder, `experiment-${k % experiments}`), file: 'small.bnexp.json', stamp, plan });
  }
  return { number };
}

/** Milliseconds until the first groups and the runs of the first of them are there, and until every run has been read. */
async function open(script: string, folder: string, file: string): Promise<object> {
  const start = performance.now();
  const since = () => performance.now() - start;
  let shown = 0;
  let runs = 0;
  let hostTime = 0;
  await new Promise<void>((resolve, reject) => {
    const follow = async (state: CatalogState) => {
      const isFirst = shown === 0 && state.groups.length > 0;
      if (isFirst) {
        shown = -1;
        await thread.request('page', { group: state.groups[0].key, count: pageSize });
        shown = since();
        runs = state.runs;
      }
      if (shown > 0 && !state.searching && state.left === 0) resolve();
    };
    const thread = new CatalogThread(
      script,
      { roots: [folder], file, view: { grouping: 'experiment', order: 'newest', filter: '' } },
      (state) => {
        const begin = performance.now();
        void follow(state).catch(reject);
        hostTime += performance.now() - begin;
      },
      (problem) => reject(new Error(problem)),
    );
    closing = () => thread.close();
  });
  const all = since();
  closing();
  return { shown, runs, all, hostTime };
}

let closing = () => {};

const [what, first, second, third] = process.argv.slice(2);
void Promise.resolve(what === 'write' ? write(first, Number(second)) : open(first, second, third)).then((result) =>
  console.log(JSON.stringify(result)),
);
