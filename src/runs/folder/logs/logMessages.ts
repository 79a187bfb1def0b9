/**
 * Messages between a host and the thread that reads a folder of event files: plain data with typed arrays. The thread sends the
 * runs and their tags as they are found, and the values of those tags that the host watches.
 */
import type { Channel } from '../../../engine/channels';
import type { WallTimes } from '../../../protocol';
import type { NewRunFrames } from '../../log/foreign/runFrames';
import type { ScalarPoints } from '../../log/foreign/scalarSeries';
import type { ImageRow, TagKind, TextRow } from '../../log/foreign/tags';

/** Addresses a tag of a run. */
export interface TagAddress {
  /** `folder` of the run. */
  run: string;
  /** Index of the tag in the run. */
  tag: number;
}

/** Sends the values of these tags, now and as they grow. Replaces the tags that were watched before. */
export interface WatchTags {
  type: 'watch';
  tags: TagAddress[];
}
/**
 * Sends everything again, from now on with frames of the runs, and no values until tags are watched again: the host shows the logs
 * to a page that has nothing of them.
 */
export interface ShowLogs {
  type: 'show';
  /** Number that comes back in `LogsShown`. */
  view: number;
}
/** Sends everything that the panel can show, at once. */
export interface ExportLogs {
  type: 'export';
}
export type ToLogReader = WatchTags | ShowLogs | ExportLogs;

/** A tag without its values. */
export interface TagState {
  index: number;
  /** Any text: it comes from a file. */
  name: string;
  /** The channel that the name is, like one of the lab's own runs; null for a tag that has only a name. */
  channel: Channel | null;
  /** Several if the kind of its values changed. */
  kinds: TagKind[];
  /** Number of values in the files. */
  values: number;
  /** Ends of its scalars; null if it has none. */
  scalar: { firstStep: number; lastStep: number; lastValue: number } | null;
}

export interface RunUpdate {
  /** Path from the opened folder, with slashes; empty for itself. It identifies the run. */
  folder: string;
  arm: string;
  /** Null if no folder names a seed. */
  seed: number | null;
  /** If it differs from the last message, all tags and values of the run are to be forgotten: a file was replaced. */
  generation: number;
  /** Null if no value has a time. */
  wallTimes: WallTimes | null;
  /** Tags that are new or have new values, in rising order of `index`. */
  tags: TagState[];
}
/** Runs that are new or have changed. */
export interface RunsFound {
  type: 'runs';
  runs: RunUpdate[];
}
/** Sent while files are read, and once when all is read; then only when something changes. */
export interface ReadingProgress {
  type: 'progress';
  /** Bytes of all files; `bytesRead` of them were read so far. */
  bytes: number;
  bytesRead: number;
  /** Whether all that the files have is read, and only what is written from now on is missing. */
  isComplete: boolean;
}
/** All sentences about damage and about what is not shown. Replaces those before. */
export interface LogRemarks {
  type: 'remarks';
  /** Values are missing because of these. */
  damage: string[];
  notes: string[];
}
/** Scalars of a watched tag. The points from `from` on replace those that were sent before. */
export interface ScalarBlock extends TagAddress {
  type: 'scalars';
  from: number;
  points: ScalarPoints;
}
/** Row k has the edges and counts from `edgeStarts[k]` and `countStarts[k]` up to those of the next row. */
export interface HistogramRows {
  steps: Float64Array;
  wallTimes: Float64Array;
  /** One longer than `steps`, as `countStarts`. */
  edgeStarts: Uint32Array;
  countStarts: Uint32Array;
  edges: Float32Array;
  counts: Float32Array;
}
/** All histograms of a watched tag; they replace those that were sent before. */
export interface HistogramsOfTag extends TagAddress {
  type: 'histograms';
  rows: HistogramRows;
}
/** The same for strings and images. */
export interface StringsOfTag extends TagAddress {
  type: 'strings';
  rows: ({ step: number } & TextRow)[];
}
export interface ImagesOfTag extends TagAddress {
  type: 'images';
  rows: ({ step: number } & ImageRow)[];
}
/** Frames of a run, if it is shown. */
export interface FramesOfRun extends NewRunFrames {
  type: 'frames';
  run: string;
}
/** The answer to `ShowLogs`: all messages before it are of an earlier view. */
export interface LogsShown {
  type: 'shown';
  view: number;
}
/** The answer to `ExportLogs`. */
export interface LogsExported extends WholeLogs {
  type: 'exported';
}
/** All values of a folder, up to a bound of memory. */
export interface WholeLogs {
  messages: FromLogReader[];
  /** Number of tags whose values exceed the bound. */
  leftOut: number;
}
/** The folder cannot be read any more, or not yet. It is looked for again. */
export interface FolderUnreadable {
  type: 'unreadable';
  /** A sentence; null if it can be read again. */
  problem: string | null;
}
export type FromLogReader =
  | RunsFound
  | ReadingProgress
  | LogRemarks
  | ScalarBlock
  | HistogramsOfTag
  | StringsOfTag
  | ImagesOfTag
  | FramesOfRun
  | LogsShown
  | LogsExported
  | FolderUnreadable;
