// @ts-check
/** Bundles the scripts that compute the hashes, for Node and for browsers. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { engineBundles } from '../lib/bundles.mjs';
import { root } from '../lib/files.mjs';

/**
 * @returns {Promise<{ node: string, workers: string, page: string }>} Scripts: two that Node runs and that print hashes, of
 *   what it computes itself and of what its workers train; and one for a page, which sends them to its server.
 */
export async function bundleHashes() {
  const { node, workers, page } = engineBundles();
  await Promise.all([node, workers, page].map((bundle) => build(bundle)));
  return { node: join(root, node.outfile), workers: join(root, workers.outfile), page: join(root, page.outfile) };
}
