/** Reads a run log back, as far as it is whole. */
import { fromBinary } from '@bufbuild/protobuf';
import { binCount } from '../../engine/bins';
import type { FrameBlock, HistogramBlock, MadeChange, PredictionBlock } from '../../protocol';
import { FrameColumns } from '../../shared/frameColumns';
import { HistogramHistory, sharesOf } from '../histogramHistory';
import { atOnce } from '../pieces';
import { PredictionHistory } from '../predictionHistory';
import { type Event, EventSchema, type Summary } from './event_pb';
import { countsOf } from './histogram';
import { predictionsIn } from './predictions';
import { type RecordsEnd, readRecords } from './records';
import { readScene } from './sceneText';
import { changedAsPlanned, changedByHand, type RunLogHeading } from './writeRunLog';

export interface RunLog {
  /** Null when the file ends before it. */
  heading: RunLogHeading | null;
  frames: FrameBlock;
  histograms: HistogramBlock;
  /** Settings that changed on the way. */
  changes: MadeChange[];
  predictions: PredictionBlock;
  end: RecordsEnd;
}

/** A file that is no run log, or was never one of this program. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError';
}

/** What stands in a log, in its order. */
export type RunLogItem = { heading: RunLogHeading } | { change: MadeChange } | { step: number; summary: Summary };

/**
 * One after another, in memory one at a time; returns how the file ends.
 * @throws RunLogError when the file holds something else; the system's error when it cannot be read.
 */
export function* runLogItems(file: string): Generator<RunLogItem, RecordsEnd> {
  const records = readRecords(file);
  let headed = false;
  for (let number = 1; ; number++) {
    const next = records.next();
    if (next.done) return next.value;
    const { what, step } = decoded(next.value, file, number);
    switch (what.case) {
      case 'logMessage': {
        const { message } = what.value;
        const heading: RunLogHeading | null = headed ? null : headingOf(message);
        const change = headed ? changeOf(message) : null;
        if (heading) {
          headed = true;
          yield { heading };
        } else if (change) {
          yield { change };
        }
        break;
      }
      case 'summary':
        if (!headed) throw new RunLogError(`${file} is a TensorBoard event file, but not a run log of BatchNorm Lab.`);
        // What TensorBoard is told of a change is no frame.
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

/** Reads a log piece by piece, so that whoever reads can do something else in between: yields after each frame. */
export function* readingRunLog(file: string): Generator<void, RunLog> {
  const items = runLogItems(file);
  let reading = new Reading(null);
  for (;;) {
    const next = items.next();
    if (next.done) return reading.log(next.value);
    if ('heading' in next.value) reading = new Reading(next.value.heading);
    else if ('change' in next.value) reading.changed(next.value.change);
    else reading.add(next.value.step, next.value.summary);
    yield;
  }
}

/** @throws RunLogError when the file holds something else; the system's error when it cannot be read. */
export function readRunLog(file: string): RunLog {
  return atOnce(readingRunLog(file));
}

/** What has been read so far. */
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

  log(end: RecordsEnd): RunLog {
    return {
      heading: this.heading,
      frames: this.frames.block(),
      histograms: this.histograms.block(),
      predictions: this.predictions.block(),
      changes: this.changes,
      end,
    };
  }
}

function isChange({ value }: Summary): boolean {
  const ofChange = (tag: string) => tag.startsWith(`${changedByHand}/`) || tag.startsWith(`${changedAsPlanned}/`);
  return value.length > 0 && value.every(({ tag }) => ofChange(tag));
}

/** A frame's values in the order of `channels`: what was not measured is NaN, what is not among them is passed over. */
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
    throw new RunLogError(`${file} is not a run log: its record ${number} is no event.`);
  }
}

function changeOf(message: string): MadeChange | null {
  try {
    const { change } = (JSON.parse(message) ?? {}) as { change?: Partial<MadeChange> };
    return typeof change?.at === 'number' && typeof change.byHand === 'boolean' ? (change as MadeChange) : null;
  } catch {
    // Somebody else's message.
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
    // Somebody else's message.
    return null;
  }
}
