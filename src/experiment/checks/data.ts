/** Checks that an experiment's data exist and fit its training: from the file alone, and again after reading the data. */
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../../engine/data/dataset';
import { dataFiles, type NamedDataFile, pathProblem, placesOf, shownProperty } from '../dataFiles';
import { type DataShape, dataShape, shapeOf } from '../dataShape';
import { error, type Finding, warning } from '../findings';
import { changeTo, optional, type Remedy, setTo } from '../remedies';
import type { Experiment } from '../schema';
import { closest, count, quote } from '../words';
import { networkFindings } from './layerShapes';
import { memoryFindings } from './memory';
import { statisticsFindings } from './sampleSizes';

/** Queries of a check to the machine with the experiment. */
export interface Host {
  /** Whether a file exists, by its path relative to the experiment's folder; undefined if unknown. */
  fileExists?(relative: string): boolean | undefined;
  /** Names of files in a folder, by its path relative to the experiment's folder: some of very many, none if unknown. */
  filesIn?(folder: string): readonly string[];
}

export function dataFindings({ data, training }: Experiment, host: Host): Finding[] {
  const findings: Finding[] = [];
  const add = (finding: Finding | null) => {
    if (finding && !findings.some(({ message }) => message === finding.message)) findings.push(finding);
  };
  if (data.kind === 'fashion-mnist') {
    // Where its files are, or are not, is one message when they are read.
    if (data.folder !== undefined) {
      add(fileFinding(data.folder, ['data', 'folder'], host, { isFolder: true, places: [] }));
    }
  } else {
    for (const named of dataFiles(data)) {
      const property = shownProperty(named, data);
      add(
        fileFinding(named.path, property === null ? ['data'] : ['data', property], host, {
          isFolder: named.isFolder,
          places: placesOf(named, data),
          start: startOf(named, data),
        }),
      );
    }
  }
  findings.push(...transposeFindings(data));
  const { train, test, outputs } = dataShape(data);
  // Files are checked when they are read.
  if (train === null || dataFiles(data).length > 0) return findings;
  findings.push(...batchFindings(training, train, (size) => [optional(setTo(['data', 'train'], size))]));
  if (outputs !== null && train < outputs) {
    findings.push(
      error(['data', 'train'], tooFewForClasses(count(train, 'training example'), outputs), [
        setTo(['data', 'train'], outputs),
      ]),
    );
  }
  if (outputs !== null && test !== null && test < outputs) {
    findings.push(
      error(['data', 'test'], tooFewForClasses(count(test, 'test example'), outputs), [
        setTo(['data', 'test'], outputs),
      ]),
    );
  }
  return findings;
}

/** How a file is named. */
interface Naming {
  isFolder?: boolean;
  /** Paths at which it is looked for; by default, its own. */
  places?: readonly string[];
  /** Part of the path that another property gives: a folder with a slash. */
  start?: string;
}

/** Error in the path of a file, or that it is missing; null without one. */
export function fileFinding(
  path: string,
  place: Finding['path'],
  host: Host,
  { isFolder = false, places = [path], start = '' }: Naming = {},
): Finding | null {
  const change = (corrected: string) => changeTo(place, corrected.slice(start.length));
  const problem = pathProblem(path, isFolder);
  if (problem) {
    const corrected = path.replaceAll('\\', '/');
    const remedies = pathProblem(corrected, isFolder) === null ? [change(corrected)] : [];
    return error(place, `${quote(path)} ${problem}`, remedies);
  }
  if (places.length === 0 || places.some((each) => host.fileExists?.(each) !== false)) return null;
  if (isFolder) return error(place, missingFolder(path));
  const near = nearFiles(path, host).filter((each) => each.startsWith(start));
  return error(place, missingFile(path), near.map(change));
}

/** Part of a file's path that is not in its own property: the folder that `data.folder` names, with a slash. */
function startOf({ path, property, isFolder }: NamedDataFile, data: Experiment['data']): string {
  const written = (data as Partial<Record<string, unknown>>)[property];
  return !isFolder && typeof written === 'string' && path.endsWith(written) ? path.slice(0, -written.length) : '';
}

/** A file with nearly the same name, in the same folder or beside the experiment. */
function nearFiles(path: string, { filesIn }: Host): string[] {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash + 1), path.slice(slash + 1)];
  for (const place of new Set([folder, ''])) {
    const files = filesIn?.(place) ?? [];
    const near = files.includes(name) ? name : closest(name, files);
    if (near !== undefined && endingOf(near) === endingOf(name)) return [place + near];
  }
  return [];
}

/** `csv` of `data.CSV.gz`: a file of a different kind is not what was meant. */
function endingOf(name: string): string {
  return name.toLowerCase().replace(/\.gz$/, '').split('.').slice(1).at(-1) ?? '';
}

export function missingFile(path: string): string {
  return l10n.t`there is no file ${quote(path)} in the experiment's folder: copy it there, or correct the path`;
}

function missingFolder(path: string): string {
  return l10n.t`there is no folder ${quote(path)} in the experiment's folder: copy it there, or correct the path`;
}

/** EMNIST's images lie on their sides in its files. */
function transposeFindings(data: Experiment['data']): Finding[] {
  if (data.kind !== 'idx' || data.transpose !== undefined || !/emnist/i.test(data.trainImages)) return [];
  return [
    warning(
      ['data', 'trainImages'],
      l10n.t(
        'EMNIST stores its images with rows and columns exchanged, so characters lie on their sides: give data.transpose: true, or false if these are upright',
      ),
      [setTo(['data', 'transpose'], true)],
    ),
  ];
}

function tooFewForClasses(examples: string, classes: number): string {
  return l10n.t`${examples} cannot show all ${classes} classes: give at least ${classes}`;
}

/** Checks the batch size of the start and of every change. */
function batchFindings(
  { batchSize, changes = [] }: Experiment['training'],
  train: number,
  moreExamples: (size: number) => Remedy[],
): Finding[] {
  const sizes: [number | undefined, Finding['path']][] = [
    [batchSize, ['training', 'batchSize']],
    ...changes.map((change, index): [number | undefined, Finding['path']] => [
      change.batchSize,
      ['training', 'changes', index, 'batchSize'],
    ]),
  ];
  return sizes.flatMap(([size, path]) => {
    if (size === undefined || size <= train) return [];
    const message = l10n.t`a minibatch of ${size} cannot be drawn from ${count(train, 'training example')}: give batchSize at most ${train}, or more examples`;
    return [error(path, message, [setTo(path, train), ...moreExamples(size)])];
  });
}

/** Checks that need the shape of the data. @param memory Memory limit of one run, in bytes. */
function shapeFindings(experiment: Experiment, shape: DataShape, memory?: number): Finding[] {
  return [
    ...networkFindings(experiment, shape),
    ...statisticsFindings(experiment, shape),
    ...largestFindings(experiment, shape, memory),
  ];
}

/** The first finding about memory, with the batch size of the start or of a change. */
function largestFindings(experiment: Experiment, shape: DataShape, memory?: number): Finding[] {
  const { training } = experiment;
  const found = memoryFindings(experiment, memory, shape);
  for (const [index, { batchSize }] of (training.changes ?? []).entries()) {
    if (found.length > 0) break;
    if (batchSize === undefined) continue;
    const changed = { ...experiment, training: { ...training, batchSize } };
    const path = ['training', 'changes', index, 'batchSize'];
    found.push(...memoryFindings(changed, memory, shape).map((finding) => ({ ...finding, path })));
  }
  return found;
}

/** Checks of the data themselves, independent of the experiment. */
export function checkExamples(dataset: Dataset): Finding[] {
  const { train, test } = dataset;
  if (train.count === 0) return [error(['data'], l10n.t('there is no training example'))];
  const findings: Finding[] = [];
  if (test.count === 0)
    findings.push(
      error(
        ['data'],
        l10n.t(
          'there is no test example: give "test" or "testFraction" a number above 0, or a data file for testing that has rows',
        ),
      ),
    );
  if (dataset.task !== 'classification') return findings;
  if (dataset.classCount < 2)
    findings.push(
      error(
        ['data'],
        l10n.t('all examples are of one class: there is nothing to learn. Give examples of at least two'),
      ),
    );
  findings.push(...absentClasses(dataset, 'train', error));
  if (test.count > 0) findings.push(...absentClasses(dataset, 'test', warning));
  return findings;
}

/**
 * Repeats the checks that need the shape of the data, now that it is known, without findings that the file alone produced.
 * @param memory Memory limit of one run, in bytes.
 */
export function checkAgainstData(dataset: Dataset, experiment: Experiment, memory?: number): Finding[] {
  if (dataset.train.count === 0) return [];
  const known = new Set(
    shapeFindings(experiment, dataShape(experiment.data), memory).map((finding) => JSON.stringify(finding)),
  );
  return [
    ...batchFindings(experiment.training, dataset.train.count, () => []),
    ...shapeFindings(experiment, shapeOf(dataset), memory).filter((finding) => !known.has(JSON.stringify(finding))),
  ];
}

/** Checks data and an experiment together, after loading the data and before training. */
export function checkDataset(dataset: Dataset, experiment: Experiment, memory?: number): Finding[] {
  return [...checkAgainstData(dataset, experiment, memory), ...checkExamples(dataset)];
}

function absentClasses(dataset: Dataset, part: 'train' | 'test', say: typeof error): Finding[] {
  const examples = dataset[part];
  const present = new Set<number>();
  for (let k = 0; k < examples.count; k++) present.add(examples.labels[k]);
  const absent = dataset.classNames.filter((_, label) => !present.has(label));
  if (absent.length === 0) return [];
  return [say(['data'], part === 'train' ? notTrained(absent) : notTested(absent))];
}

function notTrained(absent: readonly string[]): string {
  return absent.length === 1
    ? l10n.t`the class ${quote(absent[0])} has no training example: give more examples, or another split`
    : l10n.t`the classes ${namesOf(absent)} have no training example: give more examples, or another split`;
}

function notTested(absent: readonly string[]): string {
  return absent.length === 1
    ? l10n.t`the class ${quote(absent[0])} has no test example: give more examples, or another split`
    : l10n.t`the classes ${namesOf(absent)} have no test example: give more examples, or another split`;
}

/** The first five classes, and the number of the others. */
function namesOf(classes: readonly string[]): string {
  const names = classes.slice(0, 5).map(quote).join(', ');
  return classes.length > 5 ? l10n.t`${names}, and ${classes.length - 5} more` : names;
}
