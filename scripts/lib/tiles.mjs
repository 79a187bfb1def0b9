// @ts-check
/**
 * Generates the innermost loops of all matrix products, `assembly/tiles.ts`. AssemblyScript has neither macros nor arrays in
 * registers, so each sum is a variable and each round of a loop is written out.
 */

/** Halves of a group. */
const halves = [0, 1];

/**
 * Where the numbers of each k are: `step` bytes apart in a strip or at an offset of a table, or at an offset from pointers of
 * their own, where there is no step.
 * @typedef {{ step: number | null, indexed: boolean, doc: string }} Place
 * @type {Record<'strips' | 'rows' | 'windows' | 'numbers', Place>}
 */
const places = {
  strips: { step: 4, indexed: false, doc: 'Four numbers side by side for each k, `aStep` bytes apart.' },
  rows: { step: 32, indexed: true, doc: 'The first of neighbouring rows of panels.' },
  windows: { step: 4, indexed: true, doc: 'The first of neighbouring windows.' },
  numbers: { step: null, indexed: true, doc: 'The first window.' },
};

/**
 * Rows and panels of a tile, and rounds of its loop. Chosen by measurement (docs/performance.md): one panel of 8 columns fills eight
 * registers of 128 bits with sums, and two panels eight of 256 bits. Seven rows are for registers of 256 bits too; they divide
 * the width of a digit, 28 pixels, its half and its quarter. Three divide the numbers of a
 * window of 3 × 3 pixels.
 * @typedef {{ rows: number, panels: number[], rounds: number, what: string }} Shape
 * @type {Record<'single' | 'double' | 'sevens' | 'threes', Shape>}
 */
const shapes = {
  single: { rows: 4, panels: [0], rounds: 1, what: 'four rows of a panel, for registers of 128 bits' },
  double: { rows: 4, panels: [0, 1], rounds: 2, what: 'four rows of two panels, for registers of 256 bits' },
  sevens: { rows: 7, panels: [0], rounds: 1, what: 'seven rows of a panel, for registers of 256 bits' },
  threes: { rows: 3, panels: [0], rounds: 1, what: 'three rows of a panel, for registers of 128 bits' },
};

/** @type {{ name: string, shape: Shape, place: Place }[]} */
const functions = [
  { name: 'tiles', shape: shapes.single, place: places.strips },
  { name: 'doubleTiles', shape: shapes.double, place: places.strips },
  { name: 'rowTiles', shape: shapes.single, place: places.rows },
  { name: 'doubleRowTiles', shape: shapes.double, place: places.rows },
  { name: 'windowTiles', shape: shapes.single, place: places.windows },
  { name: 'doubleWindowTiles', shape: shapes.double, place: places.windows },
  { name: 'sevenWindowTiles', shape: shapes.sevens, place: places.windows },
  { name: 'numberTiles', shape: shapes.threes, place: places.numbers },
];

/** Numbers from 0 to `count` − 1. @param {number} count */
function upTo(count) {
  return Array.from({ length: count }, (_, k) => k);
}

/** One round: a row of b is multiplied by a number of each row of a. @param {Shape} shape @param {Place} place */
function round({ rows, panels }, { step, indexed }) {
  const at = indexed ? 'at' : 'a';
  const loads = panels.map((p) => `const b${p}_0 = v128.load(b${p}), b${p}_1 = v128.load(b${p}, 16);`);
  const products = upTo(rows).flatMap((r) => [
    `${r === 0 ? 'let v' : 'v'} = v128.load32_splat(${step === null ? `a${r} + at` : `${at}${r === 0 ? '' : `, ${step * r}`}`});`,
    ...panels.flatMap((p) =>
      halves.map((h) => `c${r}${p}_${h} = f32x4.add(c${r}${p}_${h}, f32x4.mul(v, b${p}_${h}));`),
    ),
  ]);
  return [
    ...(indexed ? [`const at = ${step === null ? '' : 'a + '}load<u32>(offset);`] : []),
    ...loads,
    ...products,
    indexed ? 'offset += 4;' : 'a += aStep;',
    ...panels.map((p) => `b${p} += group;`),
  ];
}

/** @param {readonly string[]} lines @param {number} depth */
function indented(lines, depth) {
  return lines.map((line) => `${'  '.repeat(depth)}${line}\n`).join('');
}

/** @param {string} head @param {readonly string[]} lines */
function block(head, lines) {
  return [head, ...lines.map((line) => `  ${line}`), '}'];
}

/** @param {typeof functions[number]} tile */
function source({ name, shape, place }) {
  const { rows, panels, rounds, what } = shape;
  const { step, indexed, doc } = place;
  const double = panels.length === 2;
  /** Variables of all panels, from a parameter. @param {string} pointer */
  const each = (pointer) => `${pointer}0 = ${pointer}${double ? `, ${pointer}1 = ${pointer} + ${pointer}Stride` : ''}`;
  const once = round(shape, place);
  const start = upTo(rows).flatMap((r) =>
    panels.map((p) => {
      const at = ['', ' + fromStep'][r] ?? ` + ${r} * fromStep`;
      return `let c${r}${p}_0 = v128.load(from${p}${at}), c${r}${p}_1 = v128.load(from${p}${at}, 16);`;
    }),
  );
  const end = upTo(rows).flatMap((r) =>
    panels.flatMap((p) => halves.map((h) => `v128.store(c${p}, c${r}${p}_${h}, ${32 * r + 16 * h});`)),
  );
  const body = [
    ...(indexed ? ['let offset = offsets;'] : ['const strip = a;']),
    ...(step === null ? upTo(rows).map((r) => `const a${r} = a + load<u32>(numbers, ${4 * r});`) : []),
    `let ${each('b')};`,
    ...start,
    '// Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.',
    ...block('{', once),
    ...(rounds === 1 ? [] : block('if ((depth & 1) === 0) {', once)),
    ...block('while (b0 < end) {', rounds === 1 ? once : upTo(rounds).flatMap(() => block('{', once))),
    ...end,
    step === null ? `numbers += ${4 * rows};` : indexed ? 'a += aNext;' : 'a = strip + aNext;',
    ...panels.flatMap((p) => [`from${p} += ${rows} * fromStep;`, `c${p} += ${rows} * group;`]),
  ];
  const parameters = [
    `count: i32, depth: i32, a: usize, ${indexed ? 'offsets' : 'aStep'}: usize, ${step === null ? 'numbers' : 'aNext'}: usize,`,
    double
      ? 'b: usize, bStride: usize, from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize,'
      : 'b: usize, from: usize, fromStep: usize, c: usize,',
  ];
  return `
/**
 * Tiles of ${what}: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a ${doc}${indexed ? '\n * @param offsets Bytes from there to each k, as u32.' : ''}
 * @param ${step === null ? 'numbers Bytes from a to each row, as u32.' : 'aNext Bytes to the next tile.'}
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are \`fromStep\` bytes apart.
 */
export function ${name}(
${indented(parameters, 1)}): void {
  let ${each('from')}, ${each('c')};
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
${indented(body, 2)}  }
}
`;
}

/** Contents of `assembly/tiles.ts`. */
export function tilesSource() {
  return `// Generated from scripts/lib/tiles.mjs by \`npm run generate\`.
/** The innermost loops of all matrix products. */
import { group } from './panels';
${functions.map(source).join('')}`;
}
