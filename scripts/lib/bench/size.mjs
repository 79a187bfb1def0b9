// @ts-check
/**
 * Size of the packaged extension.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackage } from '../../package.mjs';
import { root } from '../files.mjs';
import { shown, table } from './numbers.mjs';
import { buildAll } from './programs.mjs';

const bundles = ['extension.js', 'worker.js', 'reader.js', 'panel.js', 'panel.css'];

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchSize() {
  await buildAll();
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    const vsix = await makePackage(join(folder, 'batchnorm-lab.vsix'));
    const unpacked = bundles.map((name) => ({ name, bytes: statSync(join(root, 'dist', name)).size }));
    const rows = [
      ['size', 'kB'],
      ['VSIX', shown(vsix / 1000)],
      ...unpacked.map(({ name, bytes }) => [`dist/${name}, unpacked`, shown(bytes / 1000)]),
    ];
    return { text: table(rows), numbers: { vsix, unpacked } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
