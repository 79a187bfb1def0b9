/** Cases of image data: small files of each kind, some damaged, in folders of which some are not as they should be. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encode } from 'fast-png';
import type { Place } from './cases';
import type { Dice } from './dice';
import { writeData } from './files';

type Source = Record<string, unknown>;

/** Writes an experiment on image data, `x.bnexp.json`, and its files. */
export function writeImagesCase(dice: Dice, place: Place): void {
  const damage = dice.pick([0, 0.1, 0.5]);
  const make = dice.pick([fashionMnist, cifar, png, png, png, idx, imageTable]);
  const data = { ...make(dice, place, damage), ...pixelOptions(dice) };
  const layers = dice.pick<object[]>([
    [{ dense: 4 }],
    [{ dense: 4 }],
    [{ conv: 2 }],
    [{ conv: 2 }, { maxPool: 2 }],
    [{ conv: 2, kernel: dice.between(1, 5), padding: dice.between(0, 2), stride: dice.between(1, 3) }],
    [{ conv: 2 }, { averagePool: 'all' }],
  ]);
  const network = { layers, normalization: { kind: dice.pick(['batch', 'none', 'layer']) } };
  const experiment = { name: 'Fuzz', data, network, training: { batchSize: 3, steps: 2, seeds: [1] } };
  writeFileSync(join(place.cwd, 'x.bnexp.json'), JSON.stringify(experiment, null, 2));
}

function pixelOptions(dice: Dice): Source {
  return {
    ...(dice.chance(0.3) && {
      binarize: dice.chance(0.9) ? dice.pick([0.5, 1, 1e-9]) : dice.pick([0, 2, '0.5', null]),
    }),
    ...(dice.chance(0.3) && { standardize: dice.chance(0.95) ? dice.chance(0.8) : dice.pick([1, null]) }),
    ...(dice.chance(0.4) && {
      augment: dice.chance(0.9)
        ? dice.pick([{ shift: 1 }, { shift: 64, flip: true }, { flip: true }, {}])
        : dice.pick<unknown>([{ shift: -1 }, { shift: 0.5 }, { rotate: 10 }, true]),
    }),
  };
}

function counts(dice: Dice): Source {
  const count = (usual: number) => (dice.chance(0.7) ? usual : dice.pick([1, 3, 1e7, 0]));
  return { ...(dice.chance(0.3) && { train: count(10) }), ...(dice.chance(0.3) && { test: count(5) }) };
}

/** Bytes of images: noise, or all equal. */
function pixels(dice: Dice, length: number): Buffer {
  return dice.chance(0.15) ? Buffer.alloc(length, dice.below(256)) : dice.bytes(length);
}

/** A size that a header may state: almost always the true one. */
function stated(dice: Dice, size: number): number {
  return dice.chance(0.03) ? dice.pick([0, 1, 256, 65_536, 5e8, 0x7fffffff, 0xffffffff]) : size;
}

/** An IDX file with its header. */
function idxFile(dice: Dice, sizes: number[], content: Buffer): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(dice.chance(0.03) ? dice.pick([0x803, 0x801, 0xd03, 0x50ffff]) : 0x800 + sizes.length, 0);
  sizes.forEach((size, k) => {
    header.writeUInt32BE(stated(dice, size), 4 + 4 * k);
  });
  return Buffer.concat([header, content]);
}

/** The four files of MNIST and its relatives. @returns Names of the files, by their properties. */
function idxFiles(dice: Dice, place: Place, damage: number, folder: string): Record<string, string> {
  const size = dice.pick([4, 4, 5, 28]);
  const classes = dice.chance(0.95) ? 10 : 256;
  const names: Record<string, string> = {};
  for (const [part, prefix, count] of [
    ['train', 'train', dice.chance(0.9) ? dice.between(10, 24) : dice.between(1, 9)],
    ['test', 't10k', dice.between(1, 12)],
  ] as const) {
    const height = dice.chance(0.95) ? size : size + 1;
    const labels = Buffer.from(
      Array.from({ length: dice.chance(0.95) ? count : count + 1 }, (_, k) => (7 * k) % classes),
    );
    const images = idxFile(dice, [count, height, size], pixels(dice, count * height * size));
    const ending = dice.pick(['', '.gz']);
    names[`${part}Images`] = `${prefix}-images-idx3-ubyte${ending}`;
    names[`${part}Labels`] = `${prefix}-labels-idx1-ubyte${ending}`;
    for (const [property, bytes] of [
      [`${part}Images`, images],
      [`${part}Labels`, idxFile(dice, [labels.length], labels)],
    ] as const) {
      if (dice.chance(0.1 * damage)) continue;
      writeData(join(folder, names[property]), bytes, dice, place, damage);
    }
  }
  return names;
}

/** A folder of the case, or what is no folder. */
function folderIn(dice: Dice, place: Place, damage: number, names: string[]): string {
  const name = dice.pick(names);
  const path = join(place.cwd, name);
  if (isReplaced(name, place)) return name;
  if (dice.chance(0.1 * damage)) {
    rmSync(path, { recursive: true });
    if (dice.chance(0.5)) writeFileSync(path, 'x');
    return dice.chance(0.7) ? `${name}${dice.pick(['', '/', '/deeper'])}` : name;
  }
  return name;
}

/** Whether files can be written into a folder of the case: it may have been replaced. */
function isReplaced(folder: string, { cwd }: Place): boolean {
  try {
    mkdirSync(join(cwd, folder), { recursive: true });
    return false;
  } catch {
    return true;
  }
}

function fashionMnist(dice: Dice, place: Place, damage: number): Source {
  const folder = folderIn(dice, place, damage, ['fashion-mnist', 'data/clothes']);
  if (!isReplaced(folder, place)) idxFiles(dice, place, damage, folder);
  return { kind: 'fashion-mnist', folder, ...counts(dice) };
}

function idx(dice: Dice, place: Place, damage: number): Source {
  const folder = folderIn(dice, place, damage, ['mnist', 'a/b']);
  const names = isReplaced(folder, place) ? {} : idxFiles(dice, place, damage, folder);
  const paths = dice.chance(0.9)
    ? names
    : { ...names, trainImages: dice.pick(['/x', '../x', '', 'sub/', names.testImages]) };
  return {
    kind: 'idx',
    folder: dice.chance(0.95) ? folder : dice.pick(['..', '/tmp', 'nowhere', '', 'a\\b']),
    ...(dice.chance(0.8) && paths),
    ...(dice.chance(0.4) && { transpose: dice.pick([true, false, 'yes']) }),
    ...counts(dice),
  };
}

function cifar(dice: Dice, place: Place, damage: number): Source {
  const folder = folderIn(dice, place, damage, ['cifar-10-batches-bin', 'c']);
  const names = [...[1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`), 'test_batch.bin'];
  if (!isReplaced(folder, place)) {
    for (const [at, name] of names.entries()) {
      if (dice.chance(0.1 * damage)) continue;
      const records = Array.from({ length: dice.between(2, 3) }, (_, k) =>
        Buffer.concat([
          Buffer.from([dice.chance(1 - 0.05 * damage) ? (5 * k + at) % 10 : dice.below(256)]),
          // CIFAR-100 has one label more.
          ...(dice.chance(0.05 * damage) ? [Buffer.alloc(1)] : []),
          Buffer.alloc(3072, dice.below(256)),
        ]),
      );
      const bytes = dice.chance(1 - 0.05 * damage) ? Buffer.concat(records) : Buffer.alloc(0);
      writeData(join(folder, name), bytes, dice, place, damage / 2);
    }
  }
  return { kind: 'cifar-10', folder, ...counts(dice) };
}

interface Look {
  width: number;
  height: number;
  depth: 1 | 8 | 16;
  channels: 1 | 2 | 3 | 4;
}

function pngFile(dice: Dice, { width, height, channels, ...look }: Look, damage: number): Buffer {
  const depth = channels === 1 ? look.depth : Math.max(8, look.depth);
  const length = depth === 1 ? height * Math.ceil(width / 8) : width * height * channels;
  const bytes = pixels(dice, length);
  const isOpaque = (channels === 2 || channels === 4) && dice.chance(1 - 0.2 * damage);
  if (isOpaque) for (let at = channels - 1; at < length; at += channels) bytes[at] = 255;
  const data = depth === 16 ? Uint16Array.from(bytes, (byte) => 257 * byte) : bytes;
  const file = Buffer.from(encode({ width, height, depth: depth as Look['depth'], channels, data }));
  if (dice.chance(0.1 * damage)) restateHeader(file, dice);
  return file;
}

/** Changes the header of a PNG file, and its checksum. */
function restateHeader(file: Buffer, dice: Dice): void {
  const [start, end] = [12, 29];
  if (dice.chance(0.5))
    file.writeUInt32BE(dice.pick([0, 1, 4096, 4097, 65_536, 0x7fffffff, 0xffffffff]), dice.pick([16, 20]));
  else file[dice.between(24, 28)] = dice.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 255]);
  file.writeUInt32BE(crc32(file.subarray(start, end)), end);
}

const otherFiles = [
  '\xff\xd8\xff\xe0 JPEG',
  'GIF89a',
  'BM',
  'RIFF....WEBP',
  '',
  'version https://git-lfs.github.com/spec/v1\n',
];

function pngFolder(dice: Dice, place: Place, damage: number, folder: string, look: Look): void {
  const classes = ['ring', 'box', '\u202e\u001b[2J', 'é', '10'].slice(0, dice.between(1, 5));
  for (const name of classes) {
    const own = join(folder, name);
    mkdirSync(join(place.cwd, own), { recursive: true });
    const images = dice.chance(0.1 * damage) ? 0 : dice.between(2, 5);
    for (let k = 0; k < images; k++) {
      const other = dice.chance(0.05 * damage);
      const file = dice.chance(0.05 * damage)
        ? Buffer.from(dice.pick(otherFiles), 'latin1')
        : pngFile(
            dice,
            other ? { ...look, ...dice.pick<Partial<Look>>([{ width: 7 }, { channels: 3 }, { channels: 1 }]) } : look,
            damage,
          );
      const ending = dice.chance(0.05 * damage) ? dice.pick(['.jpg', '', '.png.txt', '.PNG']) : '.png';
      writeData(join(own, `${k}${ending}`), file, dice, place, damage / 2);
    }
  }
  if (dice.chance(0.1 * damage))
    writeData(join(folder, dice.pick(['x.png', '.DS_Store', 'notes.txt'])), Buffer.from('x'), dice, place);
}

function png(dice: Dice, place: Place, damage: number): Source {
  const folder = folderIn(dice, place, damage, ['shapes', 'a/train']);
  const look: Look = {
    width: dice.pick([1, 5, 9]),
    height: dice.pick([1, 5, 9]),
    depth: dice.pick(damage > 0.1 ? [1, 8, 8, 8, 8, 16] : [1, 8, 8]),
    channels: dice.pick([1, 1, 2, 3, 4]),
  };
  if (!isReplaced(folder, place)) pngFolder(dice, place, damage, folder, look);
  let testFolder: string | undefined;
  if (dice.chance(0.4)) {
    testFolder = folderIn(dice, place, damage, ['test', 'a/test', folder]);
    if (!isReplaced(testFolder, place)) pngFolder(dice, place, damage, testFolder, look);
  }
  return {
    kind: 'png',
    folder: dice.chance(0.97) ? folder : dice.pick(['.', '..', '/', 'shapes/ring', '']),
    ...(testFolder !== undefined && { testFolder }),
    ...(dice.chance(0.2) && { testFraction: dice.pick([0.5, 1e-9, 1 - 1e-9, 0, 1]) }),
  };
}

/** A table whose rows are images. */
function imageTable(dice: Dice, place: Place, damage: number): Source {
  const [width, height, channels] = [dice.between(1, 4), dice.between(1, 4), dice.pick([1, 1, 3])];
  const size = width * height * channels;
  const names = [...Array.from({ length: size }, (_, k) => `p${k}`), 'class'];
  const rows = Array.from({ length: dice.between(0, 30) }, (_, k) => [...dice.bytes(size), `c${k % 3}`]);
  if (rows.length > 0 && dice.chance(0.2 * damage)) rows[0][dice.below(size)] = dice.pick(['', 'x', '1e999', '-1']);
  writeData('t.csv', Buffer.from([names, ...rows].map((cells) => cells.join(',')).join('\n')), dice, place, damage);
  const image: Record<string, unknown> = { width, height, channels };
  if (dice.chance(0.3)) image[dice.pick(['width', 'height', 'channels'])] = dice.pick([0, 1, 2, 10_000, 1.5, null]);
  return {
    kind: 'csv',
    path: 't.csv',
    image: dice.chance(0.95) ? image : dice.pick<unknown>([{}, true, [4, 4]]),
    ...(dice.chance(0.2) && { ignore: [dice.pick(['p0', 'class', 0, 99])] }),
    ...(dice.chance(0.1) && { categories: ['p0'] }),
    ...(dice.chance(0.1) && { target: dice.pick(['p0', 'class', 0]) }),
    ...(dice.chance(0.1) && { task: 'regression', standardizeTarget: true }),
  };
}
