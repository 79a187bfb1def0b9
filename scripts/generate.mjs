// @ts-check
/**
 * Writes the generated files: `node scripts/generate.mjs [--check]`.
 * `--check` writes nothing and fails if a file differs from its source.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { experimentDocs } from './lib/experimentDocs.mjs';
import { root } from './lib/files.mjs';
import { assemblyDeclarations, hostDeclarations, readAssembly } from './lib/kernelInterface.mjs';
import { loadSource } from './lib/sources.mjs';
import { tilesSource } from './lib/tiles.mjs';

/**
 * @typedef {object} Generator
 * @property {string} what Description for messages.
 * @property {() => Promise<Record<string, string>>} make Returns file contents by path from the root.
 */

/** @type {Generator[]} */
const generators = [
  { what: 'the JSON Schemas of experiment files', make: jsonSchema },
  { what: 'the documentation of experiment files', make: experimentPage },
  { what: 'the tools for language models', make: manifest },
  { what: 'the messages of a run log', make: () => protobufMessages('src/runs/log', 'event') },
  { what: 'the messages of an ONNX model', make: () => protobufMessages('src/runs/model', 'onnx') },
  { what: 'the interface of the SIMD kernels', make: kernelInterface },
  { what: 'the loops of the matrix products', make: productLoops },
];

async function jsonSchema() {
  const { shippedJsonSchema } = await loadSource('src/experiment/jsonSchema.ts');
  const { editorJsonSchema } = await loadSource('src/experiment/jsonEditorSchema.ts');
  /** @param {object} schema */
  const written = (schema) => `${JSON.stringify(schema, null, 2)}\n`;
  return {
    'media/bnexp.schema.json': written(shippedJsonSchema()),
    'media/bnexp.editor.schema.json': written(editorJsonSchema()),
  };
}

async function experimentPage() {
  const { experimentJsonSchema } = await loadSource('src/experiment/jsonSchema.ts');
  return { 'docs/experiment-file.md': experimentDocs(experimentJsonSchema()) };
}

/** What a person reads of a tool is in package.nls.json, for translations. */
async function manifest() {
  const { editorTools } = await loadSource('src/runs/tools/definitions.ts');
  /** @param {string} name */
  const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const [before, words] = [read('package.json'), read('package.nls.json')];
  before.contributes.languageModelTools = editorTools().map((/** @type {Record<string, unknown>} */ tool) => {
    const key = (/** @type {string} */ property) => `tool.${tool.toolReferenceName}.${property}`;
    const shown = ['displayName', 'userDescription'];
    for (const property of shown) words[key(property)] = tool[property];
    return { ...tool, ...Object.fromEntries(shown.map((property) => [property, `%${key(property)}%`])) };
  });
  /** @param {object} content */
  const written = (content) => `${JSON.stringify(content, null, 2)}\n`;
  return { 'package.json': written(before), 'package.nls.json': written(words) };
}

/**
 * TypeScript for a `.proto` file, by buf and protoc-gen-es.
 * @param {string} directory
 * @param {string} name
 */
async function protobufMessages(directory, name) {
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-generate-'));
  try {
    const plugin = { local: 'protoc-gen-es', out: folder, opt: ['target=ts', 'import_extension=none'] };
    const template = { version: 'v2', inputs: [{ directory }], plugins: [plugin] };
    const bin = join(root, 'node_modules/.bin');
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/@bufbuild/buf/bin/buf'), 'generate', '--template', JSON.stringify(template)],
      {
        cwd: root,
        env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    return { [`${directory}/${name}_pb.ts`]: readFileSync(join(folder, `${name}_pb.ts`), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Declarations of the SIMD kernels for the engine, and of the engine's codes for the kernels. */
async function kernelInterface() {
  const folder = 'src/engine/kernels/simd';
  const { enumerations, constants } = await loadSource(`${folder}/shared.ts`);
  const assembly = readAssembly(`${folder}/assembly/index.ts`, Object.keys(enumerations));
  return {
    [`${folder}/exports.ts`]: hostDeclarations(assembly),
    [`${folder}/assembly/shared.ts`]: assemblyDeclarations(enumerations, constants),
  };
}

async function productLoops() {
  return { 'src/engine/kernels/simd/assembly/tiles.ts': tilesSource() };
}

const checking = process.argv.includes('--check');
let drifted = 0;
for (const { what, make } of generators) {
  for (const [path, text] of Object.entries(await make())) {
    const file = join(root, path);
    const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
    if (before === text) continue;
    if (checking) {
      console.error(`${path} differs from its source (${what}): run "npm run generate" and commit the result.`);
      drifted++;
    } else {
      writeFileSync(file, text);
      console.log(`${path}: ${before === undefined ? 'created' : 'updated'}`);
    }
  }
}
process.exitCode = drifted > 0 ? 1 : 0;
