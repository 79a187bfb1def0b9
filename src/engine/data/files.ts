/** The files that data are read from. */
import * as l10n from '@vscode/l10n';
import type { ImageShape } from '../../shared/image';
import type { Table } from './csv/table';
import { DataError } from './dataset';

export interface DataFile {
  /** As the person wrote it; messages name it so. */
  path: string;
  /** Unpacked, where the file is gzipped; none where the file has been read as a table. */
  bytes: Uint8Array;
  /** The bytes are the first ones of an IDX file, as many as its source uses. */
  partly?: boolean;
  /** What the bytes are, where they are the pixels of images that were decoded: bytes of [count × height × width × channels]. */
  images?: ImageFacts;
  /** What the bytes of a CSV file are, read with the options of its source. */
  table?: Table;
  /** SHA-256, in hexadecimal, of the bytes that are used, unpacked; absent where the file was not read from a disk. */
  sha256?: string;
}

/** Shape and classes of decoded images. */
export interface ImageFacts {
  shape: ImageShape;
  /** Class of each image. */
  labels: Uint16Array;
  /** In the order of the labels. */
  classNames: string[];
}

/**
 * Properties of `data` that name files. The batches of CIFAR-10 are all in `folder`: the training and the test images of a
 * folder are read separately.
 */
export type DataFileProperty =
  | 'path'
  | 'trainImages'
  | 'trainLabels'
  | 'testImages'
  | 'testLabels'
  | 'folder'
  | 'testFolder';

/** The files of a source, by the property that names them. */
export type DataFiles = Partial<Record<DataFileProperty, DataFile>>;

/** The file of a table. @throws DataError when nobody has read it. */
export function tableFileOf(files: DataFiles): DataFile {
  return fileOf(files, 'path');
}

/** @throws DataError when nobody has read the file. */
export function fileOf(files: DataFiles, property: keyof DataFiles): DataFile {
  const file = files[property];
  if (!file)
    throw new DataError(
      l10n.t`the file of ${property} has not been read: run the experiment from its folder`,
      property,
    );
  return file;
}

/** @throws DataError where nobody has decoded the images. */
export function imagesOf(file: DataFile): DataFile & { images: NonNullable<DataFile['images']> } {
  const { images } = file;
  if (images) return { ...file, images };
  throw new DataError(l10n.t`${file.path} has not been read: run the experiment from its folder`, 'folder');
}
