/** Whether an experiment's data can be had and fit its training: from the file alone, and again when they are read. */
import type { Dataset, Examples } from '../../engine/data/dataset';
import { dataFiles, pathProblem } from '../dataFiles';
import { dataShape } from '../dataShape';
import { error, type Finding, warning } from '../findings';
import type { Experiment } from '../schema';
import { count, quote } from '../words';
import { layerFindings } from './network';

/** What a check may ask of the machine that the experiment lies on. */
export interface Host {
  /** Whether a file exists, by its path relative to the experiment's folder; undefined where that is not known. */
  fileExists?(relative: string): boolean | undefined;
}

export function dataFindings({ data, training }: Experiment, host: Host): Finding[] {
  const findings: Finding[] = [];
  for (const { property, path } of dataFiles(data)) {
    const problem = pathProblem(path);
    if (problem) findings.push(error(['data', property], `${quote(path)} ${problem}`));
    else if (host.fileExists?.(path) === false) findings.push(error(['data', property], missingFile(path)));
  }
  const { train, outputs } = dataShape(data);
  // IDX and CSV files have their own say, when they are read.
  if (train === null || data.kind === 'idx') return findings;
  findings.push(...batchFindings(training.batchSize, train));
  if (outputs !== null && train < outputs) {
    findings.push(error(['data', 'train'], tooFewForClasses('training', train, outputs)));
  }
  const { test } = data as { test: number };
  if (outputs !== null && test < outputs) {
    findings.push(error(['data', 'test'], tooFewForClasses('test', test, outputs)));
  }
  return findings;
}

export function missingFile(path: string): string {
  return `there is no file ${quote(path)} in the experiment's folder: copy it there, or mend the path`;
}

function tooFewForClasses(part: string, examples: number, classes: number): string {
  return `${count(examples, `${part} example`)} cannot show all ${classes} classes: give at least ${classes}`;
}

function batchFindings(batchSize: number, train: number): Finding[] {
  if (batchSize <= train) return [];
  const message = `a minibatch of ${batchSize} cannot be drawn from ${count(train, 'training example')}: give batchSize at most ${train}, or more examples`;
  return [error(['training', 'batchSize'], message)];
}

/** What only the data themselves can tell. For whoever has loaded them, before training. */
export function checkDataset(dataset: Dataset, { training, network }: Experiment): Finding[] {
  const { train, test, featureCount, image } = dataset;
  if (train.count === 0) return [error(['data'], 'there is no training example')];
  const outputs = Math.max(1, dataset.classCount + dataset.targetCount);
  const findings = [
    ...batchFindings(training.batchSize, train.count),
    ...layerFindings(network, featureCount, outputs, image),
  ];
  if (test.count === 0)
    findings.push(
      error(
        ['data'],
        'there is no test example: give "test" or "testFraction" a number above 0, or a data file for testing that has rows',
      ),
    );
  if (dataset.task !== 'classification') return findings;
  if (dataset.classCount < 2)
    findings.push(error(['data'], 'all examples are of one class: there is nothing to learn'));
  findings.push(...absentClasses(dataset, train, 'training', error));
  if (test.count > 0) findings.push(...absentClasses(dataset, test, 'test', warning));
  return findings;
}

function absentClasses(dataset: Dataset, examples: Examples, part: string, say: typeof error): Finding[] {
  const present = new Set<number>();
  for (let k = 0; k < examples.count; k++) present.add(examples.labels[k]);
  const absent = dataset.classNames.filter((_, label) => !present.has(label));
  if (absent.length === 0) return [];
  const named = absent.slice(0, 5).map(quote).join(', ') + (absent.length > 5 ? `, and ${absent.length - 5} more` : '');
  const classes = absent.length === 1 ? 'the class' : 'the classes';
  return [
    say(
      ['data'],
      `${classes} ${named} ${absent.length === 1 ? 'has' : 'have'} no ${part} example: give more examples, or another split`,
    ),
  ];
}
