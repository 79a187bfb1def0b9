/**
 * Records of this program in an event file: values of a plugin that TensorBoard does not have and therefore skips. Each is
 * the only value of its event: a string tensor, whose one string is the content, with the plugin's name as metadata.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { EventSchema, Summary_ValueSchema, SummaryMetadataSchema, SummarySchema, TensorProtoSchema } from './event_pb';

const pluginName = 'batchnorm_lab';

/** Tags of the kinds of records. */
export const ownTags = {
  /** The heading, as deflated JSON. */
  heading: 'batchnorm-lab/heading',
  /** One frame: see `frameRecord.ts`. */
  frame: 'batchnorm-lab/frame',
  /** Several frames: see `packedFrames.ts`. */
  frames: 'batchnorm-lab/frames',
} as const;

/** Value of TensorFlow's enumeration: a tensor of strings. */
const stringType = 7;

const metadata = toBinary(SummaryMetadataSchema, create(SummaryMetadataSchema, { pluginData: { pluginName } }));

/** Encodes the `Summary` of a record. */
export function ownSummary(tag: string, content: Uint8Array): Uint8Array {
  const [value, tensor] = [Summary_ValueSchema.field, TensorProtoSchema.field];
  const writer = new BinaryWriter();
  writer.tag(SummarySchema.field.value.number, WireType.LengthDelimited).fork();
  writer.tag(value.tag.number, WireType.LengthDelimited).string(tag);
  writer.tag(value.tensor.number, WireType.LengthDelimited).fork();
  writer.tag(tensor.dtype.number, WireType.Varint).int32(stringType);
  // The shape of a single string has no dimension.
  writer.tag(tensor.tensorShape.number, WireType.LengthDelimited).bytes(new Uint8Array(0));
  writer.tag(tensor.stringVal.number, WireType.LengthDelimited).bytes(content).join();
  writer.tag(value.metadata.number, WireType.LengthDelimited).bytes(metadata).join();
  return writer.finish();
}

/** The content of an encoded `Summary` of this program; null for any other. */
export function ownContent(summary: Uint8Array): { tag: string; content: Uint8Array } | null {
  const value = field(summary, SummarySchema.field.value.number);
  const tag = value && field(value, Summary_ValueSchema.field.tag.number);
  const name = tag && new TextDecoder().decode(tag);
  if (!name || !Object.values<string>(ownTags).includes(name)) return null;
  const tensor = field(value, Summary_ValueSchema.field.tensor.number);
  const content = tensor && field(tensor, TensorProtoSchema.field.stringVal.number);
  return content ? { tag: name, content } : null;
}

/** The first field of a number in a message, a part of its bytes; null if there is none. */
function field(message: Uint8Array, wanted: number): Uint8Array | null {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === wanted && type === WireType.LengthDelimited) return reader.bytes();
    reader.skip(type, number);
  }
  return null;
}

/** Parts of an event that holds a summary. */
export interface SummaryEvent {
  step: number;
  /** Seconds since 1970. */
  wallTime: number;
  /** The encoded summary, a part of the record. */
  summary: Uint8Array;
}

/** Reads an event without decoding its summary; null for an event of a different kind, or bytes that are no event. */
export function summaryEvent(record: Uint8Array): SummaryEvent | null {
  const fields = EventSchema.field;
  try {
    const reader = new BinaryReader(record);
    let [step, wallTime] = [0, 0];
    let summary: Uint8Array | null = null;
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      if (number === fields.step.number && type === WireType.Varint) step = Number(reader.int64());
      else if (number === fields.wallTime.number && type === WireType.Bit64) wallTime = reader.double();
      else if (number === fields.summary.number && type === WireType.LengthDelimited) summary = reader.bytes();
      else reader.skip(type, number);
    }
    return summary && { step, wallTime, summary };
  } catch {
    return null;
  }
}
