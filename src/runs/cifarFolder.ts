/** Reads the binary batches of CIFAR-10 from their folder. */
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  cifarClasses,
  cifarCount,
  cifarRecord,
  cifarShape,
  cifarTestFile,
  cifarTrainFiles,
  readCifar,
} from '../engine/data/cifar10';
import type { Cifar10Source } from '../engine/data/dataSpecification';
import { DataError } from '../engine/data/dataset';
import type { DataFile } from '../protocol';
import { formatCount } from '../shared/numbers';
import { openRegularFile } from './folder/regularFile';
import { missingOf } from './missingFiles';
import { naming, withoutSlash } from './readProblem';

/** Maximum images of a batch, ten times those of CIFAR-10's. */
const mostImages = 100_000;

/**
 * The training or test images, decoded into memory that workers share. Batches beyond the images that are used are not read.
 * @param path Path of the folder, from `baseFolder`.
 * @throws DataError; system errors.
 */
export function readCifarFolder(
  path: string,
  part: 'train' | 'test',
  data: Cifar10Source,
  baseFolder: string,
): DataFile {
  const folder = withoutSlash(path);
  const names = part === 'train' ? cifarTrainFiles : [cifarTestFile];
  const wanted = data[part] ?? Number.POSITIVE_INFINITY;
  const batches: { name: string; count: number }[] = [];
  let total = 0;
  for (const name of names) {
    if (total >= wanted) break;
    const count = Math.min(countIn(folder, name, baseFolder), wanted - total);
    batches.push({ name, count });
    total += count;
  }
  const size = cifarShape.width * cifarShape.height * cifarShape.channels;
  const pixels = new Uint8Array(new SharedArrayBuffer(total * size));
  const labels = new Uint16Array(new SharedArrayBuffer(2 * total));
  const hash = createHash('sha256');
  let done = 0;
  for (const { name, count } of batches) {
    const bytes = start(join(baseFolder, folder, name), count * cifarRecord);
    const [first, end] = [done, done + bytes.length / cifarRecord];
    readCifar(bytes, `${folder}/${name}`, pixels.subarray(first * size, end * size), labels.subarray(first, end));
    hash.update(bytes);
    done = end;
  }
  const images = { shape: cifarShape, labels: labels.subarray(0, done), classNames: [...cifarClasses] };
  return { path, bytes: pixels.subarray(0, done * size), images, sha256: hash.digest('hex') };
}

/** @throws DataError for a missing or truncated batch. */
function countIn(path: string, name: string, baseFolder: string): number {
  const all = [...cifarTrainFiles, cifarTestFile];
  const open = () => {
    try {
      return openRegularFile(join(baseFolder, path, name));
    } catch (cause) {
      throw missingOf(cause, { name, path, all, what: 'CIFAR-10', baseFolder });
    }
  };
  const { fd, size } = naming(`${path}/${name}`, 'listed', 'folder', open);
  closeSync(fd);
  const count = cifarCount(size, `${path}/${name}`);
  if (count <= mostImages) return count;
  throw new DataError(
    l10n.t`${path}/${name} has ${formatCount(count)} images, and a batch may have at most ${formatCount(mostImages)}`,
    'folder',
  );
}

/** The first bytes of a file; fewer if it became shorter, in whole images. */
function start(path: string, length: number): Uint8Array {
  const { fd } = openRegularFile(path);
  try {
    const bytes = Buffer.alloc(length);
    let at = 0;
    while (at < length) {
      const count = readSync(fd, bytes, at, length - at, at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at - (at % cifarRecord));
  } finally {
    closeSync(fd);
  }
}
