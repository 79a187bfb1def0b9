/** Messages between a window and the thread that reads its runs for lists. */
import type { ArmEntry, ExperimentEntry, RunEntry } from './entry';
import type { Label } from './label';
import type { ListView, RunGroup } from './runList';
import type { Discarded } from './trash';

export interface CatalogStart {
  /** Folders to search. */
  roots: string[];
  /** File of what was known the last time; null if nothing is remembered. */
  file: string | null;
  view: ListView;
}

/** Requests by name: the question, and the answer. */
export interface CatalogRequests {
  /** The first runs of a group. */
  page: { asked: { group: string; count: number }; answer: RunEntry[] };
  /** The newest runs of all. */
  newest: { asked: { count: number }; answer: RunEntry[] };
  arms: { asked: { folder: string }; answer: ArmEntry[] };
  experiments: { asked: { files: string[] }; answer: ExperimentEntry[] };
  label: { asked: { folder: string } & Partial<Label>; answer: null };
  /** Folders that are in the trash now, and why others are not. */
  discard: { asked: { folders: string[] }; answer: { discarded: Discarded[]; problems: string[] } };
  restore: { asked: { discarded: Discarded[] }; answer: { restored: number; problems: string[] } };
  /** Everything in the trash, the last deleted first. */
  trash: { asked: null; answer: Discarded[] };
  emptyTrash: { asked: null; answer: null };
  /** Content of the experiment.json of a run. */
  settings: { asked: { folder: string; id: string }; answer: string };
}

export type RequestName = keyof CatalogRequests;

export type CatalogRequest<N extends RequestName = RequestName> = {
  [K in N]: { type: 'request'; number: number; name: K; asked: CatalogRequests[K]['asked'] };
}[N];

export type ToCatalog =
  | CatalogRequest
  | { type: 'view'; view: ListView }
  /** Paths that have changed; null if anything may have. */
  | { type: 'refresh'; paths: string[] | null };

/** What a list shows without its runs; sent when something has changed. */
export interface CatalogState {
  type: 'state';
  /** Number of changes of the runs so far. */
  version: number;
  groups: RunGroup[];
  /** Number of runs, of those that the filter leaves, and of those that train. */
  runs: number;
  shown: number;
  training: number;
  /** Whether folders are still searched, and the number of run folders that are to be read. */
  searching: boolean;
  left: number;
  /** Why some runs cannot be listed now, as sentences; null if all can. */
  problem: string | null;
}

export type FromCatalog =
  | CatalogState
  | { type: 'answer'; number: number; answer: CatalogRequests[RequestName]['answer'] }
  /** A sentence for a person. */
  | { type: 'failed'; number: number; message: string };
