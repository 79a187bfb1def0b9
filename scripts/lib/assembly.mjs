// @ts-check
/** Compiles the AssemblyScript of a folder to WebAssembly, and makes it importable with esbuild. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import asc from 'assemblyscript/asc';
import { filesUnder, root } from './files.mjs';

const options = [
  '-O3',
  '--converge',
  '--noAssert',
  ...['--runtime', 'stub'],
  '--importMemory',
  ...['--enable', 'simd'],
];

/** @type {Map<string, Promise<Uint8Array>>} */
const underWay = new Map();

/**
 * Compiles `folder/index.ts`. Results for unchanged sources come from the cache in `out/`.
 * @param {string} folder
 * @returns {Promise<Uint8Array>}
 */
async function compiled(folder) {
  const hash = createHash('sha256').update(JSON.stringify([asc.version, options]));
  for (const source of filesUnder(folder, '.ts')) hash.update(readFileSync(source));
  const file = join(root, 'out/assembly', `${hash.digest('hex').slice(0, 16)}.wasm`);
  if (existsSync(file)) return readFileSync(file);
  const binary = await compile(relative(root, join(folder, 'index.ts')));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, binary);
  renameSync(`${file}.${process.pid}`, file);
  return binary;
}

/**
 * @param {string} entry Path relative to the root.
 * @returns {Promise<Uint8Array>}
 */
async function compile(entry) {
  /** @type {Uint8Array | null} */
  let binary = null;
  const { error, stderr } = await asc.main([entry, ...options, '--outFile', 'module.wasm'], {
    readFile: (name) => {
      const file = join(root, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
    writeFile: (_, contents) => {
      binary = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${entry} does not compile:\n${stderr.toString()}${error?.message ?? ''}`);
  return binary;
}

/** Characters of the text that bytes are written as: printable, and without a meaning in strings of JavaScript or in HTML. */
const characters = [...Array(95).keys()]
  .map((k) => String.fromCharCode(32 + k))
  .filter((each) => !/["'`\\$<]/.test(each));
/** Number of bytes, the most frequent ones, that are written as one character. The other characters begin a pair. */
const single = characters.length - 4;

/**
 * Writes bytes as text. Unlike base64, each byte is written in the same way at every place, so that packages compress it well: to 20 kB,
 * where base64 needs 25 kB.
 * @param {Uint8Array} bytes
 * @returns {{ text: string, order: number[] }} The text, and all bytes from the most frequent to the rarest.
 */
export function textOfBytes(bytes) {
  const frequency = new Uint32Array(256);
  for (const byte of bytes) frequency[byte]++;
  const order = [...frequency.keys()].sort((a, b) => frequency[b] - frequency[a] || a - b);
  const written = new Map(
    order.map((byte, rank) => {
      const rest = rank - single;
      const pair = () => characters[single + Math.floor(rest / single)] + characters[rest % single];
      return [byte, rank < single ? characters[rank] : pair()];
    }),
  );
  return { text: Array.from(bytes, (byte) => written.get(byte)).join(''), order };
}

/**
 * JavaScript that exports the bytes, for Node and for browsers; esbuild's own loader makes it for one of the two.
 * @param {Uint8Array} bytes
 */
export function decoding(bytes) {
  const { text, order } = textOfBytes(bytes);
  return `export default /* @__PURE__ */ (() => {
    const text = ${JSON.stringify(text)};
    const order = [${order}];
    const ranks = new Uint8Array(128);
    ${JSON.stringify(characters.join(''))}.split('').forEach((each, rank) => { ranks[each.charCodeAt(0)] = rank; });
    const bytes = new Uint8Array(${bytes.length});
    for (let k = 0, at = 0; k < bytes.length; k++) {
      const rank = ranks[text.charCodeAt(at++)];
      bytes[k] = order[rank < ${single} ? rank : ${single} * (rank - ${single} + 1) + ranks[text.charCodeAt(at++)]];
    }
    return bytes;
  })();`;
}

/**
 * Makes `import code from './assembly.wasm'` return the compiled bytes of the folder `assembly` beside the importing file.
 * @type {import('esbuild').Plugin}
 */
export const assembly = {
  name: 'assembly',
  setup(build) {
    build.onResolve({ filter: /\/assembly\.wasm$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\.wasm$/, '')),
      namespace: 'assembly',
    }));
    build.onLoad({ filter: /.*/, namespace: 'assembly' }, async ({ path }) => {
      const module = underWay.get(path) ?? compiled(path);
      underWay.set(path, module);
      try {
        return { contents: decoding(await module), loader: 'js', watchFiles: filesUnder(path, '.ts') };
      } catch (error) {
        return { errors: [{ text: error instanceof Error ? error.message : String(error) }] };
      } finally {
        underWay.delete(path);
      }
    });
  },
};
