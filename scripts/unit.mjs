// @ts-check
/**
 * Bundles and runs the unit tests in plain node: `node scripts/unit.mjs [path fragments…] [mocha options…]`,
 * for example `node scripts/unit.mjs engine/data --grep spiral`. What starts with a dash, and all after it, goes to mocha.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildTests } from './buildTests.mjs';
import { root } from './lib/files.mjs';

const options = process.argv.slice(2);
const firstOption = options.findIndex((option) => option.startsWith('-'));
const fragments = firstOption < 0 ? options : options.slice(0, firstOption);
const mochaOptions = firstOption < 0 ? [] : options.slice(firstOption);

const files = await buildTests(fragments, 'test/unit').catch(() => process.exit(1));
if (files.length === 0) {
  console.error(`No test under test/unit has ${fragments.join(' or ')} in its path.`);
  process.exit(1);
}
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', mocha, '--timeout', '60000', ...mochaOptions, ...files],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
