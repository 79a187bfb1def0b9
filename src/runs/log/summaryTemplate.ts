/** Encoded scalars of a frame, made once for a set of channels: only the numbers differ between frames. */
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { Summary_ValueSchema } from './event_pb';

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
    const writer = new BinaryWriter();
    const encoded = channels.map((channel) =>
      toBinary(
        Summary_ValueSchema,
        create(Summary_ValueSchema, { tag: tags[channel], value: { case: 'simpleValue', value: 0 } }),
      ),
    );
    for (const value of encoded) writer.tag(1, WireType.LengthDelimited).bytes(value);
    this.bytes = writer.finish();
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    this.places = new Uint32Array(channels.length);
    let end = 0;
    encoded.forEach((value, k) => {
      end += 1 + new BinaryWriter().uint32(value.length).finish().length + value.length;
      // A float is the last field of its message, and four bytes long.
      this.places[k] = end - 4;
    });
  }

  /** The `Summary` of a frame; valid until the next call. */
  filled(values: Float32Array): Uint8Array {
    for (let k = 0; k < this.places.length; k++) this.view.setFloat32(this.places[k], values[this.channels[k]], true);
    return this.bytes;
  }
}
