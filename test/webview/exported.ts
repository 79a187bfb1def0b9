/** Exports received from the page, and a comparison of vector and pixel pictures. */
import type { Browser } from 'playwright-core';
import type { PanelPage } from './harness';

export interface Given {
  name: string;
  format: string;
  /** Copied text. */
  text: string;
  /** Content of a saved file. */
  content: Buffer;
}

/** The last of at least `number` messages of this type from the page to its host. */
export async function given({ page }: PanelPage, type: 'save' | 'copy', number = 1): Promise<Given> {
  await page.waitForFunction(
    ([type, number]) =>
      (window as unknown as { sentByPanel: { type: string }[] }).sentByPanel.filter((sent) => sent.type === type)
        .length >= Number(number),
    [type, number],
  );
  const { bytes, ...rest } = await page.evaluate((type) => {
    const { sentByPanel } = window as unknown as {
      sentByPanel: { type: string; name: string; format: string; content: Uint8Array; text: string }[];
    };
    const { content, ...rest } = sentByPanel.filter((sent) => sent.type === type).at(-1)!;
    return { ...rest, bytes: content ? btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join('')) : '' };
  }, type);
  return { ...rest, content: Buffer.from(bytes, 'base64') };
}

export interface Likeness {
  /** With the XML. */
  problem: string | null;
  images: number;
  paths: number;
  strings: (string | null)[];
  /** Width and height of both. */
  sizes: number[];
  /**
   * Share of places, four pixels wide and high, that differ clearly: edges are smoothed otherwise, and text is set by another
   * hand, a part of a pixel off.
   */
  different: number;
  /** Pixels of the PNG that clearly differ from its corner's. */
  drawn: number;
}

/** Both at the width of the SVG, in a page without the panel's policy, which lets no image in. */
export async function likeness(browser: Browser, svg: string, png: Buffer): Promise<Likeness> {
  const page = await browser.newPage();
  const found = await page.evaluate(
    async ([svg, png]) => {
      const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const wide = Number(parsed.documentElement.getAttribute('width'));
      const pixelsOf = async (address: string) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = new OffscreenCanvas(wide, Math.round((image.naturalHeight * wide) / image.naturalWidth));
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      };
      const [a, b] = await Promise.all([
        pixelsOf(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`),
        pixelsOf(`data:image/png;base64,${png}`),
      ]);
      const side = 4;
      const [columns, rows] = [a.width, Math.min(a.height, b.height)].map((size) => Math.floor(size / side));
      const mean = ({ data, width }: ImageData, column: number, row: number, colour: number) => {
        let sum = 0;
        for (let y = row * side; y < (row + 1) * side; y++) {
          for (let x = column * side; x < (column + 1) * side; x++) sum += data[4 * (y * width + x) + colour];
        }
        return sum / side ** 2;
      };
      let different = 0;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const far = [0, 1, 2].map((colour) => Math.abs(mean(a, column, row, colour) - mean(b, column, row, colour)));
          if (Math.max(...far) > 40) different++;
        }
      }
      let drawn = 0;
      for (let k = 0; k < b.data.length; k += 4) {
        if ([0, 1, 2].some((colour) => Math.abs(b.data[k + colour] - b.data[colour]) > 60)) drawn++;
      }
      return {
        problem: parsed.querySelector('parsererror')?.textContent ?? null,
        images: parsed.querySelectorAll('image').length,
        paths: parsed.querySelectorAll('path').length,
        strings: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
        sizes: [a.width, a.height, b.width, b.height],
        different: different / (rows * columns),
        drawn,
      };
    },
    [svg, png.toString('base64')] as const,
  );
  await page.close();
  return found;
}
