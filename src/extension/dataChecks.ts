/** Checks the data files that an experiment names: once for each state of the files, not at each keystroke. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
  const { placesRead } = await import('../experiment/dataFiles');
  const places = new Set(plan.samples.flatMap(({ experiment }) => placesRead(experiment)));
  if (places.size === 0) return nothing;
  const stamps = await Promise.all([...places].map((place) => stampOf(resolve(folder, place))));
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

/** Number of entries of a folder whose changes are noticed. */
const mostEntries = 1000;

/** State of a file, or of a folder with what is directly in it. */
async function stampOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    const own = `${stats.size} ${stats.mtimeMs}`;
    if (!stats.isDirectory()) return own;
    const names = (await readdir(path)).sort().slice(0, mostEntries);
    const each = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(join(path, name));
        return `${name} ${size} ${mtimeMs}`;
      }),
    );
    return [own, ...each].join('\n');
  } catch {
    return 'none';
  }
}
