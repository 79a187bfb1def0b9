/**
 * What the event files of one run contain, of any program that writes TensorBoard's format. Records are scanned without making
 * objects. Values are read in the order of the files, and as TensorBoard reads them:
 *
 * - a value at or before the step of an earlier one replaces it, and all between them: the program was started again;
 * - the start of a session (`purge_step` in PyTorch) makes all values from its step on void.
 */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { ThinnedRows } from '../../session/thinnedRows';
import {
  EventSchema,
  HistogramProtoSchema,
  SessionLog_SessionStatus,
  SessionLogSchema,
  Summary_ImageSchema,
  Summary_ValueSchema,
  SummaryMetadata_PluginDataSchema,
  SummaryMetadataSchema,
  SummarySchema,
} from '../event_pb';
import { ownTags } from '../ownRecords';
import { type Budget, longestImage, longestTag, longestText, mostTags } from './budget';
import { type Buckets, bucketsOfHistogram, bucketsOfTensor } from './histogram';
import { RunClock } from './runClock';
import { ScalarSeries } from './scalarSeries';
import { type Tag, TagTable } from './tags';
import { Tensor } from './tensor';
import { bytesKey, Cursor, doubleKey, floatKey, varintKey, WireError } from './wire';

const event = EventSchema.field;
const wallTimeKey = doubleKey(event.wallTime.number);
const stepKey = varintKey(event.step.number);
const summaryKey = bytesKey(event.summary.number);
const sessionKey = bytesKey(event.sessionLog.number);
const versionKey = bytesKey(event.fileVersion.number);
const valueKey = bytesKey(SummarySchema.field.value.number);
const value = Summary_ValueSchema.field;
const tagKey = bytesKey(value.tag.number);
const simpleKey = floatKey(value.simpleValue.number);
const imageKey = bytesKey(value.image.number);
const histogramKey = bytesKey(value.histo.number);
const tensorKey = bytesKey(value.tensor.number);
const metadataKey = bytesKey(value.metadata.number);
const pluginDataKey = bytesKey(SummaryMetadataSchema.field.pluginData.number);
const pluginNameKey = bytesKey(SummaryMetadata_PluginDataSchema.field.pluginName.number);
const statusKey = varintKey(SessionLogSchema.field.status.number);

/** Names of contents that are not read, by their keys in `Event` and in `Summary.Value`: they are not in `event.proto`. */
const otherEvents: Record<number, string> = {
  [bytesKey(4)]: 'graph',
  // not translated: a name
  [bytesKey(event.logMessage.number)]: 'log message',
  // not translated: a name
  [bytesKey(8)]: 'run metadata',
  [bytesKey(9)]: 'graph',
};
const audioKey = bytesKey(6);

/** Records of this program whose values are beside them, as scalars and histograms. */
const beside = new Set<string>([ownTags.heading, ownTags.frame]);

/** Kinds of contents that are not read, of which each is counted. */
const mostOtherKinds = 50;
const longestKind = 60;

/** Follows the scalars of a run one by one, before they are thinned. */
export interface ScalarListener {
  onScalar(tag: Tag, step: number, wallTime: number, value: number): void;
  /** All values so far are void from this step on. */
  onVoid(step: number): void;
}

export class LoggedRun {
  /** Contents that are not shown, with their number, e.g. `hparams` or `graph`. */
  readonly passedOver = new Map<string, number>();
  /** Values whose tags could not be added, or are too long. */
  leftOut = { tooManyTags: 0, tooLongTags: 0, media: 0 };
  /** Seconds since 1970 of the newest event; NaN without events. */
  lastWallTime = Number.NaN;
  /** Follows the times of values. */
  readonly clock = new RunClock();
  /** The largest step of a value since values were last made void. */
  private highest = Number.NEGATIVE_INFINITY;
  private readonly table = new TagTable();
  private readonly cursor = new Cursor();
  private readonly tensor = new Tensor();

  // The event that is being read.
  private step = 0;
  private wallTime = 0;
  private file = 0;

  constructor(
    private readonly budget: Budget,
    private readonly listener: ScalarListener | null = null,
  ) {}

  /** All tags, in the order of their first values. */
  get tags(): readonly Tag[] {
    return this.table.tags;
  }

  /**
   * Reads the event in the bytes from `start` up to `end`.
   * @param file Number of its file in the order of the run's files.
   * @throws WireError if the bytes are not an event. Values before the fault are read.
   */
  read(bytes: Uint8Array, start: number, end: number, file: number): void {
    const { cursor } = this;
    cursor.useBuffer(bytes);
    cursor.at = start;
    this.step = 0;
    this.wallTime = 0;
    this.file = file;
    let summary = 0;
    let summaryEnd = 0;
    let session = 0;
    let sessionEnd = 0;
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key === wallTimeKey) this.wallTime = cursor.double(end);
      else if (key === stepKey) this.step = cursor.varint(end);
      else if (key === summaryKey) {
        summaryEnd = cursor.bytesEnd(end);
        summary = cursor.at;
        cursor.at = summaryEnd;
      } else if (key === sessionKey) {
        sessionEnd = cursor.bytesEnd(end);
        session = cursor.at;
        cursor.at = sessionEnd;
      } else {
        cursor.skip(key, end);
        if (otherEvents[key] !== undefined) this.passOver(otherEvents[key]);
        // not translated: a name
        else if (key !== versionKey && key >> 3 < 10) this.passOver('unknown record');
      }
    }
    this.lastWallTime = this.wallTime;
    if (sessionEnd > 0) this.readSession(session, sessionEnd);
    if (summaryEnd > 0) {
      this.clock.follow(this.wallTime, this.step, file);
      this.readSummary(summary, summaryEnd);
    }
  }

  private readSession(start: number, end: number): void {
    const { cursor } = this;
    cursor.at = start;
    let status = 0;
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key === statusKey) status = cursor.varint(end);
      else cursor.skip(key, end);
    }
    if (status !== SessionLog_SessionStatus.START || !(this.step <= this.highest)) return;
    for (const tag of this.tags) if (tag.file <= this.file) tag.removeFrom(this.step);
    this.listener?.onVoid(this.step);
    this.highest = this.step;
  }

  private readSummary(start: number, end: number): void {
    const { cursor } = this;
    cursor.at = start;
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key === valueKey) this.readValue(cursor.bytesEnd(end));
      else cursor.skip(key, end);
    }
  }

  /** Reads the value from the cursor up to `end`. */
  private readValue(end: number): void {
    const { cursor } = this;
    let tag = 0;
    let tagEnd = 0;
    let metadata = 0;
    let metadataEnd = 0;
    let content = 0;
    let contentEnd = 0;
    let kind = 0;
    let simple = 0;
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key === simpleKey) {
        kind = key;
        simple = cursor.float(end);
        continue;
      }
      if ((key & 7) !== 2) {
        cursor.skip(key, end);
        continue;
      }
      const fieldEnd = cursor.bytesEnd(end);
      if (key === tagKey) {
        tag = cursor.at;
        tagEnd = fieldEnd;
      } else if (key === metadataKey) {
        metadata = cursor.at;
        metadataEnd = fieldEnd;
      } else if (key === tensorKey || key === histogramKey || key === imageKey || key === audioKey) {
        kind = key;
        content = cursor.at;
        contentEnd = fieldEnd;
      }
      cursor.at = fieldEnd;
    }
    switch (kind) {
      case simpleKey:
        this.addScalar(this.tagOf(tag, tagEnd), simple);
        break;
      case histogramKey: {
        const histogram = this.decoded(HistogramProtoSchema, content, contentEnd);
        this.addHistogram(tag, tagEnd, bucketsOfHistogram(histogram));
        break;
      }
      case imageKey: {
        const { width, height, encodedImageString } = this.decoded(Summary_ImageSchema, content, contentEnd);
        this.addImage(tag, tagEnd, width, height, encodedImageString);
        break;
      }
      case tensorKey:
        this.readTensor(tag, tagEnd, content, contentEnd, this.pluginIn(metadata, metadataEnd));
        break;
      default:
        // not translated: a name
        this.passOver(kind === audioKey ? 'audio' : this.pluginIn(metadata, metadataEnd) || 'unknown value');
    }
    cursor.at = end;
  }

  private readTensor(tag: number, tagEnd: number, content: number, contentEnd: number, named: string): void {
    const { cursor, tensor } = this;
    const known = this.table.find(cursor.bytes, tag, tagEnd);
    const plugin = named || known?.plugin || '';
    cursor.at = content;
    tensor.read(cursor, contentEnd);
    switch (plugin) {
      case 'scalars':
        // not translated: a name
        if (tensor.size !== 1 || tensor.stored === 0) this.passOver('scalar that is not one number');
        else this.addScalar(this.withPlugin(this.tagOf(tag, tagEnd), plugin), tensor.at(0));
        break;
      case 'histograms':
        this.addHistogram(tag, tagEnd, bucketsOfTensor(tensor), plugin);
        break;
      case 'text':
        this.addText(this.withPlugin(this.tagOf(tag, tagEnd), plugin));
        break;
      case 'images': {
        // Width and height as text, then one image or more.
        const [width, height, first] = tensor.strings;
        // not translated: a name
        if (!first) this.passOver('image without content');
        else {
          const encoded = cursor.bytes.subarray(...first);
          this.addImage(tag, tagEnd, Number(cursor.text(...width)), Number(cursor.text(...height)), encoded, plugin);
        }
        break;
      }
      default:
        // not translated: a name
        if (!beside.has(cursor.text(tag, tagEnd))) this.passOver(plugin || 'tensor of an unknown kind');
    }
  }

  private withPlugin(tag: Tag | null, plugin: string): Tag | null {
    if (tag) tag.plugin = plugin;
    return tag;
  }

  private addScalar(tag: Tag | null, number: number): void {
    if (!tag) return;
    tag.scalars ??= new ScalarSeries();
    if (!this.makeWay(tag, tag.scalars)) return;
    tag.scalars.append(this.step, this.wallTime, number, this.budget.points);
    this.listener?.onScalar(tag, this.step, this.wallTime, number);
  }

  private addHistogram(tag: number, tagEnd: number, buckets: Buckets | null, plugin = ''): void {
    if (!buckets) {
      // not translated: a name
      this.passOver('histogram that is not valid');
      return;
    }
    const found = this.withPlugin(this.tagOf(tag, tagEnd), plugin);
    if (!found) return;
    found.histograms ??= new ThinnedRows(this.budget.histograms);
    if (this.makeWay(found, found.histograms)) {
      found.histograms.append(this.step, { wallTime: this.wallTime, ...buckets });
    }
  }

  private addText(tag: Tag | null): void {
    const [first] = this.tensor.strings;
    if (!tag || !first) return;
    if (!this.hasMediaRoom()) return;
    tag.strings ??= new ThinnedRows(this.budget.media);
    if (!this.makeWay(tag, tag.strings)) return;
    const [start, end] = first;
    const isCut = end - start > longestText;
    const text = this.cursor.text(start, isCut ? start + longestText : end);
    tag.strings.append(this.step, { wallTime: this.wallTime, text, isCut });
  }

  private addImage(tag: number, tagEnd: number, width: number, height: number, encoded: Uint8Array, plugin = ''): void {
    if (encoded.length > longestImage) {
      // not translated: a name
      this.passOver('large image');
      return;
    }
    const found = this.hasMediaRoom() ? this.withPlugin(this.tagOf(tag, tagEnd), plugin) : null;
    if (!found) return;
    found.images ??= new ThinnedRows(this.budget.media);
    if (!this.makeWay(found, found.images)) return;
    found.images.append(this.step, { wallTime: this.wallTime, width, height, encoded: encoded.slice() });
  }

  private hasMediaRoom(): boolean {
    if (!this.budget.hasMediaRoom) this.leftOut.media++;
    return this.budget.hasMediaRoom;
  }

  /** Removes the values that the value of this event replaces. @returns Whether it may be added. */
  private makeWay(tag: Tag, store: { readonly lastStep: number; removeFrom(step: number): void }): boolean {
    const { step } = this;
    tag.values++;
    tag.version++;
    if (this.file < tag.file) {
      tag.outdated++;
      return false;
    }
    tag.file = this.file;
    if (step > this.highest) this.highest = step;
    if (step <= store.lastStep) {
      if (step === store.lastStep) tag.repeats++;
      else tag.restarts++;
      tag.cuts++;
      store.removeFrom(step);
    }
    return true;
  }

  /** The tag with the name in these bytes, a new one if necessary. Null if there are too many, or its name is too long. */
  private tagOf(start: number, end: number): Tag | null {
    const { cursor, table, budget } = this;
    const found = table.find(cursor.bytes, start, end);
    if (found) return found;
    if (end - start > longestTag) {
      this.leftOut.tooLongTags++;
      return null;
    }
    if (budget.tags >= mostTags) {
      this.leftOut.tooManyTags++;
      return null;
    }
    budget.tags++;
    return table.add(cursor.bytes, start, end, cursor.text(start, end));
  }

  /** Name of the plugin in a value's metadata; empty if there is none. */
  private pluginIn(start: number, end: number): string {
    const { cursor } = this;
    cursor.at = start;
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key !== pluginDataKey) {
        cursor.skip(key, end);
        continue;
      }
      const dataEnd = cursor.bytesEnd(end);
      while (cursor.at < dataEnd) {
        const inner = cursor.key(dataEnd);
        if (inner !== pluginNameKey) {
          cursor.skip(inner, dataEnd);
          continue;
        }
        const nameEnd = cursor.bytesEnd(dataEnd);
        return cursor.text(cursor.at, Math.min(nameEnd, cursor.at + longestKind));
      }
    }
    return '';
  }

  private decoded<Message extends DescMessage>(schema: Message, start: number, end: number): MessageShape<Message> {
    try {
      return fromBinary(schema, this.cursor.bytes.subarray(start, end), { readUnknownFields: false });
    } catch (cause) {
      throw new WireError((cause as Error).message);
    }
  }

  private passOver(kind: string): void {
    const known = this.passedOver.has(kind) || this.passedOver.size < mostOtherKinds;
    const counted = known ? kind : 'others';
    this.passedOver.set(counted, (this.passedOver.get(counted) ?? 0) + 1);
  }
}
