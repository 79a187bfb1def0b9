/** Which file of a run's folder is its log. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The run log in the folder of a run, or null. */
export function runLogOf(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((file) => file.includes('tfevents'));
  return name === undefined ? null : join(folder, name);
}
