/** Reads the valid part of a run log. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { binCount } from '../../engine/bins';
import type { FrameBlock, HistogramBlock, MadeChange, PredictionBlock } from '../../protocol';
import { FrameColumns } from '../../shared/frameColumns';
import { atOnce } from '../pieces';
import { HistogramHistory, sharesOf } from '../session/histogramHistory';
import { PredictionHistory } from '../session/predictionHistory';
import { manualChangeTag, plannedChangeTag, type RunLogHeading } from './encodeRunLog';
import { type Event, EventSchema, type Summary, SummarySchema } from './event_pb';
import { countsOf } from './histogram';
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

/** An item of a log. The summary of a frame is decoded on first access. */
export type RunLogItem =
  | { heading: RunLogHeading; wallTime: number }
  | { change: MadeChange }
  | { step: number; readonly summary: Summary };

/** Maximum bytes of the summary of a change. Records of frames are mostly longer; shorter ones are decoded to distinguish them. */
const longestChange = 4096;

/**
 * Yields the items of a log, one in memory at a time; returns how the file ends.
 * @throws RunLogError if the file has a different format; the system's error when it cannot be read.
 */
export function* runLogItems(source: ByteSource): Generator<RunLogItem, RecordsEnd> {
  const records = readRecords(source);
  let headed = false;
  for (let number = 1; ; number++) {
    const next = records.next();
    if (next.done) return next.value;
    const record = next.value;
    const frameStep = record.length > longestChange ? stepOfSummary(record) : null;
    if (frameStep !== null) {
      if (!headed) throw foreign(source);
      yield {
        step: frameStep,
        get summary() {
          const { what } = decoded(record, source.name, number);
          return what.case === 'summary' ? what.value : create(SummarySchema);
        },
      };
      continue;
    }
    const { what, step, wallTime } = decoded(record, source.name, number);
    switch (what.case) {
      case 'logMessage': {
        const { message } = what.value;
        const heading: RunLogHeading | null = headed ? null : headingOf(message);
        const change = headed ? changeOf(message) : null;
        if (heading) {
          headed = true;
          yield { heading, wallTime };
        } else if (change) {
          yield { change };
        }
        break;
      }
      case 'summary':
        if (!headed) throw foreign(source);
        // A summary of a change, which is written for TensorBoard, is not a frame.
        if (!isChange(what.value)) yield { step: Number(step), summary: what.value };
        break;
      case 'fileVersion':
      case undefined:
        break;
      default:
        what satisfies never;
    }
  }
}

function foreign({ name }: ByteSource): RunLogError {
  return new RunLogError(`${name} is a TensorBoard event file, but not a run log of BatchNorm Lab.`);
}

/** The step of an event that holds a summary, read without decoding the summary; null for any other record. */
function stepOfSummary(record: Uint8Array): number | null {
  const { step: stepField, summary: summaryField } = EventSchema.field;
  try {
    const reader = new BinaryReader(record);
    let step = 0;
    let isSummary = false;
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === stepField.number && type === WireType.Varint) {
        step = Number(reader.int64());
        continue;
      }
      isSummary ||= field === summaryField.number;
      reader.skip(type, field);
    }
    return isSummary ? step : null;
  } catch {
    // Not an event: decoding it reports that.
    return null;
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
  end: RecordsEnd;
}

const testChannels = 'network/test/';

/** Surveys a log while its items are read. */
class Surveyor {
  private run: string | null = null;
  private startTime: number | null = null;
  private frames = 0;
  private last: Extract<RunLogItem, { step: number }> | null = null;

  see(item: RunLogItem): void {
    if ('heading' in item) {
      this.run = item.heading.run;
      this.startTime = item.wallTime * 1000;
    } else if ('step' in item) {
      this.frames++;
      this.last = item;
    }
  }

  survey({ size }: ByteSource, end: RecordsEnd): LogSurvey {
    const { run, startTime, frames, last } = this;
    const lastTest = new Map<string, number>();
    for (const { tag, value } of last?.summary.value ?? []) {
      if (value.case === 'simpleValue' && tag.startsWith(testChannels)) lastTest.set(tag, value.value);
    }
    return { run, startTime, frames, lastStep: last?.step ?? null, lastTest, size, end };
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
    else reading.add(next.value.step, next.value.summary);
    yield;
  }
}

/** @throws RunLogError if the file has a different format; the system's error when it cannot be read. */
export function readRunLog(source: ByteSource): RunLog {
  return atOnce(readingRunLog(source));
}

/** Collects the items that have been read. */
class Reading {
  private readonly channels: Map<string, number>;
  private readonly places: Map<string, number>;
  private readonly frames: FrameColumns;
  private readonly histograms: HistogramHistory;
  private readonly changes: MadeChange[] = [];
  private readonly predictions = new PredictionHistory();

  constructor(private readonly heading: RunLogHeading | null) {
    this.channels = placesByName(heading?.channels ?? []);
    this.places = placesByName(heading?.histograms ?? []);
    this.frames = new FrameColumns(this.channels.size);
    this.histograms = new HistogramHistory(this.places.size * binCount);
  }

  add(step: number, { value: entries }: Summary): void {
    const values = frameOf(entries, this.channels);
    let counts: Uint32Array | null = null;
    for (const { tag, value } of entries) {
      const place = this.places.get(tag);
      if (place === undefined || value.case !== 'histo') continue;
      counts ??= new Uint32Array(this.places.size * binCount);
      countsOf(value.value, counts.subarray(place * binCount, (place + 1) * binCount));
    }
    this.frames.append({ steps: Uint32Array.of(step), values });
    if (counts) this.histograms.append(step, sharesOf(counts));
    const predictions = this.heading?.scene ? predictionsIn(entries, this.heading.scene) : null;
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

/** The values of a frame in the order of `channels`: NaN if not measured; other tags are ignored. */
export function frameOf(entries: Summary['value'], channels: ReadonlyMap<string, number>): Float32Array {
  const values = new Float32Array(channels.size).fill(Number.NaN);
  for (const { tag, value } of entries) {
    const channel = channels.get(tag);
    if (channel !== undefined && value.case === 'simpleValue') values[channel] = value.value;
  }
  return values;
}

export function placesByName(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, place) => [name, place]));
}

function decoded(record: Uint8Array, file: string, number: number): Event {
  try {
    return fromBinary(EventSchema, record);
  } catch {
    throw new RunLogError(`${file} is not a run log: its record ${number} is not an event.`);
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
