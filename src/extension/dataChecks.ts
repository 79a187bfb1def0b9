/** Checks of the data files that an experiment names, made once for each state of the files and not at each keystroke. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../experiment/findings';
import type { ReadExperiment } from '../experiment/read';

/** Experiments whose findings are remembered; the oldest goes first. */
const most = 8;
const remembered = new Map<string, Promise<Finding[]>>();

export async function checkDataFiles(reading: ReadExperiment, folder: string): Promise<Finding[]> {
  const { plan, claims } = reading;
  if (!plan) return [];
  const { dataFiles } = await import('../experiment/dataFiles');
  const paths = new Set(plan.samples.flatMap((run) => dataFiles(run.data).map(({ path }) => path)));
  if (paths.size === 0) return [];
  const stamps = await Promise.all([...paths].map((path) => stampOf(join(folder, path))));
  const asked = plan.samples.map(({ arm, point, experiment }) => JSON.stringify([arm, point, experiment]));
  const key = JSON.stringify([folder, stamps, claims, asked]);
  const known = remembered.get(key);
  if (known) return known;
  const findings = import('../runs/data').then(({ dataFindings }) => dataFindings(reading, folder));
  remembered.set(key, findings);
  const [oldest] = remembered.keys();
  if (remembered.size > most) remembered.delete(oldest);
  return findings;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
