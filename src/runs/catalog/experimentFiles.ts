/** Describes files of experiments for a list. A file is read again only if it has changed. */
import { statSync } from 'node:fs';
import { largestText } from '../../experiment/parse';
import { readExperiment } from '../../experiment/read';
import { cut } from '../../shared/text';
import { readRegularFile } from '../folder/regularFile';
import { unreadable } from '../folder/systemErrors';
import type { ExperimentEntry } from './entry';

type Described = Omit<ExperimentEntry, 'latest' | 'runs'>;

export class ExperimentFiles {
  private readonly known = new Map<string, { stamp: string; described: Described }>();

  describe(file: string): Described {
    const stamp = stampOf(file);
    const known = this.known.get(file);
    if (known?.stamp === stamp) return known.described;
    const described = read(file);
    this.known.set(file, { stamp, described });
    return described;
  }
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return '';
  }
}

function read(file: string): Described {
  const nothing = { file, name: '', arms: 0, points: 0, seeds: 0, errors: 0, problem: null };
  let text: string;
  try {
    text = new TextDecoder().decode(readRegularFile(file, 3 * largestText));
  } catch (cause) {
    return { ...nothing, problem: unreadable(cause) };
  }
  const { plan, diagnostics } = readExperiment(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (!plan) return { ...nothing, errors };
  const { name, arms, pointCount, seeds } = plan;
  return { ...nothing, name: cut(name, 200), arms: arms.length, points: pointCount, seeds: seeds.length, errors };
}
