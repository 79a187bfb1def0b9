/**
 * Encodes a run log, record by record: a TensorBoard event file whose frames are records of this program. Some frames follow
 * again as scalars, histograms and predictions, which TensorBoard shows.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { binCount } from '../../engine/bins';
import { type Channel, type HistogramPlace, networkLayer } from '../../engine/channels';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { Frame } from '../../engine/results';
import type { Scene } from '../../engine/scene';
import type { MadeChange } from '../../protocol';
import { fullDetail, type LogDetail } from '../../shared/logDetail';
import { joinedBytes } from './bytes';
import { type Deflate, deflateAnywhere } from './deflate';
import {
  type Event,
  EventSchema,
  LogMessage_Level,
  LogMessageSchema,
  Summary_ValueSchema,
  SummarySchema,
} from './event_pb';
import { shapeOf, writtenFrame } from './frameRecord';
import type { RunLogHeading } from './heading';
import { encodedHistogram, type HistogramMoments, writeHistogram } from './histogram';
import { ownSummary, ownTags } from './ownRecords';
import { packedFrames } from './packedFrames';
import { predictionSummary } from './predictionSummary';
import { framed } from './records';
import { writtenScene } from './sceneText';
import { ShownSteps } from './shownSteps';
import { SummaryTemplate } from './summaryTemplate';

/** TensorBoard reads files with `tfevents` in their name; the number sorts restarts. */
export function runLogName(secondsSince1970: number): string {
  return `events.out.tfevents.${String(Math.floor(secondsSince1970)).padStart(10, '0')}.bnexp`;
}

/** Whether `runLogName` made a name; synchronizing and archiving programs give their copies different names. */
export function isRunLogName(name: string): boolean {
  return /^events\.out\.tfevents\.\d{10,}\.bnexp$/.test(name);
}

/** Number of sets of measured channels whose encoding is cached. */
const mostTemplates = 4;

/** Prefixes of the tags of changes, before the name of the setting. Such tags are not channels. */
export const manualChangeTag = 'changed by hand/'; // not translated: part of a tag
export const plannedChangeTag = 'changed as planned/'; // not translated: part of a tag

/** A run whose frames are logged. */
export interface LoggedRun {
  engine: string;
  run: string;
  watched: { channels: readonly Channel[]; histograms: readonly HistogramPlace[]; scene: Scene | null };
  /** First step with a frame, and number of steps. Default: unknown. */
  course?: { from: number; steps: number };
  /** Default: everything. */
  detail?: LogDetail;
}

const unknownCourse = { from: 0, steps: Number.MAX_SAFE_INTEGER };

/** Number of frames with results of the whole network that TensorBoard shows, in addition to those that it shows in full. */
const resultsPerShown = 4;
const leastResults = 8;

/** Encodes the parts of a log, which are written one after the other. */
export class RunLogEncoder {
  private readonly described: RunLogHeading;
  private readonly forTensorBoard: ShownFrames;
  private readonly detail: LogDetail;
  private readonly lastStep: number;
  /** Steps whose frames TensorBoard shows in full, and steps whose results it shows. */
  private readonly shown: ShownSteps;
  private readonly results: ShownSteps;
  /** Numbers of frames so far, and of those with histograms and predictions. */
  private readonly seen = { frames: 0, histograms: 0, predictions: 0 };
  private last: { frame: Frame; isLogged: boolean; isShown: boolean } | null = null;

  /** @param now Milliseconds since 1970. */
  constructor(
    logged: LoggedRun,
    private readonly now: () => number = Date.now,
    private readonly deflate: Deflate = deflateAnywhere,
  ) {
    const { engine, run, watched, course = unknownCourse, detail = fullDetail } = logged;
    const { scene } = watched;
    const channels = watched.channels.map(({ name }) => name);
    this.described = { engine, run, channels, histograms: watched.histograms.map(({ name }) => name), scene };
    this.forTensorBoard = new ShownFrames(this.described, deflate);
    this.detail = detail;
    this.lastStep = course.steps;
    this.shown = new ShownSteps(course, detail.shown);
    this.results = new ShownSteps(course, Math.max(leastResults, resultsPerShown * detail.shown));
  }

  /** TensorBoard's version line, and a description of the run and its channels. */
  heading(): Uint8Array {
    return headingRecords(this.described, this.now() / 1000, { deflate: this.deflate });
  }

  /** The records of a frame; empty if the frame is left out. */
  frame(frame: Frame): Uint8Array {
    const { detail, seen } = this;
    const isLast = frame.step >= this.lastStep;
    const isLogged = isLast || seen.frames++ % detail.frames === 0;
    const hasHistograms = isLast || (frame.histograms !== null && seen.histograms++ % detail.histograms === 0);
    const hasPredictions = isLast || (frame.predictions !== null && seen.predictions++ % detail.predictions === 0);
    const isShown = this.shown.isDue(frame.step) || isLast;
    const hasResults = this.results.isDue(frame.step);
    this.last = { frame, isLogged, isShown };
    const records: Uint8Array[] = [];
    if (isLogged) {
      const { histograms, predictions } = frame;
      const own = {
        ...frame,
        histograms: hasHistograms ? histograms : null,
        predictions: hasPredictions ? predictions : null,
      };
      records.push(this.own(own));
    }
    if (isShown) records.push(this.forTensorBoard.whole(frame, this.now() / 1000));
    else if (hasResults) records.push(this.forTensorBoard.results(frame, this.now() / 1000));
    return joinedBytes(records);
  }

  /** The records of the last frame that have not been written yet, because a run may end before its planned last step. */
  end(): Uint8Array {
    const { last } = this;
    if (!last) return new Uint8Array(0);
    this.last = null;
    const records = last.isLogged ? [] : [this.own(last.frame)];
    if (!last.isShown) records.push(this.forTensorBoard.whole(last.frame, this.now() / 1000));
    return joinedBytes(records);
  }

  private own(frame: Frame): Uint8Array {
    return frameRecord(frame, this.now() / 1000);
  }

  /**
   * A change of settings: complete in a log message, and as scalars for TensorBoard. A scalar has only the precision of a
   * float32.
   */
  change(change: MadeChange): Uint8Array {
    const wallTime = this.now() / 1000;
    const message = JSON.stringify({ change });
    const what = { level: LogMessage_Level.INFO, message };
    const whole = event({ case: 'logMessage', value: create(LogMessageSchema, what) }, wallTime, change.at);
    const { at, byHand, ...settings } = change;
    const value = Object.entries(settings).map(([name, setting]) =>
      create(Summary_ValueSchema, {
        tag: `${byHand ? manualChangeTag : plannedChangeTag}${name}`,
        value: { case: 'simpleValue', value: Number(setting) },
      }),
    );
    return joinedBytes([whole, event({ case: 'summary', value: create(SummarySchema, { value }) }, wallTime, at)]);
  }
}

/**
 * The first records of a log.
 * @param wallTime Seconds since 1970.
 * @param packedFrom Bytes of the log that this one replaces, which its summary has.
 */
export function headingRecords(
  heading: RunLogHeading,
  wallTime: number,
  { packedFrom, deflate = deflateAnywhere }: { packedFrom?: number | undefined; deflate?: Deflate | undefined } = {},
): Uint8Array {
  const json = JSON.stringify({ ...heading, scene: heading.scene && writtenScene(heading.scene), packedFrom });
  return joinedBytes([
    event({ case: 'fileVersion', value: 'brain.Event:2' }, wallTime),
    ownRecord(ownTags.heading, deflate(new TextEncoder().encode(json)), 0, wallTime),
  ]);
}

/** The record of one frame. */
export function frameRecord(frame: Frame, wallTime: number): Uint8Array {
  return ownRecord(ownTags.frame, writtenFrame(frame), frame.step, wallTime);
}

/** The record of a packed block. */
export function packedRecord(
  frames: readonly Frame[],
  heading: RunLogHeading,
  wallTime: number,
  deflate?: Deflate,
): Uint8Array {
  const packed = packedFrames(frames, shapeOf(heading), heading.channels, deflate);
  return ownRecord(ownTags.frames, packed, frames[0].step, wallTime);
}

function ownRecord(tag: string, content: Uint8Array, step: number, wallTime: number): Uint8Array {
  return summaryRecord([ownSummary(tag, content)], step, wallTime);
}

/** @param parts Encoded summaries, which concatenated are one. */
function summaryRecord(parts: readonly Uint8Array[], step: number, wallTime: number): Uint8Array {
  const { wallTime: time, step: steps, summary } = EventSchema.field;
  const writer = new BinaryWriter();
  writer.tag(time.number, WireType.Bit64).double(wallTime);
  writer.tag(steps.number, WireType.Varint).int64(step);
  writer.tag(summary.number, WireType.LengthDelimited).bytes(parts.length === 1 ? parts[0] : joinedBytes(parts));
  return framed(writer.finish());
}

function event(what: Event['what'], wallTime: number, step = 0): Uint8Array {
  return framed(toBinary(EventSchema, create(EventSchema, { wallTime, step: BigInt(step), what })));
}

/** Encodes frames for TensorBoard: one scalar per measured channel, histograms and predictions. */
export class ShownFrames {
  private readonly histograms: { tag: string; moments: Record<keyof HistogramMoments, number> }[];
  private templates: { channels: number[]; template: SummaryTemplate }[] = [];

  constructor(
    private readonly heading: RunLogHeading,
    private readonly deflate: Deflate,
  ) {
    const { channels, histograms } = heading;
    this.histograms = histograms.map((tag) => ({
      tag,
      moments: {
        min: channels.indexOf(`${tag}/min`),
        max: channels.indexOf(`${tag}/max`),
        mean: channels.indexOf(`${tag}/mean`),
        std: channels.indexOf(`${tag}/std`),
      },
    }));
  }

  whole({ step, values, histograms, predictions }: Frame, wallTime: number): Uint8Array {
    const parts = [this.template(values, () => true).filled(values)];
    if (histograms) parts.push(this.histogramSummary(values, histograms));
    if (predictions) parts.push(this.predictionSummary(predictions));
    return summaryRecord(parts, step, wallTime);
  }

  /** Only the channels of the whole network. */
  results({ step, values }: Frame, wallTime: number): Uint8Array {
    const { channels } = this.heading;
    const isResult = (channel: number) => channels[channel].startsWith(`${networkLayer}/`);
    return summaryRecord([this.template(values, isResult).filled(values)], step, wallTime);
  }

  private histogramSummary(values: Float32Array, histograms: Uint32Array): Uint8Array {
    const summary = new BinaryWriter();
    this.histograms.forEach(({ tag, moments }, place) => {
      const counts = histograms.subarray(place * binCount, (place + 1) * binCount);
      const measured = {
        min: values[moments.min],
        max: values[moments.max],
        mean: values[moments.mean],
        std: values[moments.std],
      };
      writeHistogram(summary, tag, encodedHistogram(counts, measured));
    });
    return summary.finish();
  }

  private predictionSummary(predictions: PredictionFrame): Uint8Array {
    const { scene } = this.heading;
    const value = scene ? predictionSummary(predictions, scene, this.deflate) : [];
    return toBinary(SummarySchema, create(SummarySchema, { value }));
  }

  /** Only few sets of channels occur: all, and all but those of the test set. */
  private template(values: Float32Array, isWanted: (channel: number) => boolean): SummaryTemplate {
    const { channels } = this.heading;
    const measured = channels.map((_, k) => k).filter((k) => !Number.isNaN(values[k]) && isWanted(k));
    const known = this.templates.find((other) => sameNumbers(other.channels, measured));
    if (known) return known.template;
    const template = new SummaryTemplate(channels, measured);
    this.templates = [{ channels: measured, template }, ...this.templates.slice(0, mostTemplates - 1)];
    return template;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}
