/** Reads folders of PNG files: one folder for each class. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DataError } from '../engine/data/dataset';
import type { DataFileProperty } from '../engine/data/files';
import type { DataFile } from '../protocol';
import { formatCount } from '../shared/numbers';
import { readRegularFile } from './folder/regularFile';
import { decodePng, PngError, type PngHeading, pngHeading } from './png';
import { naming, withoutSlash } from './readProblem';

/** Maximum bytes of one file. */
const mostFileBytes = 2 ** 26;
/** Maximum bytes of all pixels, as of the other kinds of data. */
const mostPixels = 2 ** 29;
/** Maximum number of images in a folder. */
const mostImages = 1_000_000;
const mostClasses = 1000;

/** Files that systems put into folders. */
const ofSystem = /^(\..*|thumbs\.db|desktop\.ini)$/i;

interface PngFile {
  path: string;
  label: number;
}

/**
 * The images of a folder, decoded into memory that workers share: the classes in the order of their names, the images of each in
 * the order of theirs.
 * @param path Path of the folder, from `baseFolder`.
 * @param property Property of `data` that names it.
 * @throws DataError
 */
export function readPngFolder(path: string, property: DataFileProperty, baseFolder: string): DataFile {
  const fail = (message: string) => new DataError(message, property);
  const { classNames, files } = listed(withoutSlash(path), property, baseFolder, fail);
  const [first] = files;
  let shape: PngHeading | null = null;
  let pixels: Uint8Array = new Uint8Array(0);
  const labels = new Uint16Array(new SharedArrayBuffer(2 * files.length));
  files.forEach((file, k) => {
    try {
      const bytes = naming(file.path, 'listed', property, () =>
        readRegularFile(join(baseFolder, file.path), mostFileBytes),
      );
      const heading = pngHeading(bytes);
      if (shape === null) {
        shape = heading;
        const size = files.length * heading.width * heading.height * heading.channels;
        if (size > mostPixels) {
          throw fail(
            l10n.t`${path} has ${files.length} images of ${heading.height}×${heading.width} pixels, ${(size / 1e9).toFixed(1)} GB: use smaller ones, or at most ${Math.max(1, Math.floor((mostPixels / size) * files.length))} of them`,
          );
        }
        pixels = new Uint8Array(new SharedArrayBuffer(size));
      } else requireAlike(heading, shape, file.path, first.path, fail);
      const image = decodePng(bytes, heading);
      pixels.set(image, k * image.length);
      labels[k] = file.label;
    } catch (cause) {
      if (cause instanceof PngError) throw fail(`${file.path} ${cause.message}`);
      throw cause;
    }
  });
  const { width, height, channels } = shape ?? { width: 0, height: 0, channels: 1 };
  const hash = createHash('sha256').update(pixels).update(labels).update(classNames.join('\n'));
  return {
    path,
    bytes: pixels,
    images: { shape: { width, height, channels }, labels, classNames },
    sha256: hash.digest('hex'),
  };
}

/** @throws DataError if the folder is not laid out as expected. */
function listed(path: string, property: DataFileProperty, baseFolder: string, fail: (message: string) => DataError) {
  const namesOf = (folder: string) => naming(folder, 'folder', property, () => namesIn(join(baseFolder, folder)));
  const entries = namesOf(path);
  const isFolder = (name: string) => {
    const own = `${path}/${name}`;
    return naming(own, 'listed', property, () => statSync(join(baseFolder, own)).isDirectory());
  };
  const classNames = entries.filter(isFolder);
  const loose = entries.filter((name) => !classNames.includes(name));
  if (classNames.length === 0) {
    throw fail(
      loose.some(isPng)
        ? l10n.t`${path} has PNG files, but no folder for each class: put the images of each class into a folder named after it, e.g. ${path}/circle/1.png`
        : l10n.t`${path} has no folders with PNG files: give a folder that has one for each class, named after it`,
    );
  }
  if (loose.length > 0) {
    throw fail(
      l10n.t`${path} has the file ${JSON.stringify(loose[0])} beside the folders of the classes: move it into one of them, or out of ${path}`,
    );
  }
  if (classNames.length > mostClasses) {
    throw fail(l10n.t`${path} has ${classNames.length} folders, and there may be at most ${mostClasses} classes`);
  }
  const files = classNames.flatMap((name, label): PngFile[] => {
    const own = `${path}/${name}`;
    const found = namesOf(own);
    const other = found.find((each) => !isPng(each));
    if (other !== undefined) {
      throw fail(l10n.t`${own}/${other} is not a PNG file: convert it, or move it out of the folder`);
    }
    if (found.length === 0)
      throw fail(l10n.t`${own} has no PNG file: put images of this class there, or remove the folder`);
    return found.map((each) => ({ path: `${own}/${each}`, label }));
  });
  if (files.length > mostImages) {
    throw fail(l10n.t`${path} has ${files.length} images, and at most ${formatCount(mostImages)} can be used`);
  }
  return { classNames, files };
}

/** Names in a folder, in an order that is the same everywhere, without those that systems add. */
function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !ofSystem.test(name))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function isPng(name: string): boolean {
  return /\.png$/i.test(name);
}

function requireAlike(
  found: PngHeading,
  { width, height, channels }: PngHeading,
  path: string,
  firstPath: string,
  fail: (message: string) => DataError,
): void {
  if (found.width !== width || found.height !== height) {
    throw fail(
      l10n.t`${path} has ${found.height}×${found.width} pixels, but ${firstPath} has ${height}×${width}: all images must be of one size. Scale or crop it`,
    );
  }
  if (found.channels !== channels) {
    throw fail(
      found.channels === 1
        ? l10n.t`${path} is grey, but ${firstPath} is in colour: convert all images to the same`
        : l10n.t`${path} is in colour, but ${firstPath} is grey: convert all images to the same`,
    );
  }
}
