/** Checks the data files that an experiment names: once for each state of the files, not at each keystroke. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadExperiment } from '../experiment/read';
import type { CheckedData } from '../runs/loadData';
import { checkInWorker } from './loadInWorker';

/** Number of experiments whose findings are cached; the oldest is evicted first. */
const most = 8;
const remembered = new Map<string, Promise<CheckedData>>();

const nothing: CheckedData = { findings: [], summaries: [], shapes: new Map() };

/** @param text The experiment that was read. */
export async function checkDataFiles(
  text: string,
  { plan, claims }: ReadExperiment,
  folder: string,
): Promise<CheckedData> {
  if (!plan) return nothing;
  const { filesRead } = await import('../experiment/dataFiles');
  const paths = new Set(plan.samples.flatMap(({ experiment }) => filesRead(experiment).map(({ path }) => path)));
  if (paths.size === 0) return nothing;
  const stamps = await Promise.all([...paths].map((path) => stampOf(join(folder, path))));
  const samples = plan.samples.map(({ arm, point, experiment }) => JSON.stringify([arm, point, experiment]));
  const key = JSON.stringify([folder, stamps, claims, samples]);
  const known = remembered.get(key);
  if (known) return known;
  const checked = checkInWorker(text, folder);
  remembered.set(key, checked);
  // A check that failed for a reason other than the data is repeated.
  checked.catch(() => remembered.delete(key));
  const [oldest] = remembered.keys();
  if (remembered.size > most) remembered.delete(oldest);
  return checked;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
