/** Pictures that the page exports, in a form to compare with those in `golden/`: one element a line, the same on every machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = join(process.cwd(), 'test/webview/golden');
const differing = join(process.cwd(), 'out/golden');
/** Set to write the pictures instead of comparing them. */
export const isRewriting = process.env.UPDATE_GOLDEN === '1';

/** Adjacent squares that represent an embedded image, by its width in pixels. */
const gridOf = (width: number) => (width < 100 ? 5 : 16);
/** Steps of a colour channel by which a square's mean may differ: browsers smooth edges differently. */
const tolerance = 3;

/**
 * Writes an embedded image as a grid of squares in its mean colours, since the bytes of a PNG depend on the browser, and
 * numbers clip paths in the order in which they appear.
 */
export async function comparable(page: Page, svg: string): Promise<string> {
  const squares = new Map<string, string[]>();
  for (const [, attributes] of svg.matchAll(imageElement)) {
    const [image, grid] = [attributeOf(attributes, 'href'), gridOf(Number(attributeOf(attributes, 'width')))];
    squares.set(image, await page.evaluate(meanColours, { image, grid }));
  }
  const ids = new Map<string, string>();
  return svg
    .replace(imageElement, (_, attributes: string) => {
      const [x, y, transform, href] = ['x', 'y', 'transform', 'href'].map((name) => attributeOf(attributes, name));
      const [width, height] = ['width', 'height'].map((name) => Number(attributeOf(attributes, name)));
      const grid = gridOf(width);
      const cells = (squares.get(href) ?? []).map(
        (colour, k) => `<path fill="${colour}" d="M${k % grid} ${Math.floor(k / grid)}h1v1h-1Z"/>`,
      );
      const place = `${transform} translate(${x} ${y}) scale(${width / grid} ${height / grid})`.trim();
      return `<g transform="${place}">${cells.join('')}</g>`;
    })
    .replace(/clip-\d+/g, (id) => {
      if (!ids.has(id)) ids.set(id, `clip-${ids.size + 1}`);
      return ids.get(id) as string;
    })
    .replace(/></g, '>\n<');
}

const imageElement = /<image ([^>]*)\/>/g;

function attributeOf(attributes: string, name: string): string {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
}

/** Runs in the page, which may not load images, but may decode their bytes. */
async function meanColours({ image, grid }: { image: string; grid: number }): Promise<string[]> {
  const bytes = Uint8Array.from(atob(image.split(',')[1]), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  return Array.from({ length: grid * grid }, (_, k) => {
    const [left, right] = [k % grid, (k % grid) + 1].map((edge) => Math.round((edge * bitmap.width) / grid));
    const row = Math.floor(k / grid);
    const [top, bottom] = [row, row + 1].map((edge) => Math.round((edge * bitmap.height) / grid));
    const { data } = context.getImageData(left, top, right - left, bottom - top);
    const sums = [0, 0, 0];
    for (let place = 0; place < data.length; place++) {
      if (place % 4 < 3) sums[place % 4] += (data[place] * data[place - (place % 4) + 3]) / 255;
    }
    return `rgb(${sums.map((sum) => Math.round(sum / (data.length / 4))).join(',')})`;
  });
}

/** @returns What differs from the committed picture of this name, or null. */
export function differenceFromGolden(name: string, picture: string): string | null {
  const path = join(folder, `${name}.svg`);
  if (isRewriting) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, picture);
    return null;
  }
  const difference = existsSync(path)
    ? firstDifference(readFileSync(path, 'utf8'), picture)
    : 'no picture of this name is committed';
  if (difference === null) return null;
  mkdirSync(differing, { recursive: true });
  writeFileSync(join(differing, `${name}.svg`), picture);
  const message = `test/webview/golden/${name}.svg: ${difference}\nThe new picture is out/golden/${name}.svg.`;
  writeFileSync(join(differing, `${name}.txt`), `${message}\n`);
  return message;
}

/** @returns The first lines that differ, with the place in the line at which they do. */
export function firstDifference(expected: string, actual: string): string | null {
  const [a, b] = [expected, actual].map((text) => text.split('\n'));
  for (let k = 0; k < Math.max(a.length, b.length); k++) {
    if (a[k] === b[k] || isNearly(a[k], b[k])) continue;
    const [left, right] = [a[k] ?? '(the end)', b[k] ?? '(the end)'];
    let place = 0;
    while (left[place] === right[place]) place++;
    const from = Math.max(0, place - 40);
    const shown = (line: string) => `${from > 0 ? '…' : ''}${line.slice(from, place + 60)}`;
    return `line ${k + 1} differs (${a.length} lines were expected, ${b.length} were drawn)\n  - ${shown(left)}\n  + ${shown(right)}`;
  }
  return null;
}

const square = /^<path fill="rgb\((\d+),(\d+),(\d+)\)" d="(M\d+ \d+h1v1h-1Z)"\/>/;

/** Whether both are squares of an image, at the same place and of nearly the same colour. */
function isNearly(a = '', b = ''): boolean {
  const [one, other] = [square.exec(a), square.exec(b)];
  if (!one || !other || one[4] !== other[4]) return false;
  if (a.slice(one[0].length) !== b.slice(other[0].length)) return false;
  return [1, 2, 3].every((k) => Math.abs(Number(one[k]) - Number(other[k])) <= tolerance);
}

/** Removes what an earlier run left, so that out/golden has only what differs now. */
export function forgetDifferences(): void {
  rmSync(differing, { recursive: true, force: true });
}

/** Deletes committed pictures that no test draws any more. */
export function deleteOthers(names: readonly string[], committed: readonly string[]): void {
  for (const name of committed) if (!names.includes(name)) rmSync(join(folder, `${name}.svg`));
}

export { folder as goldenFolder };
