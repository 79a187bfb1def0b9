// @ts-check
/**
 * Generates the innermost loops of all matrix products, `assembly/tiles.ts`. AssemblyScript has neither macros nor arrays in
 * registers, so each sum is a variable and each round of a loop is written out.
 */

/** Rows of a tile. */
const rows = [0, 1, 2, 3];

/**
 * Shapes of tiles, by measurement (docs/performance.md). One panel of 8 columns fills eight registers of 128 bits with sums,
 * and two panels eight of 256 bits.
 */
const shapes = [
  { name: 'tiles', panels: [0], rounds: 1, of: 'a panel', doc: 'For registers of 128 bits.' },
  { name: 'doubleTiles', panels: [0, 1], rounds: 2, of: 'two panels', doc: 'For registers of 256 bits.' },
];

/** @typedef {typeof shapes[number]} Shape */

/** Names of variables of a panel: `b0_1` is the second half of a row of the first panel. */
const halves = [0, 1];

/** One round: a row of b is multiplied by a number of each row of a. @param {Shape} shape */
function round({ panels }) {
  const loads = panels.map((p) => `const b${p}_0 = v128.load(b${p}), b${p}_1 = v128.load(b${p}, 16);`);
  const products = rows.map((r) => {
    const value = `${r === 0 ? 'let ' : ''}v = v128.load32_splat(a${r === 0 ? '' : `, ${4 * r}`});`;
    const sums = panels.flatMap((p) =>
      halves.map((h) => `c${r}${p}_${h} = f32x4.add(c${r}${p}_${h}, f32x4.mul(v, b${p}_${h}));`),
    );
    return [value, ...sums];
  });
  return [...loads, ...products.flat(), 'a += aStep;', ...panels.map((p) => `b${p} += group;`)];
}

/** @param {readonly string[]} lines @param {number} depth */
function indented(lines, depth) {
  return lines.map((line) => `${'  '.repeat(depth)}${line}\n`).join('');
}

/** @param {Shape} shape */
function source(shape) {
  const { name, panels, rounds, of, doc } = shape;
  const strides = panels.length > 1;
  const start = rows.flatMap((r) =>
    panels.map((p) => {
      const at = `from${p}${r === 0 ? '' : ` + ${r} * fromStep`}`;
      return `let c${r}${p}_0 = v128.load(${at}), c${r}${p}_1 = v128.load(${at}, 16);`;
    }),
  );
  const end = rows.flatMap((r) =>
    panels.flatMap((p) => halves.map((h) => `v128.store(c${p}, c${r}${p}_${h}, ${32 * r + 16 * h});`)),
  );
  const block = (/** @type {string} */ head) => [head, ...round(shape).map((line) => `  ${line}`), '}'];
  const parameters = [
    'count: i32, depth: i32, a: usize, aStep: usize, aNext: usize,',
    strides
      ? 'b: usize, bStride: usize, from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize,'
      : 'b: usize, from: usize, fromStep: usize, c: usize,',
  ];
  const all = (/** @type {string} */ pointer) =>
    panels
      .map((p) => `${pointer}${p} = ${pointer}${p === 0 ? '' : ` + ${p === 1 ? '' : `${p} * `}${pointer}Stride`}`)
      .join(', ');
  const loop =
    rounds === 1
      ? block('while (b0 < end) {')
      : [
          'while (b0 < end) {',
          ...Array.from({ length: rounds }, () => block('{'))
            .flat()
            .map((line) => `  ${line}`),
          '}',
        ];
  const body = [
    `let ${all('b')};`,
    ...start,
    '// The first round is apart: V8 computes the address of a splat with an offset where it meets it first, here outside the loop.',
    ...block('{'),
    ...(rounds === 1 ? [] : block('if ((depth & 1) === 0) {')),
    ...loop,
    ...end,
    'a = strip + aNext;',
    ...panels.flatMap((p) => [`from${p} += 4 * fromStep;`, `c${p} += 4 * group;`]),
  ];
  return `
/**
 * ${doc} Tiles of four rows of ${of}: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a Four numbers of each k, \`aStep\` bytes apart; those of the next tile are \`aNext\` bytes further.
 * @param b A group of each k.
 * @param from What the sums start from, which may be c. Rows are \`fromStep\` bytes apart.
 */
export function ${name}(
${indented(parameters, 1)}): void {
  let ${all('from')}, ${all('c')};
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    const strip = a;
${indented(body, 2)}  }
}
`;
}

/** Contents of `assembly/tiles.ts`. */
export function tilesSource() {
  return `// Generated from scripts/lib/tiles.mjs by \`npm run generate\`.
/** The innermost loops of all matrix products. */
import { group } from './panels';
${shapes.map(source).join('')}`;
}
