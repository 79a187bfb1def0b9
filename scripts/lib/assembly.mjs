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

/**
 * JavaScript that exports the bytes, for Node and for browsers; esbuild's own loader makes it for one of the two.
 * @param {Uint8Array} bytes
 */
function decoding(bytes) {
  const text = JSON.stringify(Buffer.from(bytes).toString('base64'));
  return `export default /* @__PURE__ */ (() => {
    const text = atob(${text});
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
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
