/** The strokes of the digits as Python reads them: `x,y` in percent, with `!` at corners, and ` | ` between strokes. */
import { glyphs } from '../../../engine/data/digits/strokes';

const percent = (value: number) => String(Number((100 * value).toFixed(1)));

/** Lines of the constant GLYPHS: a list of styles for each digit. */
export function glyphLines(): string[] {
  const lines = ['# Strokes of digits: knots "x,y" in percent of width and height, ! at corners.', 'GLYPHS = ['];
  for (const styles of glyphs) {
    lines.push('    [');
    for (const glyph of styles) {
      const text = glyph
        .map((stroke) => stroke.map(({ x, y, corner }) => `${percent(x)},${percent(y)}${corner ? '!' : ''}`).join(' '))
        .join(' | ');
      const pieces = pieceWords(text);
      lines.push(...pieces.map((piece, k) => `        "${piece}"${k === pieces.length - 1 ? ',' : ''}`));
    }
    lines.push('    ],');
  }
  return [...lines, ']'];
}

/** Pieces of a string in lines of their own, each with the space behind it. */
function pieceWords(text: string): string[] {
  const pieces = [''];
  for (const word of text.split(/(?<= )/)) {
    if (pieces[pieces.length - 1].length + word.length > 65) pieces.push('');
    pieces[pieces.length - 1] += word;
  }
  return pieces;
}
