/**
 * Names of lines and bands: `BatchNorm, test`. Headings of exported data are for other programs, and therefore English in every
 * language.
 */
import * as l10n from '@vscode/l10n';

/** A name that differs between the page and exported data. */
export interface Heading {
  words: string;
  /** Heading of the column in exported data. */
  column: string;
}

/** A string is the same in both, e.g. the name of an arm. */
export type Name = string | Heading;

/** What lines show of an arm, or in which way, by heading. */
export const qualities = headings({
  train: l10n.t({ message: 'train', comment: 'The training set' }),
  test: l10n.t({ message: 'test', comment: 'The test set' }),
  mean: l10n.t('mean'),
  std: l10n.t('std'),
  'mean ± std': l10n.t('mean ± std'),
  batch: l10n.t({ message: 'batch', comment: 'Statistics of the batch' }),
  running: l10n.t({ message: 'running', comment: 'Running statistics' }),
  'mean of seeds': l10n.t('mean of seeds'),
  smoothed: l10n.t('smoothed'),
  '95 % interval': l10n.t('95 % interval'),
  'lower edge': l10n.t('lower edge'),
  'upper edge': l10n.t('upper edge'),
  'all layers': l10n.t('all layers'),
  least: l10n.t({ message: 'least', comment: 'The smallest value' }),
  most: l10n.t({ message: 'most', comment: 'The largest value' }),
  largest: l10n.t({ message: 'largest', comment: 'The largest value' }),
  median: l10n.t('median'),
  '15th': l10n.t('15th'),
  '50th': l10n.t('50th'),
  '85th': l10n.t('85th'),
  '15th to 85th': l10n.t('15th to 85th'),
  'batch statistics': l10n.t('batch statistics'),
  'running statistics': l10n.t('running statistics'),
  'precise statistics': l10n.t('precise statistics'),
  'largest eigenvalue': l10n.t('largest eigenvalue'),
});

function headings<Column extends string>(words: Record<Column, string>): Record<Column, Heading> {
  const all = Object.entries<string>(words).map(([column, own]) => [column, { words: own, column }]);
  return Object.fromEntries(all) as Record<Column, Heading>;
}

/** The name of a line: an arm, and what the line shows of it. */
export function named(of: Name, { words, column }: Heading): Name {
  return { words: `${wordsOf(of)}, ${words}`, column: `${columnOf(of)}, ${column}` };
}

/** The name on the page. */
export function wordsOf(name: Name): string {
  return typeof name === 'string' ? name : name.words;
}

/** The heading in exported data. */
export function columnOf(name: Name): string {
  return typeof name === 'string' ? name : name.column;
}

export function seedName(seed: number): Heading {
  return { words: l10n.t`seed ${seed}`, column: `seed ${seed}` };
}

export function unitName(unit: number): Heading {
  return { words: l10n.t`unit ${unit}`, column: `unit ${unit}` };
}
