/** Makes the data sets of a worker's runs. */
import type { Dataset } from '../../engine/data/dataset';
import { makeDataset } from '../../engine/data/make';
import type { StartRun } from '../../protocol';

/** Remembers the last data set: the arms of one seed usually share it. */
export function datasetMaker(): (start: StartRun) => Dataset {
  let last: { key: string; dataset: Dataset } | null = null;
  return ({ run, files }) => {
    const key = JSON.stringify([run.data, run.seed]);
    if (last?.key !== key) {
      // Frees the one before, so that the two are never in memory together.
      last = null;
      last = { key, dataset: makeDataset(run.data, run.seed, files) };
    }
    return last.dataset;
  };
}
