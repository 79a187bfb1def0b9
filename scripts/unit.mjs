// @ts-check
/**
 * Bundles and runs the unit tests in Node: `node scripts/unit.mjs [path fragments…] [mocha options…]`,
 * for example `node scripts/unit.mjs engine/data --grep spiral`. The first
 * argument that starts with a dash, and all after it, are passed to mocha.
 */
import { buildTests } from './buildTests.mjs';
import { runMocha } from './lib/mocha.mjs';
import { Problem, runMain } from './lib/processes.mjs';

await runMain(async () => {
  const options = process.argv.slice(2);
  const firstOption = options.findIndex((option) => option.startsWith('-'));
  const fragments = firstOption < 0 ? options : options.slice(0, firstOption);
  const mochaOptions = firstOption < 0 ? [] : options.slice(firstOption);
  const files = await buildTests(fragments, 'test/unit').catch(() => {
    throw new Problem('The tests could not be bundled. The errors are printed above.');
  });
  if (files.length === 0) {
    throw new Problem(`No test under test/unit has ${fragments.join(' or ')} in its path.`);
  }
  return runMocha(files, mochaOptions);
});
