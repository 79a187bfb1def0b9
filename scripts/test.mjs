// @ts-check
/**
 * Runs all tests: `npm test`, or some of them: `npm test -- STAGE… [path fragments…]`, for example `npm test -- unit engine`. On a
 * fresh clone it installs and builds everything first. The last line is `N passed, N failed`. A stage without individual tests
 * counts as one test.
 */
import { checkNode, ensureDebianPackages, ensureNodeModules } from './setup.mjs';

/** @typedef {import('./lib/mocha.mjs').Counts} Counts */

/** @param {number} since Start time in milliseconds. */
const elapsed = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** @param {Counts} counts */
function describeCounts({ passed, failures, skipped }) {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const started = Date.now();
try {
  checkNode();
  ensureNodeModules();
  const forTests = ['chromium-headless-shell', 'firefox-esr', 'python3-torch', 'python3-scipy', 'python3-onnx'];
  ensureDebianPackages([...forTests, 'munge', 'slurmctld', 'slurmd', 'slurm-client']);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
console.log(`set-up: ${elapsed(started)}`);

// This import needs the installed packages.
const { phases, stages } = await import('./lib/stages.mjs');

const words = process.argv.slice(2);
const names = words.filter((word) => word in stages);
const fragments = words.filter((word) => !(word in stages));
if (words.includes('--help') || (fragments.length > 0 && names.length === 0)) {
  console.log('Usage: npm test -- [STAGE…] [path fragments of tests…]\n\nStages:');
  for (const [name, { says }] of Object.entries(stages)) {
    console.log(`  ${name.padEnd(10)} ${says}`);
  }
  process.exit(words.includes('--help') ? 0 : 2);
}
const chosen = names.length > 0 ? names : Object.keys(stages);
if (names.length > 0 && !names.includes('build') && names.some((name) => stages[name].usesBuild)) {
  chosen.unshift('build');
}

/** @type {Counts} */
const total = { passed: 0, failures: [], skipped: 0 };
/** @param {string} name */
async function runStage(name) {
  const start = Date.now();
  /** @type {Counts & { reason?: string }} */
  const counts = await stages[name].run(fragments).catch((error) => ({
    passed: 0,
    failures: [{ title: name, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }],
    skipped: 0,
  }));
  total.passed += counts.passed;
  total.skipped += counts.skipped;
  total.failures.push(...counts.failures.map(({ title, message }) => ({ title: `${name}: ${title}`, message })));
  console.log(`${name}: ${describeCounts(counts)} (${elapsed(start)})${counts.reason ? ` ${counts.reason}` : ''}`);
}

/** @param {string[]} names */
async function runInOrder(names) {
  for (const name of names) await runStage(name);
}

for (const lanes of phases) {
  await Promise.all(lanes.map((lane) => runInOrder(chosen.filter((name) => (stages[name].lane ?? 'checks') === lane))));
}
for (const { title, message } of total.failures) {
  console.log(`\nFAILED ${title}\n${message}`);
}
console.log(`\nall: ${elapsed(started)}`);
console.log(describeCounts(total));
process.exit(total.failures.length > 0 ? 1 : 0);
