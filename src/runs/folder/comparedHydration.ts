/** Reads run folders, and puts their arms beside each other in the form that the panel needs. */
import * as l10n from '@vscode/l10n';
import { binEdges } from '../../engine/bins';
import { comparing } from '../../experiment/comparison/compare';
import { count } from '../../experiment/words';
import type { Hydrate, StoredFrames } from '../../protocol';
import { mostStoredBytes } from '../session/frameMemory';
import { comparedArms } from './comparedFolders';
import { readIndex } from './readIndex';
import { damageOf, type LoadedExperiment, loadingExperiment, readFrames } from './readRunFolder';

/** A run folder to compare. */
export interface ComparedChoice {
  folder: string;
  /** Name that a person gave to the run; null without one. */
  label: string | null;
  /** Names of its arms; null for all. */
  arms: string[] | null;
}

export interface ComparedHydration {
  content: Hydrate;
  /** Reads the frames of a run that are not in memory. */
  frames(id: string): StoredFrames | null;
}

/** With more runs than this, their frames are read when they are shown. */
const mostInMemory = 60;

/**
 * @param progress Receives the share of the folders that have been read, 0 to 1.
 * @throws RunFolderError if a folder cannot be read, or the arms cannot be compared.
 */
export function* comparingFolders(
  choices: readonly ComparedChoice[],
  session: string,
  progress: (share: number) => void = () => {},
): Generator<void, ComparedHydration> {
  const indexes = choices.map(({ folder, arms }) => {
    const index = readIndex(folder);
    // Frames that claims need are not read: the results are compared.
    return { ...index, claims: [], runs: index.runs.filter(({ arm }) => arms === null || arms.includes(arm)) };
  });
  const frames = indexes.reduce((sum, { runs }) => sum + runs.length, 0) <= mostInMemory;
  const loaded: LoadedExperiment[] = [];
  for (const [k, { folder }] of choices.entries()) {
    const most = mostStoredBytes / choices.length;
    loaded.push(yield* loadingExperiment(folder, { index: indexes[k], frames, most }));
    progress(loaded.length / choices.length);
  }
  const arms = comparedArms(choices.map(({ label, arms: own }, k) => ({ loaded: loaded[k], label, arms: own })));
  const places = new Map<string, { folder: string; id: string }>();
  const runs = arms.flatMap(({ label, folder, members }, k) =>
    members.map(({ state, stored, indexed }): Hydrate['runs'][number] => {
      const id = `${k}/${indexed.id}`;
      places.set(id, { folder, id: indexed.id });
      return { ...state, ...stored, id, arm: label, point: {}, fork: null };
    }),
  );
  const isWhole = runs.every(({ status }) => status === 'completed' || status === 'diverged');
  const content: Hydrate = {
    type: 'hydrate',
    session,
    name: l10n.t`Comparison of ${count(arms.length, 'arm')}`,
    notes: '',
    file: '',
    again: null,
    state: isWhole ? 'finished' : 'stopped',
    unforkable: l10n.t('runs of a comparison cannot be forked: open their own experiment'),
    arms: arms.map(({ label }) => label),
    seeds: [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b),
    axes: [],
    conditions: [],
    remarks: loaded.flatMap(damageOf),
    secondsLeft: null,
    binEdges: Float64Array.from(binEdges),
    runs,
    verdicts: [],
    comparison: yield* comparing(arms),
  };
  const framesOf = (id: string) => {
    const place = places.get(id);
    return place ? readFrames(place.folder, place.id) : null;
  };
  return { content, frames: framesOf };
}
