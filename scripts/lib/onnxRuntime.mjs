// @ts-check
/**
 * Installs ONNX Runtime for the test of exported models, from npm into the user's cache folder. `test/onnxruntime/package.json` pins
 * the version. It is the build for WebAssembly, which runs on every system.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedInCache } from './cachedInstall.mjs';
import { root } from './files.mjs';

const dist = 'node_modules/onnxruntime-web/dist';
/** What Node needs; the builds for browsers and GPUs are seven times as large. */
const needed = /^(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/;

/**
 * Installs it if it is missing, with a download of about 40 MB.
 * @returns {Promise<string>} URL of its module.
 */
export async function ensureOnnxRuntime() {
  const folder = await installedInCache({
    name: 'ONNX Runtime',
    manifests: join(root, 'test/onnxruntime'),
    finish: (installed) => {
      for (const name of readdirSync(join(installed, dist))) {
        if (!needed.test(name)) {
          rmSync(join(installed, dist, name), { recursive: true });
        }
      }
    },
  });
  return pathToFileURL(join(folder, dist, 'ort.node.min.mjs')).href;
}
