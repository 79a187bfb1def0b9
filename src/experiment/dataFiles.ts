/** Files that an experiment reads: data, and initial weights. */
import { isDeviceName } from '../shared/fileNames';
import { unexpected } from '../shared/unexpected';
import type { DataSpecification, Experiment, ResolvedLayer } from './schema';
import { quote } from './words';

/** Properties of `data` that name a file. */
export type DataFileProperty = 'path' | 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface NamedDataFile {
  property: DataFileProperty;
  /** Path as written in the experiment, relative to its folder. */
  path: string;
}

/** A file of initial weights. */
export interface WeightsSource {
  kind: 'weights';
  path: string;
}

/** What files are read for. */
export type FileSource = DataSpecification | WeightsSource;

/** The data of an experiment, if they are in files, and its files of initial weights, each once. */
export function fileSources({ data, network }: Pick<Experiment, 'data' | 'network'>): FileSource[] {
  const paths = new Set<string>();
  const add = ({ initialization }: Pick<Experiment['network']['output'], 'initialization'>) => {
    if (initialization.kind === 'file') paths.add(initialization.path);
  };
  const addAll = (layers: readonly ResolvedLayer[]) => {
    for (const layer of layers) {
      if ('residual' in layer) addAll(layer.residual);
      else if ('initialization' in layer) add(layer);
    }
  };
  addAll(network.layers);
  add(network.output);
  const weights = Array.from(paths, (path): FileSource => ({ kind: 'weights', path }));
  return dataFiles(data).length > 0 ? [data, ...weights] : weights;
}

/** All files that an experiment reads. */
export function filesRead(experiment: Pick<Experiment, 'data' | 'network'>): NamedDataFile[] {
  return fileSources(experiment).flatMap(dataFiles);
}

/** Empty for generated data. */
export function dataFiles(data: FileSource): NamedDataFile[] {
  switch (data.kind) {
    case 'weights':
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
  const device = path.split('/').find(isDeviceName);
  if (device !== undefined) {
    return `has the name ${quote(device)}, which Windows takes for a device, so that no file can have it there: rename it`;
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
