/** Writes the data files of a case: some damaged, some replaced by what is not a file. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Place } from './cases';
import { damagedBytes } from './damage';
import type { Dice } from './dice';

/**
 * Writes a data file, gzipped if its name says so.
 * @param damage Share of the files that are damaged.
 */
export function writeData(
  name: string,
  bytes: Buffer,
  dice: Dice,
  { cwd, fifos }: Pick<Place, 'cwd' | 'fifos'>,
  damage = 0.5,
): void {
  let content = dice.chance(damage) ? damagedBytes(bytes, dice) : bytes;
  if (name.endsWith('.gz')) content = gzipSync(content);
  if (name.endsWith('.gz') && dice.chance(damage)) content = damagedBytes(content, dice);
  const path = join(cwd, name);
  mkdirSync(dirname(path), { recursive: true });
  // Two sets of images may share a folder.
  rmSync(path, { recursive: true, force: true });
  if (dice.chance(0.08 * damage)) mkdirSync(path);
  else if (fifos && dice.chance(0.06 * damage)) makeFifo(path);
  else if (dice.chance(0.06 * damage)) symlinkSync(dice.pick([name, 'nowhere', '..', '/dev/zero']), path);
  else writeFileSync(path, content);
}

/** Makes a FIFO, where the system has them. */
export function makeFifo(path: string): void {
  // Without mkfifo, as on Windows, there are no FIFOs to test.
  spawnSync('mkfifo', [path]);
}
