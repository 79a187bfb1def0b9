/** Finds what has changed in a folder of event files since the last messages. */

import { joinArrays } from '../../../shared/joinArrays';
import { RunFrames } from '../../log/foreign/runFrames';
import type { HistogramRow, Tag } from '../../log/foreign/tags';
import type { ThinnedRows } from '../../session/thinnedRows';
import type { FollowedRun, LogFolder } from './logFolder';
import type { FromLogReader, HistogramRows, RunUpdate, TagAddress, TagState, WholeLogs } from './logMessages';
import { damageRemarks, readingRemarks } from './logRemarks';

/** What was sent of a run. */
interface SentRun {
  generation: number;
  /** Version of each tag. */
  versions: number[];
}

/** What was sent of the values of a watched tag. */
interface SentValues {
  version: number;
  /** Generation of the run and of the scalars, and the number of points. */
  run: number;
  series: number;
  points: number;
}

export class LogUpdates {
  private readonly runs = new Map<string, SentRun>();
  private watched: TagAddress[] = [];
  private values = new Map<string, SentValues>();
  private remarks = '';
  /** Frames of each run by its folder; null if the runs are not shown. */
  private frames: Map<string, { generation: number; frames: RunFrames }> | null = null;
  /** Calls of `next` since the runs are shown. */
  private calls = 0;

  constructor(private readonly folder: LogFolder) {}

  /** Watches these tags in place of the ones before. Those that were watched already are not sent again in full. */
  watch(tags: readonly TagAddress[]): void {
    const keys = new Set(tags.map(keyOf));
    this.watched = [...tags];
    this.values = new Map([...this.values].filter(([key]) => keys.has(key)));
  }

  /** Forgets what was sent and watched, and from now on sends frames. */
  show(): void {
    this.runs.clear();
    this.watch([]);
    this.remarks = '';
    this.frames = new Map();
    this.calls = 0;
  }

  /**
   * Messages about everything that has changed.
   * @param isComplete Whether all files are read. Until then frames come with fewer and fewer of the calls, because channels that are
   * found later make all of them come again.
   */
  next(isComplete: boolean): FromLogReader[] {
    const runs = this.folder.runs.flatMap((run) => this.updateOf(run) ?? []);
    const messages: FromLogReader[] = runs.length > 0 ? [{ type: 'runs', runs }] : [];
    const byFolder = new Map(this.folder.runs.map((run) => [run.folder, run]));
    for (const address of this.watched) {
      const run = byFolder.get(address.run);
      const tag = run?.tags[address.tag];
      if (run && tag) messages.push(...this.valuesOf(run, tag));
    }
    this.calls++;
    // The number of a call has one bit only if it is a power of two.
    if (this.frames && (isComplete || (this.calls & (this.calls - 1)) === 0))
      messages.push(...this.framesOfRuns(this.frames));
    const remarks = { damage: damageRemarks(this.folder), notes: readingRemarks(this.folder) };
    const text = JSON.stringify(remarks);
    if (text !== this.remarks) messages.push({ type: 'remarks', ...remarks });
    this.remarks = text;
    return messages;
  }

  private framesOfRuns(known: Map<string, { generation: number; frames: RunFrames }>): FromLogReader[] {
    return this.folder.runs.flatMap(({ folder, generation, tags, contents }): FromLogReader[] => {
      let own = known.get(folder);
      if (own?.generation !== generation) own = { generation, frames: new RunFrames() };
      known.set(folder, own);
      const news = own.frames.next(tags, contents.clock.range?.first ?? Number.NaN);
      return news ? [{ type: 'frames', run: folder, ...news }] : [];
    });
  }

  private updateOf(run: FollowedRun): RunUpdate | null {
    const { folder, arm, seed, generation, contents, tags } = run;
    let sent = this.runs.get(folder);
    const isNew = sent?.generation !== generation;
    if (!sent || isNew) sent = { generation, versions: [] };
    this.runs.set(folder, sent);
    const { versions } = sent;
    const changed = tags.filter(({ index, version }) => versions[index] !== version);
    if (!isNew && changed.length === 0) return null;
    for (const { index, version } of changed) versions[index] = version;
    return { folder, arm, seed, generation, wallTimes: contents.clock.range, tags: changed.map(tagState) };
  }

  private valuesOf(run: FollowedRun, tag: Tag): FromLogReader[] {
    const address = { run: run.folder, tag: tag.index };
    const key = keyOf(address);
    const sent = this.values.get(key);
    if (sent?.version === tag.version && sent.run === run.generation) return [];
    const { scalars, histograms, strings, images } = tag;
    this.values.set(key, {
      version: tag.version,
      run: run.generation,
      series: scalars?.generation ?? 0,
      points: scalars?.count ?? 0,
    });
    const messages: FromLogReader[] = [];
    if (scalars) {
      const isSame = sent?.run === run.generation && sent.series === scalars.generation;
      const from = isSame ? sent.points : 0;
      messages.push({ type: 'scalars', ...address, from, points: scalars.points(from) });
    }
    if (histograms) messages.push({ type: 'histograms', ...address, rows: histogramRows(histograms) });
    if (strings)
      messages.push({ type: 'strings', ...address, rows: strings.all().map(({ step, row }) => ({ step, ...row })) });
    if (images)
      messages.push({ type: 'images', ...address, rows: images.all().map(({ step, row }) => ({ step, ...row })) });
    return messages;
  }
}

/** Bytes of the values of tags that have only a name. */
const mostExported = 40e6;
const bytesPerPoint = 24;

/** @param most Bytes. */
export function wholeLogs(folder: LogFolder, most = mostExported): WholeLogs {
  const updates = new LogUpdates(folder);
  updates.show();
  let room = most;
  let leftOut = 0;
  const tags = folder.runs.flatMap(({ folder: run, tags: all }) =>
    all.flatMap((tag): TagAddress[] => {
      const bytes = bytesOf(tag);
      if (bytes > room) leftOut++;
      if (bytes === 0 || bytes > room) return [];
      room -= bytes;
      return [{ run, tag: tag.index }];
    }),
  );
  updates.watch(tags);
  return { messages: updates.next(true), leftOut };
}

/** Frames have the values of channels. */
function bytesOf({ channel, scalars, strings, images }: Tag): number {
  const points = channel === null && scalars ? scalars.count * bytesPerPoint : 0;
  const text = strings?.all().reduce((sum, { row }) => sum + 2 * row.text.length, 0) ?? 0;
  return points + text + (images?.all().reduce((sum, { row }) => sum + row.encoded.length, 0) ?? 0);
}

function keyOf({ run, tag }: TagAddress): string {
  return `${tag} ${run}`;
}

function tagState({ index, name, channel, kinds, values, scalars }: Tag): TagState {
  const hasScalars = scalars !== null && scalars.count > 0;
  const { firstStep = 0, lastStep = 0, lastValue = 0 } = scalars ?? {};
  return { index, name, channel, kinds, values, scalar: hasScalars ? { firstStep, lastStep, lastValue } : null };
}

function histogramRows(histograms: ThinnedRows<HistogramRow>): HistogramRows {
  const rows = histograms.all();
  const starts = (lengthOf: (row: HistogramRow) => number) => {
    const all = new Uint32Array(rows.length + 1);
    rows.forEach(({ row }, k) => {
      all[k + 1] = all[k] + lengthOf(row);
    });
    return all;
  };
  return {
    steps: Float64Array.from(rows, ({ step }) => step),
    wallTimes: Float64Array.from(rows, ({ row }) => row.wallTime),
    edgeStarts: starts(({ edges }) => edges.length),
    countStarts: starts(({ counts }) => counts.length),
    edges: joinArrays(
      rows.map(({ row }) => row.edges),
      Float32Array,
    ),
    counts: joinArrays(
      rows.map(({ row }) => row.counts),
      Float32Array,
    ),
  };
}
