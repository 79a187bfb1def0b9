/**
 * Opens the data files of an experiment: only regular files. Tables are streamed into typed columns; gzipped files are
 * unpacked only to the length that their header states.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, readSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { piecesOf } from '../engine/data/csv/decode';
import { readTable } from '../engine/data/csv/readTable';
import type { CsvSource } from '../engine/data/dataSpecification';
import { DataError } from '../engine/data/dataset';
import { neededBytes } from '../engine/data/idx';
import {
  dataFiles,
  type FileSource,
  type NamedDataFile,
  pathProblem,
  placesOf,
  shownProperty,
} from '../experiment/dataFiles';
import type { DataFile } from '../protocol';
import { bytesInWords } from '../shared/numbers';
import { readCifarFolder } from './cifarFolder';
import { requireModelFile } from './folder/modelFile';
import { openRegularFile, readRegularFile } from './folder/regularFile';
import { lackingInWords } from './missingFiles';
import { ModelFileError } from './model/tensor';
import { readPngFolder } from './pngFolder';
import { readProblem } from './readProblem';
import { itemsUsed } from './session/planFiles';

/** Maximum bytes of an unpacked file: more would not fit into memory beside the network. */
const mostBytes = 2 ** 31;
/** Maximum unpacked bytes of a table. The reader of the table reports one that is too large. */
const mostTableBytes = 2 ** 27 + 2 ** 20;
/** Maximum bytes of a file of initial weights. */
const mostWeightsBytes = 2 ** 29;
const pieceSize = 2 ** 19;

/**
 * Reads one file, or one folder, of a source.
 * @param baseFolder Folder that its path starts from; null if there is none; no file can be read then.
 * @throws DataError
 */
export async function readDataFile(
  named: NamedDataFile,
  data: FileSource,
  baseFolder: string | null,
): Promise<DataFile> {
  const { path, isFolder, installed } = named;
  const property = shownProperty(named, data);
  const problem = pathProblem(path, isFolder);
  if (problem) throw new DataError(`"${path}" ${problem}`, property);
  if (baseFolder === null && installed === undefined) {
    throw new DataError(
      l10n.t`"${path}" is read from the folder of the experiment: save the experiment in a folder first`,
      property,
    );
  }
  // What the message of a problem is about.
  let subject = path;
  try {
    switch (data.kind) {
      case 'weights':
        return readWeightsFile(path, baseFolder ?? '');
      case 'cifar-10':
        return readCifarFolder(path, named.property === 'folder' ? 'train' : 'test', data, baseFolder ?? '');
      case 'png':
        return readPngFolder(path, named.property, baseFolder ?? '');
      case 'csv':
        return await readTableFile(path, data, baseFolder ?? '');
      default:
        subject = placeOf(named, data, baseFolder);
        return await readIdxFile(subject, named, data, baseFolder ?? '');
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    if (cause instanceof ModelFileError) throw new DataError(l10n.t`${path} is not used. ${cause.message}`, property);
    const found = data.kind === 'fashion-mnist' ? 'listed' : 'named';
    throw new DataError(`${subject} ${readProblem(cause as NodeJS.ErrnoException, found)}`, property);
  }
}

async function readTableFile(path: string, data: CsvSource, baseFolder: string): Promise<DataFile> {
  const { fd } = openRegularFile(join(baseFolder, path));
  try {
    const open = isGzipped(fd) ? piecesOf(await unpacked(fd, () => mostTableBytes)) : () => piecesFrom(fd);
    const hashed = new HashedPieces(open);
    const table = readTable(() => hashed.pieces(), data);
    return { path, bytes: new Uint8Array(0), table, ...(hashed.sha256 !== null && { sha256: hashed.sha256 }) };
  } finally {
    closeSync(fd);
  }
}

/** @param path Absolute, or from `baseFolder`. */
async function readIdxFile(
  path: string,
  named: NamedDataFile,
  data: FileSource,
  baseFolder: string,
): Promise<DataFile> {
  const { fd, size } = openRegularFile(resolve(baseFolder, path));
  try {
    const used = itemsUsed(named.property, data);
    const gzipped = isGzipped(fd);
    const limitOf = (start: Uint8Array) => idxLimit(start, { used, path, property: named.property, size, gzipped });
    const bytes = gzipped ? await unpacked(fd, limitOf) : whole(fd, size, limitOf);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, bytes, sha256, ...(used !== undefined && { partly: true }) };
  } finally {
    closeSync(fd);
  }
}

/**
 * Where an IDX file is. The folder of a package is used only if the experiment's own has none of the files, so that files of
 * two versions are never mixed.
 * @throws DataError for Fashion-MNIST that is missing, as a whole or in part.
 */
function placeOf(named: NamedDataFile, data: FileSource, baseFolder: string | null): string {
  const all = dataFiles(data);
  const found = (each: NamedDataFile, isInstalled: boolean) =>
    placesOf(each, data).find(
      (place) => isAbsolute(place) === isInstalled && baseFolder !== null && existsSync(resolve(baseFolder, place)),
    );
  const beside = all.filter((each) => found(each, false) !== undefined);
  if (data.kind !== 'fashion-mnist') return found(named, false) ?? named.path;
  const own = beside.length > 0 || named.installed === undefined;
  if (beside.length === all.length) return found(named, false) ?? named.path;
  const installed = placesOf(named, data).filter((place) => isAbsolute(place));
  const [inPackage] = installed.filter((place) => existsSync(place));
  if (!own && inPackage !== undefined) return inPackage;
  const folder = named.path.slice(0, named.path.lastIndexOf('/'));
  const lacking = all.filter((each) => !beside.includes(each)).map(({ path }) => path.slice(folder.length + 1));
  const names = all.map(({ path }) => path.slice(folder.length + 1)).join(', ');
  throw new DataError(
    beside.length > 0
      ? lackingInWords(folder, all.length, 'Fashion-MNIST', lacking)
      : own
        ? l10n.t`Fashion-MNIST is not in the folder "${folder}": install Debian's package dataset-fashion-mnist (apt install dataset-fashion-mnist) and leave out "folder", or put its four files, ${names}, into a folder "${folder}" beside the experiment`
        : l10n.t`Fashion-MNIST is not on this machine: install Debian's package dataset-fashion-mnist (apt install dataset-fashion-mnist), or put its four files, ${names}, into a folder "${folder}" beside the experiment`,
    shownProperty(named, data),
  );
}

/** @throws ModelFileError; FileTooLargeError; system errors. */
function readWeightsFile(path: string, baseFolder: string): DataFile {
  requireModelFile(path, ['.safetensors']);
  const content = readRegularFile(join(baseFolder, path), mostWeightsBytes);
  const bytes = new Uint8Array(new SharedArrayBuffer(content.length));
  bytes.set(content);
  return { path, bytes, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Hashes a table while it is read, the first time that it is read to its end. */
class HashedPieces {
  /** Null until the end was reached. */
  sha256: string | null = null;

  constructor(private readonly open: () => Iterable<Uint8Array>) {}

  *pieces(): Iterable<Uint8Array> {
    if (this.sha256 !== null) {
      yield* this.open();
      return;
    }
    const hash = createHash('sha256');
    for (const piece of this.open()) {
      hash.update(piece);
      yield piece;
    }
    this.sha256 = hash.digest('hex');
  }
}

function isGzipped(fd: number): boolean {
  const start = Buffer.alloc(2);
  return readSync(fd, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
}

/** Yields the pieces of a file. Each piece is valid until the next one is read. */
function* piecesFrom(fd: number): Iterable<Uint8Array> {
  const piece = Buffer.alloc(pieceSize);
  for (let at = 0; ; ) {
    const count = readSync(fd, piece, 0, pieceSize, at);
    if (count === 0) return;
    at += count;
    yield piece.subarray(0, count);
  }
}

/** Reads a file into shared memory, which all workers use. @param limitOf Returns the maximum bytes to read, given the first bytes. */
function whole(fd: number, size: number, limitOf: (start: Uint8Array) => number): Uint8Array {
  let bytes = new Uint8Array(new SharedArrayBuffer(0));
  let at = 0;
  for (const piece of piecesFrom(fd)) {
    if (at === 0) bytes = new Uint8Array(new SharedArrayBuffer(Math.min(size, limitOf(piece))));
    const room = Math.min(piece.length, bytes.length - at);
    bytes.set(piece.subarray(0, room), at);
    at += room;
    if (at === bytes.length) break;
  }
  return at === bytes.length ? bytes : bytes.subarray(0, at);
}

/** Unpacks a file into shared memory. @param limitOf Returns the maximum bytes to unpack, given the first bytes. */
async function unpacked(fd: number, limitOf: (start: Uint8Array) => number): Promise<Uint8Array> {
  const gunzip = createGunzip();
  const feeding = (async () => {
    for (const piece of piecesFrom(fd)) {
      if (gunzip.destroyed) return;
      // The buffer of the piece is reused.
      if (!gunzip.write(Buffer.from(piece)))
        await new Promise<void>((resolve) => {
          const go = () => {
            gunzip.off('drain', go);
            gunzip.off('close', go);
            resolve();
          };
          gunzip.on('drain', go);
          gunzip.on('close', go);
        });
    }
    gunzip.end();
  })();
  const parts: Buffer[] = [];
  let length = 0;
  let limit: number | null = null;
  try {
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (limit === null && length >= headerBytes) limit = limitOf(Buffer.concat(parts));
      if (limit !== null && length > limit) break;
    }
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
  if (limit === null && length > 0) limit = limitOf(Buffer.concat(parts));
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.min(length, limit ?? length)));
  let offset = 0;
  for (const part of parts.splice(0)) {
    bytes.set(part.subarray(0, bytes.length - offset), offset);
    offset += part.length;
    if (offset >= bytes.length) break;
  }
  return bytes;
}

/** Bytes from which the header of an IDX file can be read. */
const headerBytes = 16;

/** Maximum bytes that one byte of a gzipped file can contain. */
const mostPerGzipByte = 1032;

interface IdxFile {
  path: string;
  property: string;
  /** Number of items used; undefined for all, when one extra byte is read to detect a file that is too long. */
  used: number | undefined;
  /** Bytes of the file, as it is. */
  size: number;
  gzipped: boolean;
}

function idxLimit(start: Uint8Array, { path, property, used, size, gzipped }: IdxFile): number {
  const needed = neededBytes(start, used);
  // The reader of IDX files reports a different file type, and needs only the header.
  if (needed === null) return headerBytes;
  if (needed > mostBytes) {
    throw needed > size * (gzipped ? mostPerGzipByte : 1)
      ? tooShort(path, property, needed, size)
      : tooLarge(path, property, needed);
  }
  return used === undefined ? needed + 1 : needed;
}

function tooShort(path: string, property: string, bytes: number, size: number): DataError {
  return new DataError(
    l10n.t`${path} should hold ${gigabytes(bytes)} GB according to its header, but the file has ${bytesInWords(size)}: it is damaged. Copy it again`,
    property,
  );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

function tooLarge(path: string, property: string, bytes: number): DataError {
  return new DataError(
    l10n.t`${path} contains ${gigabytes(bytes)} GB according to its header, and at most 2 GB can be used: use a part of it with ${property.startsWith('test') ? 'test' : 'train'}`,
    property,
  );
}
