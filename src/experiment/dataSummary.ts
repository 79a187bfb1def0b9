/** What was understood of an experiment's data, in words: for the command line, the editor's hover and its line above `data`. */
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../engine/data/dataset';
import type { TableFacts } from '../engine/data/tableFacts';
import type { ImageShape } from '../shared/image';
import { count, quote } from './words';

export interface DataSummary {
  /** The whole in one line. */
  headline: string;
  /** The headline, then what else a person may want to know. */
  lines: string[];
  /** Arms that learn from these data. */
  arms: string[];
  /** Set where the numbers to be learned are far from where a network's outputs begin. */
  farTarget: string | null;
}

/** Suggests a cause of diverged runs: targets that are far from the initial outputs of a network. @param arms Arms that diverged. */
export function divergenceHints(arms: ReadonlySet<string>, data: readonly DataSummary[]): string[] {
  return data.flatMap(({ farTarget, arms: learning }) =>
    farTarget && learning.some((arm) => arms.has(arm)) ? [farTarget] : [],
  );
}

/** Names that a line lists. */
const mostNamed = 10;
const mostFields = 12;

export function summaryOf(dataset: Dataset): Omit<DataSummary, 'arms'> {
  const { table, train, test, image, featureCount } = dataset;
  const examples = l10n.t`${train.count.toLocaleString('en-US')} training and ${count(test.count, 'test example')}`;
  if (!table) {
    const what = image ? imagesInWords(image) : count(featureCount, 'feature');
    const headline = `${what}; ${taskInWords(dataset)}; ${examples}`;
    return { headline, lines: [headline, ...pixelLines(dataset)], farTarget: null };
  }
  const features = image ? imagesInWords(image) : count(featureCount, 'feature');
  const headline = `${columnsInWords(table)} → ${features}; ${taskInWords(dataset)}; ${examples}`;
  const lines = [headline, ...pixelLines(dataset), l10n.t`first row: ${firstRowInWords(table)}`];
  const listed = table.columns.filter(({ as }) => as === 'ignored').map(({ name }) => name);
  if (listed.length > 0) lines.push(l10n.t`left out: ${namesInWords(listed)}`);
  if (table.leftOut > 0) lines.push(l10n.t`${count(table.leftOut, 'row')} left out, as they lack a value`);
  if (table.reading.length > 0) lines.push(l10n.t`read with ${table.reading.join(', ')}`);
  const { name, numbers, standardized } = table.target;
  if (numbers) {
    lines.push(
      l10n.t`target ${quote(name)}: mean ${shown(numbers.mean)}, standard deviation ${shown(numbers.std)}${
        standardized ? l10n.t('; standardized, so losses are in squared standard deviations') : ''
      }`,
    );
  }
  return { headline, lines, farTarget: farTargetInWords(table) };
}

function imagesInWords({ height, width, channels }: ImageShape): string {
  const colours =
    channels === 1 ? '' : channels === 3 ? l10n.t(' in colour (3 channels)') : l10n.t` with ${channels} channels`;
  return l10n.t`images of ${height}×${width} pixels${colours}`;
}

/** How pixels become inputs; empty where they are grey values from 0 to 1. */
function pixelLines({ binarizedAt, channelScales, augment }: Dataset): string[] {
  const lines: string[] = [];
  if (binarizedAt !== undefined) lines.push(l10n.t`binarized: pixels of at least ${binarizedAt} are 1, all others 0`);
  if (channelScales) {
    const each = channelScales.map(({ mean, std }) => l10n.t`mean ${shown(mean)}, standard deviation ${shown(std)}`);
    lines.push(
      l10n.t`standardized by the training images' ${each.length === 1 ? each[0] : `channels: ${each.join('; ')}`}`,
    );
  }
  if (augment) {
    const { shift, flip } = augment;
    const parts = [
      ...(shift > 0 ? [l10n.t`moved by up to ${count(shift, 'pixel')}`] : []),
      ...(flip ? [l10n.t('mirrored half of the time')] : []),
    ];
    lines.push(l10n.t`training images are ${parts.join(' and ')}, at random`);
  }
  return lines;
}

/** `2 numbers, 1 column of 34 words`. */
function columnsInWords({ columns }: TableFacts): string {
  const parts: string[] = [];
  const numbers = columns.filter(({ as }) => as === 'numbers');
  if (numbers.length > 0) parts.push(count(numbers.length, 'number'));
  const words = columns.filter(({ as }) => as === 'words');
  const widths = words.map(({ different = 0 }) => different);
  if (words.length === 1) parts.push(l10n.t`1 column of ${count(widths[0], 'word')}`);
  else if (words.length > 1) {
    const [least, most] = [Math.min(...widths), Math.max(...widths)];
    const each = least === most ? count(most, 'word') : `${least} to ${count(most, 'word')}`;
    parts.push(l10n.t`${words.length} columns of ${each}`);
  }
  const units = columns.filter(({ unit }) => unit);
  const listed = units.slice(0, mostNamed).map(({ name, unit = '' }) => `${quote(name)} in ${unit}`);
  return parts.join(', ') + (listed.length > 0 ? ` (${listed.join(', ')})` : '');
}

function taskInWords({ task, classCount, classNames, table }: Dataset): string {
  const target = table ? ` of ${quote(table.target.name)}` : '';
  if (task === 'regression') return `regression${target}`;
  return `classification${target}, ${classCount} ${classCount === 1 ? 'class' : 'classes'}: ${namesInWords(classNames)}`;
}

function namesInWords(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return (
    names.slice(0, mostNamed).map(quote).join(', ') +
    (more > 0 ? l10n.t` and ${more.toLocaleString('en-US')} more` : '')
  );
}

function firstRowInWords({ firstRow }: TableFacts): string {
  const more = firstRow.length - mostFields;
  const fields = firstRow.slice(0, mostFields).map(({ name, field }) => `${name} ${quote(field)}`);
  return fields.join(', ') + (more > 0 ? ` and ${count(more, 'more column')}` : '');
}

function farTargetInWords({ target: { name, numbers, standardized } }: TableFacts): string | null {
  if (!numbers || standardized || Math.hypot(numbers.mean, numbers.std) <= 10) return null;
  return l10n.t`The target ${quote(name)} has mean ${shown(numbers.mean)} and standard deviation ${shown(numbers.std)}, far from where a network's outputs begin: give data.standardizeTarget: true, or a smaller learning rate.`;
}

function shown(value: number): string {
  if (Math.abs(value) >= 1e9) return value.toExponential(3);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
