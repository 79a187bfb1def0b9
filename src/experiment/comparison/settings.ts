/** Finds the settings in which resolved experiments differ. */
import type { Experiment } from '../schema';

type Leaf = string | number | boolean;

export interface DifferingSetting {
  /** Path in the resolved experiment: `training/batchSize`, or `network/layers/0–5/bias` for layers that differ alike. */
  setting: string;
  /** Value of each experiment, in their order; null where it has none. */
  values: (Leaf | null)[];
}

/** Parts that affect what is trained. The seeds of a saved experiment are those of one run. */
const parts = ['data', 'network', 'training'] as const;

/** @param experiments Null for those that are unknown, which are left out of the comparison. */
export function differingSettings(experiments: readonly (Experiment | null)[]): DifferingSetting[] {
  const all = experiments.map((experiment) => (experiment ? leavesOf(experiment) : null));
  const known = all.filter((leaves) => leaves !== null);
  const differs = (pointer: string) => known.some((leaves) => leaves.get(pointer) !== known[0].get(pointer));
  const pointers = [...new Set(known.flatMap((leaves) => [...leaves.keys()]))].filter(differs);
  /** Settings that only some kinds have: the kinds differ, and that is shown. */
  const isImplied = (pointer: string) => {
    const kind = pointer.replace(/[^/]*$/, 'kind');
    const values = new Set(known.map((leaves) => leaves.get(pointer)));
    return kind !== pointer && values.size === 2 && values.has(undefined) && differs(kind);
  };
  const valuesOf = (pointer: string) => all.map((leaves) => leaves?.get(pointer) ?? null);
  return joined(
    pointers.filter((pointer) => !isImplied(pointer)).map((pointer) => ({ pointer, values: valuesOf(pointer) })),
  );
}

/** Joins settings of several layers that have the same values. */
function joined(found: readonly { pointer: string; values: DifferingSetting['values'] }[]): DifferingSetting[] {
  const groups = new Map<
    string,
    { before: string; layers: number[]; after: string; values: DifferingSetting['values'] }
  >();
  for (const { pointer, values } of found) {
    const [, before, layer, after] = /^\/(network\/layers)\/(\d+)(\/.*)?$/.exec(pointer) ?? [];
    const key = JSON.stringify([before === undefined ? pointer : (after ?? ''), values]);
    const group = groups.get(key) ?? { before: before ?? pointer.slice(1), layers: [], after: after ?? '', values };
    if (layer !== undefined) group.layers.push(Number(layer));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ before, layers, after, values }) => ({
    setting: layers.length === 0 ? before : `${before}/${rangesOf(layers)}${after}`,
    values,
  }));
}

/** `0–2, 5` for 0, 1, 2 and 5. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(', ');
}

/** Whether two values of JSON are the same, whatever the order of their properties. */
export function isSame(a: unknown, b: unknown): boolean {
  const [first, second] = [a, b].map((value) => {
    const leaves = new Map<string, Leaf>();
    collect(value, '', leaves);
    return leaves;
  });
  return first.size === second.size && [...first].every(([pointer, leaf]) => second.get(pointer) === leaf);
}

function leavesOf(experiment: Experiment): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const part of parts) {
    const { seeds: _, ...value } = experiment[part] as Record<string, unknown>;
    collect(value, `/${part}`, leaves);
  }
  return leaves;
}

function collect(value: unknown, pointer: string, into: Map<string, Leaf>): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    into.set(pointer, value as Leaf);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) into.set(pointer, Array.isArray(value) ? '[]' : '{}');
  for (const [key, item] of entries) {
    collect(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into);
  }
}
