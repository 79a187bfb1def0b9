/** The files that an experiment's data are read from. */
import { unexpected } from '../shared/unexpected';
import type { DataSpecification } from './schema';

/** Properties of `data` that name a file. */
export type DataFileProperty = 'path' | 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface NamedDataFile {
  property: DataFileProperty;
  /** As the file has it: relative to the experiment's folder. */
  path: string;
}

/** None for generated data. */
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

/** What is wrong with the path of a data file, or null. It has to stay in the experiment's folder, on every system. */
export function pathProblem(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f]/.test(path)) return 'holds a control character';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    return 'is an address: data are read from files. Save it beside the experiment';
  if (/^([/\\]|[a-z]:|~)/i.test(path)) {
    return 'is an absolute path, which another machine will not have: copy the file beside the experiment and name it from there';
  }
  if (path.includes('\\')) return 'has a backslash: write / between folders, which works on every system';
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '.' && part !== '') depth++;
    if (depth < 0) return "leaves the experiment's folder: copy the file beside the experiment and name it from there";
  }
  return depth === 0 || path.endsWith('/') ? 'names a folder, not a file' : null;
}
