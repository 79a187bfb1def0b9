/** Data files of an experiment. */
import { unexpected } from '../shared/unexpected';
import type { DataSpecification } from './schema';

/** Properties of `data` that name a file. */
export type DataFileProperty = 'path' | 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface NamedDataFile {
  property: DataFileProperty;
  /** Path as written in the experiment, relative to its folder. */
  path: string;
}

/** Empty for generated data. */
export function dataFiles(data: DataSpecification): NamedDataFile[] {
  switch (data.kind) {
    case 'csv':
      return [{ property: 'path', path: data.path }];
    case 'idx':
      return (['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const).map((property) => ({
        property,
        path: data[property],
      }));
    case 'spiral':
    case 'circles':
    case 'moons':
    case 'xor':
    case 'gaussians':
    case 'digits':
      return [];
    default:
      return unexpected(data);
  }
}

/** Error in the path of a data file, or null. The path must stay in the experiment's folder on every system. */
export function pathProblem(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: searches for control characters
  if (/[\u0000-\u001f]/.test(path)) return 'contains a control character';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    return 'is a URL: data is read from files. Save the file beside the experiment';
  if (/^([/\\]|[a-z]:|~)/i.test(path)) {
    return 'is an absolute path, which does not exist on other machines: copy the file beside the experiment and use a relative path';
  }
  if (path.includes('\\')) return 'contains a backslash: use / between folders, which works on every system';
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '.' && part !== '') depth++;
    if (depth < 0) return "leaves the experiment's folder: copy the file beside the experiment and use a relative path";
  }
  return depth === 0 || path.endsWith('/') ? 'names a folder, not a file' : null;
}
