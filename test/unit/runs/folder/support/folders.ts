/** Run folders for the tests that damage them, and the reports of every reader. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../../../../src/protocol';
import { replayFiles } from '../../../../../src/runs/export/replayFiles';
import { newRunFolder } from '../../../../../src/runs/folder/layout';
import { readRunFolder } from '../../../../../src/runs/folder/readRunFolder';
import { World } from '../../../cli/support';
import { planOf } from '../../support/experiments';
import { sessionOf } from '../../support/inProcess';

/** Two arms, two seeds, 12 steps, with a claim. */
export const tiny = {
  name: 'Tiny',
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 3 }], normalization: { kind: 'batch' } },
  training: { batchSize: 10, steps: 12, seeds: [1, 2] },
  // Small records: tests cut logs at each byte of a record.
  watch: { every: 3, predictions: false, histograms: false, taps: ['activated'], gradients: false, units: 0 },
  arms: { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} },
  claim: {
    says: 'BatchNorm has the smaller loss',
    better: 'BatchNorm',
    than: 'without',
    metric: 'testLoss',
    direction: 'less',
  },
};

/** Trains an experiment into a new folder. */
export async function trainedInto(out: string, experiment: object = tiny): Promise<RunSummary[]> {
  const folder = newRunFolder('tiny.bnexp.json', out);
  const { session } = sessionOf(planOf(experiment), { folder, file: 'tiny.bnexp.json' });
  session.start();
  return session.ended;
}

export function logIn(own: string): string {
  const [name] = readdirSync(own).filter((each) => each.includes('tfevents') && !each.startsWith('.'));
  return join(own, name);
}

export function copyOf(folder: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  cpSync(folder, to, { recursive: true });
  return to;
}

export function fifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

/** Output of a reader for a folder. */
export interface Said {
  reader: string;
  /** Everything that the reader reported as wrong, and its refusal. */
  reported: string;
  /** Its results, if any. */
  result: string | null;
}

/** Every reader of a run folder, with its reports. */
export class Readers {
  private readonly world = new World();

  constructor() {
    const dist = join(this.world.cwd, 'dist');
    mkdirSync(dist);
    for (const name of replayFiles) {
      writeFileSync(join(dist, name), `/* ${name} */`);
    }
  }

  async all(folder: string): Promise<Said[]> {
    return [
      this.reading(folder),
      await this.command('verdict', 'verdict', folder, '--json'),
      await this.command('export csv', 'export', 'csv', folder, '-'),
      await this.command('export html', 'export', 'html', folder, '-'),
    ];
  }

  private reading(folder: string): Said {
    try {
      const { remarks, runs, verdicts } = readRunFolder(folder);
      const reported = [...remarks, ...runs.map(({ error }) => error ?? '')].filter((text) => text !== '').join('\n');
      const result = JSON.stringify([
        verdicts,
        runs.map(({ id, status, final, frames }) => [id, status, final, [...frames.steps], [...frames.values]]),
      ]);
      return { reader: 'readRunFolder', reported, result };
    } catch (error) {
      if ((error as Error).name !== 'RunFolderError') throw error;
      return { reader: 'readRunFolder', reported: (error as Error).message, result: null };
    }
  }

  private async command(reader: string, ...args: string[]): Promise<Said> {
    const { code, out, err } = await this.world.run(...args);
    if (code !== 0 && code !== 2) throw new Error(`${reader} ended with ${code}: ${err}`);
    if (/\bat .+:\d+:\d+|is a fault|Unexpected/.test(err)) throw new Error(`${reader} shows words of Node: ${err}`);
    return { reader, reported: err, result: code === 0 ? out : null };
  }

  remove(): void {
    this.world.remove();
  }
}
