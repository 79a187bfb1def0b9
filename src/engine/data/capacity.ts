/** How many numbers of data there may be. */
import { DataError } from './dataset';

/** Of features in one part of the data: 2 GB in float32, about as much as fits beside a network. */
const mostNumbers = 2 ** 29;

/** @throws DataError when the features of so many examples would not fit into memory. */
export function requireRoom(count: number, features: number, path: string, property: string): void {
  if (count * features <= mostNumbers) return;
  throw new DataError(
    `${path} gives ${count} examples of ${features} features, ${((4 * count * features) / 1e9).toFixed(1)} GB: take at most ${Math.floor(mostNumbers / features)} examples`,
    property,
  );
}
