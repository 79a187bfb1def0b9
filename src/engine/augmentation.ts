/** Random changes of training images. They have a random stream of their own, so that nothing else of a run depends on them. */
import type { ImageShape } from '../shared/image';
import type { Augmentation } from './data/dataSpecification';
import { type Dataset, type Examples, numbersOf } from './data/dataset';
import type { RandomStream, Streams } from './random';

/** How one image is changed: first mirrored, then moved. */
export interface ImageChange {
  mirrored: boolean;
  /** Pixels to the right, and down; negative ones to the left, and up. */
  right: number;
  down: number;
}

/** Draws the changes of images, one after the other. */
export class ImageChanges {
  constructor(
    private readonly augment: Augmentation,
    private readonly random: RandomStream,
  ) {}

  next(): ImageChange {
    const { shift, flip } = this.augment;
    const moved = () => (shift === 0 ? 0 : this.random.integer(2 * shift + 1) - shift);
    return { mirrored: flip && this.random.integer(2) === 1, right: moved(), down: moved() };
  }
}

/** Makes minibatches of changed training images. */
export class Augmenter {
  private readonly changes: ImageChanges;
  private readonly black: readonly number[];
  private values = new Float32Array(0);

  private constructor(
    private readonly examples: Examples,
    private readonly image: ImageShape,
    changes: ImageChanges,
    pixelRange: Dataset['pixelRange'],
  ) {
    this.changes = changes;
    this.black = Array.from({ length: image.channels }, (_, c) => pixelRange?.[c].black ?? 0);
  }

  /** Null if the data are not to be changed. The changes come from the stream `augmentation`. */
  static of({ augment, image, train, pixelRange }: Dataset, stream: Streams): Augmenter | null {
    if (!augment || !image) return null;
    return new Augmenter(train, image, new ImageChanges(augment, stream('augmentation')), pixelRange);
  }

  /**
   * The changed images of the next minibatch, [indices × features]. Pixels that move in from outside are black. The array is
   * valid until the next call.
   */
  next(indices: Uint32Array): Float32Array {
    const { width, height, channels } = this.image;
    const size = width * height * channels;
    if (this.values.length !== indices.length * size) this.values = new Float32Array(indices.length * size);
    for (let k = 0; k < indices.length; k++) {
      const from = numbersOf(this.examples, indices[k] * size, (indices[k] + 1) * size);
      this.write(from, this.changes.next(), this.values.subarray(k * size, (k + 1) * size));
    }
    return this.values;
  }

  private write(from: Float32Array, { mirrored, right, down }: ImageChange, to: Float32Array): void {
    const { width, height, channels } = this.image;
    for (let y = 0; y < height; y++) {
      const fromY = y - down;
      for (let x = 0; x < width; x++) {
        const moved = x - right;
        const fromX = mirrored ? width - 1 - moved : moved;
        const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        const at = (y * width + x) * channels;
        const source = (fromY * width + fromX) * channels;
        for (let c = 0; c < channels; c++) to[at + c] = inside ? from[source + c] : this.black[c];
      }
    }
  }
}
