// @ts-check
/**
 * Builds and packages the extension as `batchnorm-lab-<version>.vsix` in the root. Fails when vsce warns of something, or when
 * the package is larger than it may be.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/files.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';

/** Bytes. */
const sizeLimit = 1_000_000;

/**
 * Packages what is built.
 * @param {string} file Where to.
 * @returns {Promise<number>} Its size in bytes.
 */
export async function makePackage(file) {
  rmSync(file, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  // Everything is bundled, so no dependency ships. The project has no public repository that the README's links could be
  // rewritten to.
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', file];
  const { code, output } = await capture(process.execPath, [vsce, 'package', ...options]);
  if (code !== 0 || /warning/i.test(output)) {
    throw new Problem(`vsce is not content:\n${output}`);
  }
  const { size } = statSync(file);
  if (size > sizeLimit) {
    throw new Problem(`${file} has ${size} bytes, and may have ${sizeLimit}.\n${output}`);
  }
  return size;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const { code, output } = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
    if (code !== 0) {
      throw new Problem(output);
    }
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const file = `${name}-${version}.vsix`;
    const size = await makePackage(join(root, file));
    console.log(`${file}: ${(size / 1000).toFixed(0)} kB`);
  });
}
