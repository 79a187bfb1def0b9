/** The files that data are read from. */
import { DataError } from './dataset';

export interface DataFile {
  /** As the person wrote it; messages name it so. */
  path: string;
  /** Unpacked, where the file is gzipped. */
  bytes: Uint8Array;
}

/** The files of a source, by the property that names them. */
export type DataFiles = Partial<Record<'path' | 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', DataFile>>;

/** @throws DataError when nobody has read the file. */
export function fileOf(files: DataFiles, property: keyof DataFiles): DataFile {
  const file = files[property];
  if (!file)
    throw new DataError(`the file of ${property} has not been read: run the experiment from its folder`, property);
  return file;
}
