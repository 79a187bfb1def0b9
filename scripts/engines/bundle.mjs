// @ts-check
/** Bundles the scripts that compute the hashes, for Node and for browsers. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { engineBundles } from '../lib/bundles.mjs';
import { root } from '../lib/files.mjs';

/**
 * @returns {Promise<{ node: string, workers: string, page: string, webWorker: string }>} Scripts: two for Node, which print
 *   the hashes of its own computations and of its workers; one for a page, which sends them to its server; and the page's worker.
 */
export async function bundleHashes() {
  const bundles = engineBundles();
  await Promise.all(Object.values(bundles).map((bundle) => build(bundle)));
  const { node, workers, page, webWorker } = bundles;
  return {
    node: join(root, node.outfile),
    workers: join(root, workers.outfile),
    page: join(root, page.outfile),
    webWorker: join(root, webWorker.outfile),
  };
}
