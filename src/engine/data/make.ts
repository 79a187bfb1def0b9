/** Makes the data of a run: the same source, seed and files give the same numbers on every machine. */
import { unexpected } from '../../shared/unexpected';
import { streams } from '../random';
import { cifar10 } from './cifar10';
import { circles } from './circles';
import { csv } from './csv/csv';
import type { DataSource } from './dataSpecification';
import type { Dataset } from './dataset';
import { digits } from './digits/digits';
import { fashionMnist } from './fashionMnist';
import type { DataFiles } from './files';
import { gaussians } from './gaussians';
import { idx } from './idx';
import { moons } from './moons';
import { png } from './png';
import { spiral } from './spiral';
import { xor } from './xor';

export type { DataFile, DataFiles } from './files';

/**
 * @param seed A whole number from 0 to 2³² − 1.
 * @param files Those that the source names; none for generated data.
 * @throws DataError
 */
export function makeDataset(data: DataSource, seed: number, files: DataFiles): Dataset {
  const stream = streams(seed);
  switch (data.kind) {
    case 'spiral':
      return spiral(data, stream);
    case 'circles':
      return circles(data, stream);
    case 'moons':
      return moons(data, stream);
    case 'xor':
      return xor(data, stream);
    case 'gaussians':
      return gaussians(data, stream);
    case 'digits':
      return digits(data, stream);
    case 'idx':
      return idx(data, files);
    case 'fashion-mnist':
      return fashionMnist(data, files);
    case 'cifar-10':
      return cifar10(data, files);
    case 'png':
      return png(data, stream, files);
    case 'csv':
      return csv(data, stream, files);
    default:
      return unexpected(data);
  }
}
