/** Reads the files of test/oracle/make_fixtures.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const fixtureFolder = join(process.cwd(), 'test/fixtures/engine');

/** Values of parameters by name: weights row-major, the others one row. */
export type LayerParameters = Record<string, number[]>;

export function fixture<T>(name: string, folder = fixtureFolder): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
}
