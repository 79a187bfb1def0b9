/** Finds the settings in which resolved experiments differ. */
import type { Experiment } from '../schema';

export interface DifferingSetting {
  /** JSON Pointer in the resolved experiment. */
  pointer: string;
  /** Value of each experiment, in their order; undefined where it has none. */
  values: (string | number | boolean | null | undefined)[];
}

/** Parts that affect what is trained. The seeds of a saved experiment are those of one run. */
const parts = ['data', 'network', 'training'] as const;

/** @param experiments Null for those that are unknown, which are left out of the comparison. */
export function differingSettings(experiments: readonly (Experiment | null)[]): DifferingSetting[] {
  const all = experiments.map((experiment) => (experiment ? leavesOf(experiment) : null));
  const known = all.filter((leaves) => leaves !== null);
  const pointers = new Set(known.flatMap((leaves) => [...leaves.keys()]));
  return [...pointers].flatMap((pointer): DifferingSetting[] => {
    const [first, ...others] = known.map((leaves) => leaves.get(pointer));
    if (others.every((value) => value === first)) return [];
    return [{ pointer, values: all.map((leaves) => leaves?.get(pointer)) }];
  });
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

type Leaf = string | number | boolean | null;

function leavesOf(experiment: Experiment): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const part of parts) {
    const { seeds: _, ...value } = experiment[part] as Record<string, unknown>;
    collect(value, `/${part}`, leaves);
  }
  return leaves;
}

function collect(value: unknown, pointer: string, into: Map<string, Leaf>): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) {
    into.set(pointer, value as Leaf);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) into.set(pointer, Array.isArray(value) ? '[]' : '{}');
  for (const [key, item] of entries) {
    collect(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into);
  }
}
