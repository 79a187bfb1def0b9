/** Encodes a run log, a TensorBoard event file, record by record. */
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { binCount } from '../../engine/bins';
import type { Channel, HistogramPlace } from '../../engine/channels';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { Frame } from '../../engine/results';
import type { Scene } from '../../engine/scene';
import type { MadeChange } from '../../protocol';
import {
  type Event,
  EventSchema,
  LogMessage_Level,
  LogMessageSchema,
  Summary_ValueSchema,
  SummarySchema,
} from './event_pb';
import { encodedHistogram, type HistogramMoments, writeHistogram } from './histogram';
import { predictionSummary } from './predictionSummary';
import { framed } from './records';
import { writtenScene } from './sceneText';
import { SummaryTemplate } from './summaryTemplate';

/** Contents of the first records, besides TensorBoard's version line. */
export interface RunLogHeading {
  engine: string;
  run: string;
  /** Names of all channels in frame order: a channel that was never measured appears nowhere else. */
  channels: string[];
  /** Names of all places with a histogram, likewise. */
  histograms: string[];
  /** The displayed data; null if no predictions are saved. */
  scene: Scene | null;
}

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
export const manualChangeTag = 'changed by hand/';
export const plannedChangeTag = 'changed as planned/';

/** A run whose frames are logged. */
export interface LoggedRun {
  engine: string;
  run: string;
  watched: { channels: readonly Channel[]; histograms: readonly HistogramPlace[]; scene: Scene | null };
}

/** Encodes the parts of a log, which are written one after the other. */
export class RunLogEncoder {
  private readonly tags: string[];
  private readonly histograms: { tag: string; moments: Record<keyof HistogramMoments, number> }[];
  private readonly scene: Scene | null;
  private templates: { channels: number[]; template: SummaryTemplate }[] = [];

  /** @param now Milliseconds since 1970. */
  constructor(
    private readonly logged: LoggedRun,
    private readonly now: () => number = Date.now,
  ) {
    const { watched } = logged;
    this.tags = watched.channels.map(({ name }) => name);
    this.scene = watched.scene;
    this.histograms = watched.histograms.map(({ name: tag }) => ({
      tag,
      moments: {
        min: this.tags.indexOf(`${tag}/min`),
        max: this.tags.indexOf(`${tag}/max`),
        mean: this.tags.indexOf(`${tag}/mean`),
        std: this.tags.indexOf(`${tag}/std`),
      },
    }));
  }

  /** TensorBoard's version line, and a description of the run and its channels. */
  heading(): Uint8Array {
    const { engine, run, watched } = this.logged;
    const histograms = watched.histograms.map(({ name }) => name);
    const scene = watched.scene && writtenScene(watched.scene);
    const message = JSON.stringify({ engine, run, channels: this.tags, histograms, scene });
    return Buffer.concat([
      this.event({ case: 'fileVersion', value: 'brain.Event:2' }),
      this.event({ case: 'logMessage', value: create(LogMessageSchema, { level: LogMessage_Level.INFO, message }) }),
    ]);
  }

  /** One scalar per measured channel, and histograms and predictions if present. */
  frame({ step, values, histograms, predictions }: Frame): Uint8Array {
    const writer = new BinaryWriter();
    writer.tag(EventSchema.field.wallTime.number, WireType.Bit64).double(this.now() / 1000);
    writer.tag(EventSchema.field.step.number, WireType.Varint).int64(step);
    const summary = this.template(values).filled(values);
    // Concatenated repeated fields are one list.
    const parts = [summary];
    if (histograms) parts.push(this.histogramSummary(values, histograms));
    if (predictions) parts.push(this.predictionSummary(predictions));
    const all = parts.length > 1 ? Buffer.concat(parts) : summary;
    writer.tag(EventSchema.field.summary.number, WireType.LengthDelimited).bytes(all);
    return framed(writer.finish());
  }

  /**
   * A change of settings: complete in a log message, and as scalars for TensorBoard. A scalar has only the precision of a
   * float32.
   */
  change(change: MadeChange): Uint8Array {
    const message = JSON.stringify({ change });
    const whole = this.event(
      { case: 'logMessage', value: create(LogMessageSchema, { level: LogMessage_Level.INFO, message }) },
      change.at,
    );
    const { at, byHand, ...settings } = change;
    const value = Object.entries(settings).map(([name, setting]) =>
      create(Summary_ValueSchema, {
        tag: `${byHand ? manualChangeTag : plannedChangeTag}${name}`,
        value: { case: 'simpleValue', value: Number(setting) },
      }),
    );
    return Buffer.concat([whole, this.event({ case: 'summary', value: create(SummarySchema, { value }) }, at)]);
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
    const value = this.scene ? predictionSummary(predictions, this.scene) : [];
    return toBinary(SummarySchema, create(SummarySchema, { value }));
  }

  /** Only few sets of channels occur: all, and all but those of the test set. */
  private template(values: Float32Array): SummaryTemplate {
    const measured = this.tags.map((_, k) => k).filter((k) => !Number.isNaN(values[k]));
    const known = this.templates.find(({ channels }) => sameNumbers(channels, measured));
    if (known) return known.template;
    const template = new SummaryTemplate(this.tags, measured);
    this.templates = [{ channels: measured, template }, ...this.templates.slice(0, mostTemplates - 1)];
    return template;
  }

  private event(what: Event['what'], step = 0): Uint8Array {
    const event = create(EventSchema, { wallTime: this.now() / 1000, step: BigInt(step), what });
    return framed(toBinary(EventSchema, event));
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}
