/** Times of the answers while a person writes an experiment of about 2,000 lines: milliseconds by what is answered. */
import { completionsAt } from '../src/experiment/editing/completions';
import { Outline } from '../src/experiment/editing/outline';
import { readExperiment } from '../src/experiment/read';
import { ReadCache } from '../src/experiment/readCache';

export type WritingTimes = Record<string, number[]> & { lines: number[] };

const rounds = Number(process.argv[2] ?? 20);
const kinds = ['none', 'batch', 'layer', 'rms'];

/** Many arms over a small network. @param edited Learning rate of the first arm. */
function textOf(edited: number): string {
  const arms = Object.fromEntries(
    Array.from({ length: 141 }, (_, k) => [
      `arm ${k}`,
      {
        network: { normalization: { kind: kinds[k % kinds.length] }, activation: 'tanh' },
        training: { optimizer: { kind: 'sgd', learningRate: k === 0 ? edited : 0.01 * (k + 1) } },
      },
    ]),
  );
  return JSON.stringify(
    {
      data: { kind: 'spiral' },
      network: { layers: [{ dense: 32 }, { dense: 32 }, { dense: 32 }] },
      training: { seeds: '1-20' },
      arms,
      claim: { says: 'x', metric: 'hidden1/activated/std', better: 'arm 1', than: 'arm 2', direction: 'more' },
    },
    null,
    2,
  );
}

const times: WritingTimes = { first: [], edited: [], metrics: [], arms: [], lines: [] };

function timed<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  times[what].push(performance.now() - start);
  return result;
}

const cache = new ReadCache();
readExperiment(textOf(0.5), { cache });
for (let round = 0; round < rounds; round++) {
  const text = textOf(1 + round);
  times.lines = [text.split('\n').length];
  const fresh = timed('first', () => readExperiment(text, { cache: new ReadCache() }));
  if (fresh.diagnostics.length > 0) throw new Error(JSON.stringify(fresh.diagnostics[0]));
  timed('edited', () => readExperiment(text, { cache }));
  const metric = text.indexOf('"hidden1/activated/std"') + 4;
  const found = timed('metrics', () => completionsAt(new Outline(text), metric));
  if (found.items.length < 100) throw new Error('no channels are completed');
  timed('arms', () => completionsAt(new Outline(text), text.indexOf('"arm 5"') + 1));
}
console.log(JSON.stringify(times));
