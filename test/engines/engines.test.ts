/** Compares functions, data and trained networks, bit for bit, in every engine that this machine has or can install. */
import { loadScript } from '../support/scripts';
import { skip } from '../support/skip';
import type { Hashes } from './hashes';
import type { PageResult } from './inPage';
import { assertStored, sessionNames } from './storedHashes';

type Nodes = typeof import('../../scripts/engines/nodes.mjs');

const scripts = {
  nodes: () => loadScript<Nodes>('engines/nodes.mjs'),
  browsers: () => loadScript<typeof import('../../scripts/engines/browsers.mjs')>('engines/browsers.mjs'),
  bundle: () => loadScript<typeof import('../../scripts/engines/bundle.mjs')>('engines/bundle.mjs'),
  processes: () => loadScript<typeof import('../../scripts/lib/processes.mjs')>('lib/processes.mjs'),
};

/** Other configurations of the same Node: wider or narrower registers, and code before optimization. */
const variants = {
  'as on a processor without AVX and fused multiplication': [
    'avx',
    'avx2',
    'fma3',
    'bmi1',
    'bmi2',
    'popcnt',
    'sse4-2',
  ].map((feature) => `--no-enable-${feature}`),
  'with WebAssembly compiled by the quick compiler alone': ['--liftoff-only'],
  'with WebAssembly compiled by the optimizing compiler alone': ['--no-liftoff', '--no-wasm-tier-up'],
};

describe('the same bits', function () {
  // Browsers and downloads may be slow on a busy machine.
  this.timeout(600_000);
  let bundled: Awaited<ReturnType<typeof import('../../scripts/engines/bundle.mjs')['bundleHashes']>>;

  before(async () => {
    bundled = await (await scripts.bundle()).bundleHashes();
  });

  /** Skips the test if this machine cannot have the engine. */
  function inEngine(engine: string, compute: () => Promise<Hashes>, names?: readonly string[]): void {
    it(`are computed in ${engine}`, async function () {
      const { Problem } = await scripts.processes();
      try {
        assertStored(await compute(), engine, names);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        skip(this, error.message);
      }
    });
  }

  inEngine(`this Node, ${process.version}`, async () =>
    (await scripts.nodes()).hashesInNode(process.execPath, bundled.node),
  );

  // Versions as in test/engines/package.json.
  for (const name of ['node20', 'node22', 'node24']) {
    inEngine(name, () => hashesIn(name, []));
    inEngine(`workers of ${name}`, () => hashesIn(name, [], bundled.workers), sessionNames);
  }
  for (const [variant, options] of Object.entries(variants)) {
    inEngine(`node24, ${variant}`, () => hashesIn('node24', options));
  }
  // Forces optimized code, which small networks would not otherwise reach.
  const optimized = ['--no-liftoff', '--no-wasm-tier-up'];
  inEngine('node24, with registers of 256 bits', () =>
    hashesIn('node24', [...optimized, '--experimental-wasm-revectorize'], bundled.node, ['wide']),
  );
  inEngine(
    'workers of node24, with registers of 256 bits',
    () => hashesIn('node24', optimized, bundled.workers, ['wide']),
    sessionNames,
  );
  inEngine(
    'a separate process started by node24, with registers of 256 bits',
    () => hashesIn('node24', [], bundled.workers, ['wide', 'guest']),
    sessionNames,
  );

  async function hashesIn(name: string, options: string[], script = bundled.node, words?: string[]): Promise<Hashes> {
    const { ensureNode, hashesInNode } = await scripts.nodes();
    return hashesInNode(await ensureNode(name), script, options, words);
  }

  inBrowser('Chromium', 'Chrome/', async () => (await scripts.browsers()).hashesInChromium(bundled));
  inBrowser('Firefox', 'Firefox/', async () => (await scripts.browsers()).hashesInFirefox(bundled));

  /** Hashes from the engine in the page, and from a session in memory whose web workers train. @param name The browser's name for itself. */
  function inBrowser(engine: string, name: string, open: () => Promise<PageResult>): void {
    let opened: Promise<PageResult> | undefined;
    const result = async () => {
      opened ??= open();
      const page = await opened;
      if (!page.browser.includes(name)) throw new Error(`${page.browser} answered instead of ${name}`);
      if (!page.hashes || !page.session) throw new Error(`${page.browser}: ${page.error}`);
      return { hashes: page.hashes, session: page.session };
    };
    inEngine(engine, async () => (await result()).hashes);
    inEngine(
      `web workers of ${engine}, in a session without a disk`,
      async () => (await result()).session,
      sessionNames,
    );
  }
});
