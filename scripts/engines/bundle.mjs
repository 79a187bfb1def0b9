// @ts-check
/** Bundles what every engine computes, for Node and for browsers. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { engineBundles } from '../lib/bundles.mjs';
import { root } from '../lib/files.mjs';

/**
 * @returns {Promise<{ node: string, page: string }>} Scripts: one that Node runs and that prints the hashes, and one for a
 *   page, which sends them to its server.
 */
export async function bundleHashes() {
  const bundles = engineBundles();
  await Promise.all(Object.values(bundles).map((bundle) => build(bundle)));
  return { node: join(root, bundles.node.outfile), page: join(root, bundles.page.outfile) };
}
