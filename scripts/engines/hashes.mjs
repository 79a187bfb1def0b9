// @ts-check
/**
 * Computes the hashes of the test for identical bits in this Node and lists those that differ from the stored ones:
 * `node scripts/engines/hashes.mjs [--write]`. `--write` stores the new ones. Hashes may change only if a change of the engine is
 * meant to change the training. The CHANGELOG then mentions it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/files.mjs';
import { runMain } from '../lib/processes.mjs';
import { bundleHashes } from './bundle.mjs';
import { hashesInNode } from './nodes.mjs';

const file = join(root, 'test/engines/hashes.json');

await runMain(async () => {
  const { node } = await bundleHashes();
  /** @type {Record<string, string>} */
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  const computed = await hashesInNode(process.execPath, node);
  const names = [...new Set([...Object.keys(kept), ...Object.keys(computed)])];
  const differing = names.filter((name) => kept[name] !== computed[name]);
  for (const name of differing) {
    console.log(`${kept[name] ? (computed[name] ? 'changed' : 'removed') : 'new'}: ${name}`);
  }
  console.log(`${differing.length} of ${names.length} hashes differ from those in test/engines/hashes.json.`);
  if (process.argv.includes('--write')) {
    writeFileSync(file, `${JSON.stringify(computed, null, 2)}\n`);
    return 0;
  }
  return differing.length > 0 ? 1 : 0;
});
