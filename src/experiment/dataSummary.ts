/** What was understood of an experiment's data, in words: for the command line, the editor's hover and its line above `data`. */
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../engine/data/dataset';
import type { TableFacts } from '../engine/data/tableFacts';
import type { ImageShape } from '../shared/image';
import { formatAmount, formatCount } from '../shared/numbers';
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
  const examples = l10n.t`${formatCount(train.count)} training and ${count(test.count, 'test example')}`;
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
    const [mean, std] = [numbers.mean, numbers.std].map(formatAmount);
    lines.push(
      standardized
        ? l10n.t`target ${quote(name)}: mean ${mean}, standard deviation ${std}; standardized, so losses are in squared standard deviations`
        : l10n.t`target ${quote(name)}: mean ${mean}, standard deviation ${std}`,
    );
  }
  return { headline, lines, farTarget: farTargetInWords(table) };
}

function imagesInWords({ height, width, channels }: ImageShape): string {
  if (channels === 1) return l10n.t`images of ${height}×${width} pixels`;
  if (channels === 3) return l10n.t`images of ${height}×${width} pixels in colour (3 channels)`;
  return l10n.t`images of ${height}×${width} pixels with ${channels} channels`;
}

/** How pixels become inputs; empty where they are grey values from 0 to 1. */
function pixelLines({ binarizedAt, channelScales, augment }: Dataset): string[] {
  const lines: string[] = [];
  if (binarizedAt !== undefined) lines.push(l10n.t`binarized: pixels of at least ${binarizedAt} are 1, all others 0`);
  if (channelScales) {
    const each = channelScales.map(
      ({ mean, std }) => l10n.t`mean ${formatAmount(mean)}, standard deviation ${formatAmount(std)}`,
    );
    lines.push(
      each.length === 1
        ? l10n.t`standardized by the training images' ${each[0]}`
        : l10n.t`standardized by the training images' channels: ${each.join('; ')}`,
    );
  }
  if (augment) {
    const { shift, flip } = augment;
    const distance = count(shift, 'pixel');
    if (shift > 0 && flip)
      lines.push(l10n.t`training images are moved by up to ${distance} and mirrored half of the time, at random`);
    else if (flip) lines.push(l10n.t('training images are mirrored half of the time, at random'));
    else lines.push(l10n.t`training images are moved by up to ${distance}, at random`);
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
    const each = least === most ? count(most, 'word') : l10n.t`${least} to ${count(most, 'word')}`;
    parts.push(l10n.t`${words.length} columns of ${each}`);
  }
  const units = columns.filter(({ unit }) => unit);
  const listed = units.slice(0, mostNamed).map(({ name, unit = '' }) => l10n.t`${quote(name)} in ${unit}`);
  return parts.join(', ') + (listed.length > 0 ? ` (${listed.join(', ')})` : '');
}

function taskInWords({ task, classCount, classNames, table }: Dataset): string {
  if (task === 'regression') {
    return table ? l10n.t`regression of ${quote(table.target.name)}` : l10n.t('regression');
  }
  const [classes, names] = [count(classCount, 'class'), namesInWords(classNames)];
  return table
    ? l10n.t`classification of ${quote(table.target.name)}, ${classes}: ${names}`
    : l10n.t`classification, ${classes}: ${names}`;
}

function namesInWords(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const listed = names.slice(0, mostNamed).map(quote).join(', ');
  return more > 0 ? l10n.t`${listed} and ${formatCount(more)} more` : listed;
}

function firstRowInWords({ firstRow }: TableFacts): string {
  const more = firstRow.length - mostFields;
  const fields = firstRow.slice(0, mostFields).map(({ name, field }) => `${name} ${quote(field)}`);
  const listed = fields.join(', ');
  return more > 0 ? l10n.t`${listed} and ${count(more, 'more column')}` : listed;
}

function farTargetInWords({ target: { name, numbers, standardized } }: TableFacts): string | null {
  if (!numbers || standardized || Math.hypot(numbers.mean, numbers.std) <= 10) return null;
  return l10n.t`The target ${quote(name)} has mean ${formatAmount(numbers.mean)} and standard deviation ${formatAmount(numbers.std)}, far from where a network's outputs begin: give data.standardizeTarget: true, or a smaller learning rate.`;
}
