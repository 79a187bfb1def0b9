/** Content of a canvas as pixels. */
import type { Locator } from 'playwright-core';

export interface Pixels {
  /** CSS pixels. */
  width: number;
  height: number;
  /** Pixels that are clearly of a colour, not of a grey. */
  coloured: number;
  /** Colours that at least 20 pixels have, as `r,g,b`. */
  colours: string[];
  /** Differs when the picture does. */
  hash: number;
}

/** Waits until the browser has drawn some frames more: what the page had scheduled is done then. */
export async function framesPass(canvas: Locator, count: number): Promise<void> {
  await canvas.evaluate(async (_, count) => {
    for (let k = 0; k < count; k++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, count);
}

export function pixels(canvas: Locator): Promise<Pixels> {
  return canvas.evaluate((element) => {
    const source = element as HTMLCanvasElement;
    // Read from a copy: reading from the canvas itself would change how the browser draws on it.
    const copy = document.createElement('canvas');
    copy.width = source.width;
    copy.height = source.height;
    const context = copy.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    // Numbers, because an array or a string for each pixel would take most of the time of a test.
    const counts = new Map<number, number>();
    let coloured = 0;
    let hash = 0;
    for (let place = 0; place < data.length; place += 4) {
      const red = data[place];
      const green = data[place + 1];
      const blue = data[place + 2];
      const alpha = data[place + 3];
      hash = (Math.imul(hash, 31) + red * 7 + green * 5 + blue * 3 + alpha) | 0;
      if (alpha < 100) continue;
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) coloured++;
      if (alpha === 255) {
        const colour = (red << 16) | (green << 8) | blue;
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
    }
    const colours = [...counts]
      .filter(([, count]) => count >= 20)
      .map(([colour]) => `${colour >> 16},${(colour >> 8) & 255},${colour & 255}`);
    return { width: source.clientWidth, height: source.clientHeight, coloured, colours, hash };
  });
}
