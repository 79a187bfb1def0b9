/** Arranges the runs of a list: filter, groups and order. */
import { outcomeInWords } from '../../shared/outcomeWords';
import type { RunEntry } from './entry';
import { stateNames } from './entryText';

export const groupings = ['experiment', 'day', 'none'] as const;
export type Grouping = (typeof groupings)[number];
export const orders = ['newest', 'oldest', 'name', 'time', 'size'] as const;
export type Order = (typeof orders)[number];

export interface ListView {
  grouping: Grouping;
  order: Order;
  /** Words that must all be in what a run shows; empty for no filter. */
  filter: string;
}

export interface RunGroup {
  /** Identifies it among the groups of a list. */
  key: string;
  kind: 'pinned' | 'all' | Grouping;
  /** Path of the experiment's file, or a day as `2026-01-31`; empty for the others, and for runs of an unknown day. */
  value: string;
  runs: number;
  training: number;
}

export interface Arranged {
  groups: RunGroup[];
  /** By the key of the group, in order. */
  entries: Map<string, RunEntry[]>;
  /** Number of runs that the filter leaves. */
  shown: number;
  /** Number of runs that train, also of those that the filter leaves out. */
  training: number;
}

export function arranged(entries: Iterable<RunEntry>, { grouping, order, filter }: ListView): Arranged {
  const groups = new Map<string, RunGroup>();
  const members = new Map<string, RunEntry[]>();
  const words = wordsOf(filter);
  let shown = 0;
  let training = 0;
  for (const entry of entries) {
    if (entry.state === 'training') training++;
    if (!matches(entry, words)) continue;
    shown++;
    const [kind, value] = groupOf(entry, grouping);
    const key = `${kind}:${value}`;
    const group = groups.get(key) ?? { key, kind, value, runs: 0, training: 0 };
    group.runs++;
    if (entry.state === 'training') group.training++;
    groups.set(key, group);
    const own = members.get(key);
    if (own) own.push(entry);
    else members.set(key, [entry]);
  }
  for (const own of members.values()) own.sort(comparing(order));
  const firsts = new Map([...members].map(([key, own]) => [key, newestOf(own)]));
  const sorted = [...groups.values()].sort((a, b) => {
    if (a.kind === 'pinned' || b.kind === 'pinned') return a.kind === 'pinned' ? -1 : 1;
    return (firsts.get(b.key) ?? 0) - (firsts.get(a.key) ?? 0) || (a.value < b.value ? -1 : 1);
  });
  return { groups: sorted, entries: members, shown, training };
}

function groupOf(entry: RunEntry, grouping: Grouping): [kind: RunGroup['kind'], value: string] {
  if (entry.pinned) return ['pinned', ''];
  switch (grouping) {
    case 'experiment':
      return ['experiment', entry.experiment];
    case 'day':
      return ['day', entry.time === null ? '' : dayOf(entry.time)];
    default:
      return ['all', ''];
  }
}

/** The day in the time zone of this machine, as `2026-01-31`. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function comparing(order: Order): (a: RunEntry, b: RunEntry) => number {
  const newest = (a: RunEntry, b: RunEntry) =>
    startOf(b) - startOf(a) || (a.folder < b.folder ? 1 : a.folder > b.folder ? -1 : 0);
  switch (order) {
    case 'newest':
      return newest;
    case 'oldest':
      return (a, b) => newest(b, a);
    case 'name':
      return (a, b) => collator.compare(titleOf(a), titleOf(b)) || newest(a, b);
    case 'time':
      return (a, b) => (b.seconds ?? -1) - (a.seconds ?? -1) || newest(a, b);
    case 'size':
      return (a, b) => b.bytes - a.bytes || newest(a, b);
  }
}

const collator = new Intl.Collator(undefined, { numeric: true });

export function titleOf({ label, name }: Pick<RunEntry, 'label' | 'name'>): string {
  return label ?? name;
}

function startOf({ time }: RunEntry): number {
  return time ?? Number.MIN_SAFE_INTEGER;
}

function newestOf(entries: readonly RunEntry[]): number {
  return entries.reduce((newest, entry) => Math.max(newest, startOf(entry)), Number.MIN_SAFE_INTEGER);
}

function wordsOf(filter: string): string[] {
  return filter
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function matches(entry: RunEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { label, name, experiment, arms, state, folder, time } = entry;
  const verdicts = entry.verdicts ?? [];
  const shown = [stateNames[state], ...verdicts.map((outcome) => outcomeInWords({ outcome, exact: false }))];
  const day = time === null ? '' : dayOf(time);
  const all = [label ?? '', name, experiment, folder, day, state, ...arms, ...verdicts, ...shown]
    .join('\n')
    .toLocaleLowerCase();
  return words.every((word) => all.includes(word));
}
