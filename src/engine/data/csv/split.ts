/** Which rows are kept apart for testing. */
import type { RandomStream } from '../../random';

export interface Split {
  /** Numbers of rows, in random order. */
  train: Uint32Array;
  test: Uint32Array;
}

/**
 * Takes a share of the rows for testing, at least one of two and never all. The last row of a class stays for training:
 * a class that training never shows could not be learned.
 * @param labels One a row; none in a regression.
 */
export function split(count: number, testFraction: number, labels: Int32Array | null, random: RandomStream): Split {
  const order = random.permutation(count);
  const wanted = Math.max(1, Math.min(count - 1, Math.floor(count * testFraction + 0.5)));
  const left = new Map<number, number>();
  for (const label of labels ?? []) left.set(label, (left.get(label) ?? 0) + 1);
  const train: number[] = [];
  const test: number[] = [];
  for (const row of order) {
    const inClass = labels ? left.get(labels[row])! : count;
    if (test.length < wanted && inClass > 1) {
      test.push(row);
      if (labels) left.set(labels[row], inClass - 1);
    } else {
      train.push(row);
    }
  }
  return { train: Uint32Array.from(train), test: Uint32Array.from(test) };
}
