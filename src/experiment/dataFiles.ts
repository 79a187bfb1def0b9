/** Files that an experiment reads: data, and initial weights. */
import * as l10n from '@vscode/l10n';
import type { DataFileProperty } from '../engine/data/files';
import { isDeviceName } from '../shared/fileNames';
import { unexpected } from '../shared/unexpected';
import type { DataSpecification, Experiment, ResolvedLayer } from './schema';
import { quote } from './words';

export type { DataFileProperty };

export interface NamedDataFile {
  property: DataFileProperty;
  /** Path from the folder of the experiment. */
  path: string;
  /** Whether it is a folder. */
  isFolder?: boolean;
  /** Folder in which a package of the system installs a file of this name: used if the path does not exist. */
  installed?: string;
}

/** Properties of IDX files, in the order of their names. */
const idxProperties = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
const idxNames = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
};
/** Where Debian's package dataset-fashion-mnist installs its files. */
const fashionFolder = '/usr/share/datasets/fashion-mnist';

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

/** All files that an experiment reads, each with its `placesOf`. */
export function filesRead(
  experiment: Pick<Experiment, 'data' | 'network'>,
): (NamedDataFile & { places: readonly string[] })[] {
  return fileSources(experiment).flatMap((source) =>
    dataFiles(source).map((named) => ({ ...named, places: placesOf(named, source) })),
  );
}

/** Empty for generated data. */
export function dataFiles(data: FileSource): NamedDataFile[] {
  switch (data.kind) {
    case 'weights':
    case 'csv':
      return [{ property: 'path', path: data.path }];
    case 'idx':
      return idxProperties.map((property) => ({
        property,
        path: inFolder(data.folder, data[property]),
      }));
    case 'fashion-mnist':
      return idxProperties.map((property) => ({
        property,
        path: inFolder(data.folder ?? 'fashion-mnist', idxNames[property]),
        ...(data.folder === undefined && { installed: fashionFolder }),
      }));
    case 'cifar-10':
      return (['folder', 'testFolder'] as const).map((property) => ({ property, path: data.folder, isFolder: true }));
    case 'png': {
      const folder: NamedDataFile = { property: 'folder', path: data.folder, isFolder: true };
      if (data.testFolder === undefined) return [folder];
      return [folder, { property: 'testFolder', path: data.testFolder, isFolder: true }];
    }
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

function inFolder(folder: string | undefined, path: string): string {
  // An absolute path must not become a valid one.
  return folder === undefined || /^([/\\]|[a-z]:|~)/i.test(path) ? path : `${folder.replace(/\/+$/, '')}/${path}`;
}

/**
 * Paths at which a file is looked for, in this order: as it is written, gzipped where the name says otherwise or the reverse, and
 * where a package installs it. Paths of packages are absolute, all others start from the folder of the experiment.
 */
export function placesOf(named: NamedDataFile, data: FileSource): string[] {
  const { path, installed } = named;
  if (data.kind !== 'idx' && data.kind !== 'fashion-mnist') return [path];
  const other = path.endsWith('.gz') ? path.slice(0, -3) : `${path}.gz`;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [path, other, ...(installed === undefined ? [] : [`${installed}/${name}`])];
}

/** Property of `data` at which a problem of a file is shown; null for the data as a whole. */
export function shownProperty({ property }: NamedDataFile, data: FileSource): DataFileProperty | null {
  if (data.kind === 'cifar-10') return 'folder';
  if (data.kind === 'fashion-mnist') return data.folder === undefined ? null : 'folder';
  return property;
}

/** Error in the path of a data file, or null. The path must stay in the experiment's folder on every system. */
export function pathProblem(path: string, isFolder = false): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: searches for control characters
  if (/[\u0000-\u001f]/.test(path)) return l10n.t('contains a control character: remove it');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    return l10n.t('is a URL: data is read from files. Save the file beside the experiment');
  if (/^([/\\]|[a-z]:|~)/i.test(path)) {
    return l10n.t(
      'is an absolute path, which does not exist on other machines: copy the file beside the experiment and use a relative path',
    );
  }
  const device = path.split('/').find(isDeviceName);
  if (device !== undefined) {
    return l10n.t`has the name ${quote(device)}, which Windows takes for a device, so that no file can have it there: rename it`;
  }
  if (path.includes('\\')) return l10n.t('contains a backslash: use / between folders, which works on every system');
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '.' && part !== '') depth++;
    if (depth < 0)
      return l10n.t("leaves the experiment's folder: copy the file beside the experiment and use a relative path");
  }
  return !isFolder && (depth === 0 || path.endsWith('/'))
    ? l10n.t('names a folder, not a file: name the file in it')
    : null;
}
