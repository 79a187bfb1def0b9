/**
 * Reads the valid part of a run log. Frames are records of their own, one each while a run trains and many in one when it has
 * finished, or, in logs of earlier versions, the summaries that TensorBoard shows.
 */
import { fromBinary } from '@bufbuild/protobuf';
import * as l10n from '@vscode/l10n';
import { inflateSync } from 'fflate';
import { binCount } from '../../engine/bins';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { Frame } from '../../engine/results';
import type { FrameBlock, HistogramBlock, MadeChange, PredictionBlock } from '../../protocol';
import { FrameColumns } from '../../shared/frameColumns';
import { atOnce } from '../pieces';
import { HistogramHistory, sharesOf } from '../session/histogramHistory';
import { PredictionHistory } from '../session/predictionHistory';
import { manualChangeTag, plannedChangeTag } from './encodeRunLog';
import { type Event, EventSchema, type Summary, SummarySchema } from './event_pb';
import { readFrame, shapeOf } from './frameRecord';
import type { RunLogHeading } from './heading';
import { countsOf } from './histogram';
import { ownContent, ownTags, type SummaryEvent, summaryEvent } from './ownRecords';
import { PackedFrames } from './packedFrames';
import { predictionsIn } from './predictionSummary';
import { type ByteSource, type RecordsEnd, readRecords } from './records';
import { readScene } from './sceneText';

export interface RunLog {
  /** Null if the file ends before it. */
  heading: RunLogHeading | null;
  frames: FrameBlock;
  histograms: HistogramBlock;
  /** Changes of settings during the run. */
  changes: MadeChange[];
  predictions: PredictionBlock;
  end: RecordsEnd;
  survey: LogSurvey;
}

/** The file is not a run log, or not one of this program. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError';
}

/** A frame of a log. Its numbers, in the order of the heading, are decoded on first access, which may throw a RunLogError. */
export type LoggedFrame = Readonly<Frame>;

/** How a log stores its frames. */
export type LogForm = 'tagged' | 'frame by frame' | 'packed';

/** A record of a log. `record` is the whole of it, without its envelope. */
export type LogRecord = { record: Uint8Array; wallTime: number } & (
  | { kind: 'heading'; heading: RunLogHeading; packedFrom?: number | undefined }
  | { kind: 'change'; change: MadeChange }
  | { kind: 'frames'; frames: readonly LoggedFrame[]; form: LogForm }
  /** What only TensorBoard reads. */
  | { kind: 'other'; step: number }
);

/** An item of a log. */
export type RunLogItem =
  | { heading: RunLogHeading; wallTime: number; packedFrom?: number | undefined }
  | { change: MadeChange }
  | LoggedFrame;

/**
 * Yields the items of a log, one block in memory at a time; returns how the file ends.
 * @throws RunLogError if the file has a different format; the system's error when it cannot be read.
 */
export function* runLogItems(source: ByteSource): Generator<RunLogItem, RecordsEnd> {
  const records = runLogRecords(source);
  for (;;) {
    const next = records.next();
    if (next.done) return next.value;
    switch (next.value.kind) {
      case 'heading': {
        const { heading, wallTime, packedFrom } = next.value;
        yield { heading, wallTime, packedFrom };
        break;
      }
      case 'change':
        yield { change: next.value.change };
        break;
      case 'frames':
        yield* next.value.frames;
        break;
      case 'other':
        break;
      default:
        next.value satisfies never;
    }
  }
}

/** Yields the records of a log, one in memory at a time; returns how the file ends. @throws As `runLogItems`. */
export function* runLogRecords(source: ByteSource): Generator<LogRecord, RecordsEnd> {
  const records = readRecords(source);
  let kinds: Kinds | null = null;
  for (let number = 1; ; number++) {
    const next = records.next();
    if (next.done) return next.value;
    const record = next.value;
    const event = summaryEvent(record);
    if (!event) {
      const { what, wallTime, step } = decoded(record, source.name, number);
      const message = what.case === 'logMessage' ? what.value.message : '';
      const heading: RunLogHeading | null = kinds ? null : headingOf(message);
      const change = kinds ? changeOf(message) : null;
      if (heading) {
        kinds = new TaggedLog(heading, source.name, number);
        yield { kind: 'heading', heading, wallTime, record };
      } else if (change) yield { kind: 'change', change, wallTime, record };
      else yield { kind: 'other', step: Number(step), wallTime, record };
      continue;
    }
    const own = ownIn(event, source.name, number);
    const isHeading: boolean = !kinds && own?.tag === ownTags.heading;
    const message: string | null = own && isHeading ? inflatedText(own.content) : null;
    const heading: RunLogHeading | null = message === null ? null : headingOf(message);
    if (heading && message !== null) {
      kinds = new OwnLog(heading, source.name);
      yield { kind: 'heading', heading, packedFrom: packedFromIn(message), wallTime: event.wallTime, record };
      continue;
    }
    if (!kinds)
      throw new RunLogError(l10n.t`${source.name} is a TensorBoard event file, but not a run log of BatchNorm Lab.`);
    const frames = kinds.frames(event, own, number);
    const { wallTime, step } = event;
    yield frames ? { kind: 'frames', ...frames, wallTime, record } : { kind: 'other', step, wallTime, record };
  }
}

type OwnContent = ReturnType<typeof ownContent>;
type Frames = { frames: readonly LoggedFrame[]; form: LogForm };

/** Finds the frames in the summaries of a log. */
interface Kinds {
  /** Null if the summary has none. */
  frames(event: SummaryEvent, own: OwnContent, number: number): Frames | null;
}

/** A log whose frames are records of their own. Its other summaries are for TensorBoard. */
class OwnLog implements Kinds {
  constructor(
    private readonly heading: RunLogHeading,
    private readonly file: string,
  ) {}

  frames(_: SummaryEvent, own: OwnContent, number: number): Frames | null {
    const { heading, file } = this;
    if (own?.tag === ownTags.frame) {
      const frame = unpacked(file, number, () => readFrame(own.content, shapeOf(heading)));
      return { frames: [frame], form: 'frame by frame' }; // not translated: a form by its name
    }
    if (own?.tag !== ownTags.frames) return null;
    const block = unpacked(file, number, () => new PackedFrames(own.content, shapeOf(heading), heading.channels));
    return { frames: block.steps.map((step, k) => new PackedFrame(step, block, k, file, number)), form: 'packed' };
  }
}

class PackedFrame implements LoggedFrame {
  constructor(
    readonly step: number,
    private readonly block: PackedFrames,
    private readonly place: number,
    private readonly file: string,
    private readonly number: number,
  ) {}

  get values(): Float32Array {
    return unpacked(this.file, this.number, () => this.block.valuesAt(this.place));
  }

  get histograms(): Uint32Array | null {
    return unpacked(this.file, this.number, () => this.block.countsAt(this.place));
  }

  get predictions(): PredictionFrame | null {
    return unpacked(this.file, this.number, () => this.block.predictionsAt(this.place));
  }
}

/** Maximum bytes of the summary of a change. Longer ones are frames, which are not decoded to distinguish them. */
const longestChange = 4096;

/** A log of an earlier version: a frame is a summary with one scalar per channel. */
class TaggedLog implements Kinds {
  private readonly channels: ReadonlyMap<string, number>;
  private readonly places: ReadonlyMap<string, number>;

  constructor(
    readonly heading: RunLogHeading,
    readonly file: string,
    readonly number: number,
  ) {
    this.channels = placesByName(heading.channels);
    this.places = placesByName(heading.histograms);
  }

  frames({ step, summary }: SummaryEvent, _: OwnContent, number: number): Frames | null {
    const { file } = this;
    const read = () => unpacked(file, number, () => fromBinary(SummarySchema, summary));
    // A summary of a change, which is written for TensorBoard, is not a frame.
    if (summary.length <= longestChange && isChange(read())) return null;
    return { frames: [new TaggedFrame(step, this, read)], form: 'tagged' };
  }

  valuesOf({ value: entries }: Summary): Float32Array {
    const values = new Float32Array(this.channels.size).fill(Number.NaN);
    for (const { tag, value } of entries) {
      const channel = this.channels.get(tag);
      if (channel !== undefined && value.case === 'simpleValue') values[channel] = value.value;
    }
    return values;
  }

  histogramsOf({ value: entries }: Summary): Uint32Array | null {
    let counts: Uint32Array | null = null;
    for (const { tag, value } of entries) {
      const place = this.places.get(tag);
      if (place === undefined || value.case !== 'histo') continue;
      counts ??= new Uint32Array(this.places.size * binCount);
      countsOf(value.value, counts.subarray(place * binCount, (place + 1) * binCount));
    }
    return counts;
  }

  predictionsOf({ value }: Summary): PredictionFrame | null {
    const { scene } = this.heading;
    return scene ? predictionsIn(value, scene) : null;
  }
}

class TaggedFrame implements LoggedFrame {
  private decoded: Summary | null = null;

  constructor(
    readonly step: number,
    private readonly log: TaggedLog,
    private readonly read: () => Summary,
  ) {}

  private get summary(): Summary {
    this.decoded ??= this.read();
    return this.decoded;
  }

  get values(): Float32Array {
    return this.log.valuesOf(this.summary);
  }

  get histograms(): Uint32Array | null {
    return this.log.histogramsOf(this.summary);
  }

  get predictions(): PredictionFrame | null {
    return this.log.predictionsOf(this.summary);
  }
}

/** Whatever fails on bytes whose checksum is right, they were not written by this version. */
function unpacked<T>(file: string, number: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new RunLogError(l10n.t`${file}: its record ${number} cannot be unpacked (${(cause as Error).message}).`);
  }
}

function ownIn({ summary }: SummaryEvent, file: string, number: number): OwnContent {
  try {
    return ownContent(summary);
  } catch {
    throw new RunLogError(l10n.t`${file} is not a run log: its record ${number} is not an event.`);
  }
}

function inflatedText(bytes: Uint8Array): string {
  try {
    return new TextDecoder().decode(inflateSync(bytes));
  } catch {
    // Not a heading.
    return '';
  }
}

/** Facts about a log that do not need its frames in memory. */
export interface LogSurvey {
  /** Id of its run; null if the file ends before its heading. */
  run: string | null;
  /** When it was started, milliseconds since 1970; null in the same case. */
  startTime: number | null;
  /** Number of complete frames, and the step of the last; null without frames. */
  frames: number;
  lastStep: number | null;
  /** Results for the test set in the last frame, by the name of the channel. */
  lastTest: ReadonlyMap<string, number>;
  /** Bytes in the file. */
  size: number;
  /** Bytes of the log that it was packed from; null if it was not. */
  packedFrom: number | null;
  end: RecordsEnd;
}

const testChannels = 'network/test/';

/** Surveys a log while its items are read. */
class Surveyor {
  private run: string | null = null;
  private startTime: number | null = null;
  private frames = 0;
  private last: LoggedFrame | null = null;
  private channels: readonly string[] = [];
  private packedFrom: number | null = null;

  see(item: RunLogItem): void {
    if ('heading' in item) {
      this.run = item.heading.run;
      this.channels = item.heading.channels;
      this.packedFrom = item.packedFrom ?? null;
      this.startTime = item.wallTime * 1000;
    } else if ('step' in item) {
      this.frames++;
      this.last = item;
    }
  }

  survey({ size }: ByteSource, end: RecordsEnd): LogSurvey {
    const { run, startTime, frames, last } = this;
    const lastTest = new Map<string, number>();
    const values = last?.values;
    this.channels.forEach((name, channel) => {
      if (values && name.startsWith(testChannels) && !Number.isNaN(values[channel]))
        lastTest.set(name, values[channel]);
    });
    return { run, startTime, frames, lastStep: last?.step ?? null, lastTest, size, packedFrom: this.packedFrom, end };
  }
}

/** Surveys a log in slices, checksums included, without decoding its frames. @throws The errors of `runLogItems`. */
export function* surveyingRunLog(source: ByteSource): Generator<void, LogSurvey> {
  const items = runLogItems(source);
  const surveyor = new Surveyor();
  for (;;) {
    const next = items.next();
    if (next.done) return surveyor.survey(source, next.value);
    surveyor.see(next.value);
    yield;
  }
}

/** Reads a log in slices: yields after each frame, so that the caller can do other work in between. */
export function* readingRunLog(source: ByteSource): Generator<void, RunLog> {
  const items = runLogItems(source);
  const surveyor = new Surveyor();
  let reading = new Reading(null);
  for (;;) {
    const next = items.next();
    if (next.done) return reading.log(surveyor.survey(source, next.value));
    surveyor.see(next.value);
    if ('heading' in next.value) reading = new Reading(next.value.heading);
    else if ('change' in next.value) reading.changed(next.value.change);
    else reading.add(next.value);
    yield;
  }
}

/** @throws RunLogError if the file has a different format; the system's error when it cannot be read. */
export function readRunLog(source: ByteSource): RunLog {
  return atOnce(readingRunLog(source));
}

/** Collects the items that have been read. */
class Reading {
  private readonly frames: FrameColumns;
  private readonly histograms: HistogramHistory;
  private readonly changes: MadeChange[] = [];
  private readonly predictions = new PredictionHistory();

  constructor(private readonly heading: RunLogHeading | null) {
    this.frames = new FrameColumns(heading?.channels.length ?? 0);
    this.histograms = new HistogramHistory((heading?.histograms.length ?? 0) * binCount);
  }

  add({ step, values, histograms, predictions }: LoggedFrame): void {
    this.frames.append({ steps: Uint32Array.of(step), values });
    if (histograms) this.histograms.append(step, sharesOf(histograms));
    if (predictions) this.predictions.append(step, predictions);
  }

  changed(change: MadeChange): void {
    this.changes.push(change);
  }

  log(survey: LogSurvey): RunLog {
    return {
      heading: this.heading,
      frames: this.frames.block(),
      histograms: this.histograms.block(),
      predictions: this.predictions.block(),
      changes: this.changes,
      end: survey.end,
      survey,
    };
  }
}

function isChange({ value }: Summary): boolean {
  const ofChange = (tag: string) => tag.startsWith(manualChangeTag) || tag.startsWith(plannedChangeTag);
  return value.length > 0 && value.every(({ tag }) => ofChange(tag));
}

export function placesByName(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, place) => [name, place]));
}

function decoded(record: Uint8Array, file: string, number: number): Event {
  try {
    return fromBinary(EventSchema, record);
  } catch {
    throw new RunLogError(l10n.t`${file} is not a run log: its record ${number} is not an event.`);
  }
}

function changeOf(message: string): MadeChange | null {
  try {
    const { change } = (JSON.parse(message) ?? {}) as { change?: Partial<MadeChange> };
    return typeof change?.at === 'number' && typeof change.byHand === 'boolean' ? (change as MadeChange) : null;
  } catch {
    // A message of a different program.
    return null;
  }
}

function packedFromIn(message: string): number | undefined {
  const { packedFrom } = JSON.parse(message) as { packedFrom?: unknown };
  return typeof packedFrom === 'number' ? packedFrom : undefined;
}

function headingOf(message: string): RunLogHeading | null {
  try {
    const { engine, run, channels, histograms, scene } = (JSON.parse(message) ?? {}) as Partial<RunLogHeading>;
    if (typeof engine !== 'string' || typeof run !== 'string' || !Array.isArray(channels)) return null;
    // Logs of earlier versions have no histograms and no scene.
    const places = (histograms ?? []).map(String);
    return { engine, run, channels: channels.map(String), histograms: places, scene: readScene(scene) };
  } catch {
    // A message of a different program.
    return null;
  }
}
