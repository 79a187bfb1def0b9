/** Limits the amount of data. */
import * as l10n from '@vscode/l10n';
import { DataError } from './dataset';

/** Maximum number of feature values in one part of the data: 2 GB in float32, about as much as fits next to a network. */
const mostNumbers = 2 ** 29;

/** @throws DataError if the features of `count` examples would not fit into memory. */
export function requireRoom(count: number, features: number, path: string, property: string): void {
  if (count * features <= mostNumbers) return;
  throw new DataError(
    l10n.t`${path} gives ${count} examples of ${features} features, ${((4 * count * features) / 1e9).toFixed(1)} GB: take at most ${Math.floor(mostNumbers / features)} examples`,
    property,
  );
}
