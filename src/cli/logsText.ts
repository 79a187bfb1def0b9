/** Formats the contents of a folder of event files. */
import * as l10n from '@vscode/l10n';
import { bytesInWords, count } from '../experiment/words';
import type { FollowedRun, LogFolder } from '../runs/folder/logs/logFolder';
import { damageOf, damageRemarks, readingRemarks } from '../runs/folder/logs/logRemarks';
import type { Tag, TagKind } from '../runs/log/foreign/tags';
import { formatCount, noValue } from '../shared/numbers';
import { type Colours, printable } from './console';
import { type Cell, type Column, table } from './textTable';

/** Maximum number of rows of each table. */
const mostRows = 60;

const runColumns: Column[] = [
  { title: l10n.t({ message: 'run', comment: 'Heading of a column' }) },
  { title: l10n.t('seed'), align: 'right' },
  { title: l10n.t('files'), align: 'right' },
  { title: l10n.t('tags'), align: 'right' },
  { title: l10n.t('values'), align: 'right' },
  { title: l10n.t('steps') },
  { title: l10n.t('last record (UTC)') },
];

const tagColumns: Column[] = [
  { title: l10n.t('tag') },
  { title: l10n.t('kind') },
  { title: l10n.t('runs'), align: 'right' },
  { title: l10n.t('values'), align: 'right' },
  { title: l10n.t('steps') },
];

const kindWords: Record<TagKind, string> = {
  scalar: l10n.t({ message: 'scalar', comment: 'Kind of a tag of TensorBoard' }),
  histogram: l10n.t({ message: 'histogram', comment: 'Kind of a tag of TensorBoard' }),
  text: l10n.t({ message: 'text', comment: 'Kind of a tag of TensorBoard' }),
  image: l10n.t({ message: 'image', comment: 'Kind of a tag of TensorBoard' }),
};

export function logsText(folder: LogFolder, colours: Colours): string {
  const { runs, files, bytes } = folder;
  const tags = tagsOf(runs);
  const values = sum(tags, ({ values }) => values);
  const title = l10n.t`${count(runs.length, 'run')} with ${count(tags.length, 'tag')}, ${count(values, 'value')} in ${count(files.length, 'file')} (${bytesInWords(bytes)})`;
  const parts = [
    colours.bold(title),
    shortTable(runColumns, runs.map(runRow), colours),
    shortTable(tagColumns, tags.map(tagRow), colours),
  ];
  return parts.join('\n\n');
}

function shortTable(columns: Column[], rows: Cell[][], { bold }: Colours): string {
  const text = table(columns, rows.slice(0, mostRows), bold);
  const rest = rows.length - mostRows;
  return rest > 0 ? `${text}\n${l10n.t`… and ${formatCount(rest)} more, which --json lists`}` : text;
}

function runRow({ arm, seed, files, tags, contents }: FollowedRun): Cell[] {
  return [
    printable(arm),
    seed === null ? noValue : String(seed),
    formatCount(files.length),
    formatCount(tags.length),
    formatCount(sum(tags, ({ values }) => values)),
    stepsInWords(tags),
    timeInWords(contents.lastWallTime),
  ];
}

/** A tag of all runs. */
interface TagOfRuns {
  name: string;
  kinds: TagKind[];
  /** The tag in each run that has it. */
  tags: Tag[];
  values: number;
}

function tagsOf(runs: readonly FollowedRun[]): TagOfRuns[] {
  const all = new Map<string, TagOfRuns>();
  for (const tag of runs.flatMap(({ tags }) => tags)) {
    const { name, kinds, values } = tag;
    const found = all.get(name) ?? { name, kinds: [], tags: [], values: 0 };
    found.kinds = [...new Set([...found.kinds, ...kinds])];
    found.tags.push(tag);
    found.values += values;
    all.set(name, found);
  }
  return [...all.values()];
}

function tagRow({ name, kinds, tags, values }: TagOfRuns): Cell[] {
  return [
    printable(name),
    kinds.map((kind) => kindWords[kind]).join(', '),
    formatCount(tags.length),
    formatCount(values),
    stepsInWords(tags),
  ];
}

function stepsInWords(tags: readonly Tag[]): string {
  const range = rangeOf(tags);
  return range ? l10n.t`${formatCount(range.first)} to ${formatCount(range.last)}` : noValue;
}

function rangeOf(tags: readonly Tag[]): { first: number; last: number } | null {
  let range: { first: number; last: number } | null = null;
  for (const { steps } of tags) {
    if (!steps) continue;
    range = range
      ? { first: Math.min(range.first, steps.first), last: Math.max(range.last, steps.last) }
      : { ...steps };
  }
  return range;
}

/** A clock may have been wrong: a date outside JavaScript's range is not shown. */
function timeInWords(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? noValue : date.toISOString().slice(0, 19).replace('T', ' ');
}

export function logsJson(folder: LogFolder): object {
  return {
    folder: folder.path,
    bytes: folder.bytes,
    runs: folder.runs.map(({ folder: name, arm, seed, files, tags, contents }) => ({
      folder: name,
      arm,
      seed,
      files: files.map((file) => ({
        name: folder.nameOf(file),
        bytes: file.size,
        records: file.follower.records,
        incompleteBytes: file.follower.rest,
        damage: damageOf(file),
        damageCount: file.follower.damageCount,
        problem: file.problem,
      })),
      tags: tags.map(({ name, kinds, values, steps, scalars, repeats, restarts }) => ({
        name,
        kinds,
        values,
        firstStep: steps?.first ?? null,
        lastStep: steps?.last ?? null,
        // JSON has no NaN and no infinity.
        lastValue: scalars && Number.isFinite(scalars.lastValue) ? scalars.lastValue : null,
        repeats,
        restarts,
      })),
      notShown: Object.fromEntries(contents.passedOver),
    })),
    damage: damageRemarks(folder),
    notes: readingRemarks(folder),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
