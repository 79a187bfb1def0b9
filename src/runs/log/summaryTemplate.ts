/** Encoded scalars of a frame, made once for a set of channels: only the numbers differ between frames. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { lengthOfVarint } from './bytes';
import { Summary_ValueSchema, SummarySchema } from './event_pb';

const value = Summary_ValueSchema.field;
/** Bytes of a float32 and its tag. */
const floatField = 5;

export class SummaryTemplate {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Byte offset of the number of each channel. */
  private readonly places: Uint32Array;

  /** @param channels Indices into `tags` of the channels of the frame. */
  constructor(
    tags: readonly string[],
    private readonly channels: readonly number[],
  ) {
    const text = new TextEncoder();
    const names = channels.map((channel) => text.encode(tags[channel]));
    const writer = new BinaryWriter();
    this.places = new Uint32Array(channels.length);
    let end = 0;
    names.forEach((name, k) => {
      const length = 1 + lengthOfVarint(name.length) + name.length + floatField;
      writer.tag(SummarySchema.field.value.number, WireType.LengthDelimited).uint32(length);
      writer.tag(value.tag.number, WireType.LengthDelimited).bytes(name);
      writer.tag(value.simpleValue.number, WireType.Bit32).float(0);
      end += 1 + lengthOfVarint(length) + length;
      // The number is the last four bytes of its message.
      this.places[k] = end - 4;
    });
    this.bytes = writer.finish();
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
  }

  /** The `Summary` of a frame; valid until the next call. */
  filled(values: Float32Array): Uint8Array {
    for (let k = 0; k < this.places.length; k++) this.view.setFloat32(this.places[k], values[this.channels[k]], true);
    return this.bytes;
  }
}
