// @ts-check
/**
 * Builds and packages the extension as `batchnorm-lab-<version>.vsix` in the root. Fails if vsce prints a warning or if the
 * package exceeds the size limit.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/files.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';

/** Maximum size of the package in bytes. */
const sizeLimit = 1_300_000;

/**
 * Packages the built files.
 * @param {string} file Path of the package.
 * @returns {Promise<number>} Size in bytes.
 */
export async function makePackage(file) {
  rmSync(file, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  // All dependencies are bundled. The project has no public repository to which vsce could rewrite the README's links.
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', file];
  const { code, output } = await capture(process.execPath, [vsce, 'package', ...options]);
  if (code !== 0 || /warning/i.test(output)) {
    throw new Problem(`vsce printed warnings or errors. Fix them and package again:\n${output}`);
  }
  const { size } = statSync(file);
  if (size > sizeLimit) {
    throw new Problem(
      `${file} has ${size} bytes; the limit is ${sizeLimit}. Ship less, or raise sizeLimit in scripts/package.mjs.\n${output}`,
    );
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
