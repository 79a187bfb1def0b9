/** Parses lists of seeds: `1-20`, `1,5,9`, `1-3, 10`. */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../shared/numbers';
import { quote } from './words';

/** Largest seed. */
export const mostSeed = 0xffff_ffff;
const mostSeeds = 10_000;

/** Seeds in the written order, or the error. */
export function parseSeeds(text: string): { seeds: number[]; problem: null } | { seeds: null; problem: string } {
  const refuse = (problem: string) => ({ seeds: null, problem }) as const;
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,10})\s*(?:-\s*(\d{1,10})\s*)?$/.exec(part);
    if (!match)
      return refuse(l10n.t`${quote(part.trim())} is neither a seed nor a range of seeds: write them as 1-20 or 1,5,9`);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first) return refuse(l10n.t`the range ${first}-${last} runs backwards: write ${last}-${first}`);
    if (last > mostSeed) return refuse(l10n.t`the seed ${last} is too large: the largest is ${mostSeed}`);
    if (seeds.size + last - first >= mostSeeds)
      return refuse(l10n.t`at most ${formatCount(mostSeeds)} seeds are allowed`);
    for (let seed = first; seed <= last; seed++) {
      if (seeds.has(seed)) return refuse(l10n.t`the seed ${seed} appears twice`);
      seeds.add(seed);
    }
  }
  return { seeds: [...seeds], problem: null };
}
