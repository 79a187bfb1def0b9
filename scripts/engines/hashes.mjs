// @ts-check
/**
 * Computes the hashes of the test of the same bits everywhere in this Node, and says which differ from those that are kept:
 * `node scripts/engines/hashes.mjs [--write]`. `--write` keeps the new ones. They are to change only where a change of the
 * engine means to change what is trained; the CHANGELOG then says so.
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
    console.log(`${kept[name] ? (computed[name] ? 'other' : 'gone') : 'new'}: ${name}`);
  }
  console.log(`${differing.length} of ${names.length} hashes differ from those in test/engines/hashes.json.`);
  if (process.argv.includes('--write')) {
    writeFileSync(file, `${JSON.stringify(computed, null, 2)}\n`);
    return 0;
  }
  return differing.length > 0 ? 1 : 0;
});
