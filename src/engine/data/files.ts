/** The files that data are read from. */
import type { Table } from './csv/table';
import { DataError } from './dataset';

export interface DataFile {
  /** As the person wrote it; messages name it so. */
  path: string;
  /** Unpacked, where the file is gzipped; none where the file has been read as a table. */
  bytes: Uint8Array;
  /** The bytes are the first ones of an IDX file, as many as its source uses. */
  partly?: boolean;
  /** What the bytes of a CSV file are, read with the options of its source. */
  table?: Table;
  /** SHA-256, in hexadecimal, of the bytes that are used, unpacked; absent where the file was not read from a disk. */
  sha256?: string;
}

/** The files of a source, by the property that names them. */
export type DataFiles = Partial<Record<'path' | 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', DataFile>>;

/** The file of a table. @throws DataError when nobody has read it. */
export function tableFileOf(files: DataFiles): DataFile {
  return fileOf(files, 'path');
}

/** @throws DataError when nobody has read the file. */
export function fileOf(files: DataFiles, property: keyof DataFiles): DataFile {
  const file = files[property];
  if (!file)
    throw new DataError(`the file of ${property} has not been read: run the experiment from its folder`, property);
  return file;
}
