/** Images as data sets and the panel share them: pixel by pixel, row by row, the channels of a pixel side by side. */

export interface ImageShape {
  width: number;
  height: number;
  /** Numbers a pixel: 1 for grey values, 3 for red, green and blue. */
  channels: number;
}

export function numbersOfImage({ width, height, channels }: ImageShape): number {
  return width * height * channels;
}

/**
 * Colours of an image for a canvas, [height · width × 4]: red, green, blue and opacity from 0 to 255. Three channels are
 * red, green and blue. Any other number of channels is drawn as ink whose opacity is the mean of the channels.
 * @param values [height · width × channels], from 0 to 1; values outside are clipped.
 * @param ink Red, green and blue of the ink, from 0 to 255.
 */
export function imageColours(values: ArrayLike<number>, { channels }: ImageShape, ink: readonly number[]): number[] {
  const colours: number[] = [];
  for (let at = 0; at < values.length; at += channels) {
    const own = Array.from({ length: channels }, (_, c) => Math.max(0, Math.min(1, values[at + c])));
    if (channels === 3) {
      colours.push(...own.map((value) => Math.round(255 * value)), 255);
    } else {
      const mean = own.reduce((sum, value) => sum + value, 0) / channels;
      colours.push(ink[0], ink[1], ink[2], Math.round(255 * mean));
    }
  }
  return colours;
}
