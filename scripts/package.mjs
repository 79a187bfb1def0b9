// @ts-check
/**
 * Builds and packages the extension as `batchnorm-lab-<version>.vsix` in the root: `node scripts/package.mjs [--pre-release]`. Fails if
 * vsce prints a warning or if the package exceeds the size limit.
 *
 * The address of the repository has one place: `repository` in package.json. While it is missing, the details page has no pictures and no
 * links to files of the project.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { detailsPage, webAddress } from './lib/detailsPage.mjs';
import { root } from './lib/files.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';

/** Maximum size of the package in bytes. */
const sizeLimit = 1_200_000;

/**
 * Packages the built files.
 * @param {string} file Path of the package.
 * @param {{ preRelease?: boolean, address?: string }} [options] `address` is that of the repository.
 * @returns {Promise<number>} Size in bytes.
 */
export async function makePackage(file, { preRelease = false, address = webAddress(readManifest().repository) } = {}) {
  rmSync(file, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const { code, output } = await capture(process.execPath, [
    vsce,
    ...['package', '--no-dependencies', '--out', file], // All dependencies are bundled.
    ...detailsPages(address),
    '--allow-missing-repository',
    ...(preRelease ? ['--pre-release'] : []),
  ]);
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

/**
 * Writes the README and the changelog that ship.
 * @param {string | undefined} address Web address of the repository.
 * @returns {string[]} Options of vsce.
 */
function detailsPages(address) {
  mkdirSync(join(root, 'out/details'), { recursive: true });
  const [readme, changelog] = ['README.md', 'CHANGELOG.md'].map((name) => {
    const page = `out/details/${name}`;
    writeFileSync(join(root, page), detailsPage(readFileSync(join(root, name), 'utf8'), address !== undefined));
    return page;
  });
  const links = address
    ? ['--baseContentUrl', `${address}/blob/HEAD`, '--baseImagesUrl', `${address}/raw/HEAD`]
    : ['--no-rewrite-relative-links'];
  return ['--readme-path', readme, '--changelog-path', changelog, ...links];
}

/** @returns {{ name: string, version: string, repository?: string | { url?: string } }} */
function readManifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { 'pre-release': { type: 'boolean', default: false } } });
    const { code, output } = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
    if (code !== 0) {
      throw new Problem(output);
    }
    const { name, version } = readManifest();
    const file = `${name}-${version}.vsix`;
    const size = await makePackage(join(root, file), { preRelease: values['pre-release'] });
    console.log(`${file}: ${(size / 1000).toFixed(0)} kB`);
  });
}
