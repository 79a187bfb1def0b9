/** Checks of the data files that an experiment names, made once for each state of the files and not at each keystroke. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../experiment/findings';
import type { Plan } from '../experiment/plan';

/** Experiments whose findings are remembered; the oldest goes first. */
const most = 8;
const remembered = new Map<string, Promise<Finding[]>>();

export async function checkDataFiles(plan: Plan, folder: string): Promise<Finding[]> {
  const { dataFiles } = await import('../experiment/dataFiles');
  const paths = new Set(plan.samples.flatMap((run) => dataFiles(run.data).map(({ path }) => path)));
  if (paths.size === 0) return [];
  const stamps = await Promise.all([...paths].map((path) => stampOf(join(folder, path))));
  const asked = plan.samples.map(({ arm, data, experiment }) => [arm, data, experiment.training.batchSize]);
  const key = JSON.stringify([folder, stamps, [...new Set(asked.map((part) => JSON.stringify(part)))]]);
  const known = remembered.get(key);
  if (known) return known;
  const findings = import('../runs/data').then(({ dataFindings }) => dataFindings(plan, folder));
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
