// @ts-check
/**
 * Measures how often the intervals of verdicts contain the true value, and how often verdicts are false, on simulated data of
 * eight shapes. Writes docs/calibration.md:
 *
 *   npm run calibrate                # 2,000 data sets of each shape, about half an hour
 *   npm run calibrate -- --sets 100  # printed instead of written
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { falseShares, methodsOf, seedsNeeded } from './lib/calibrate/sequential.mjs';
import { shapes } from './lib/calibrate/shapes.mjs';
import { coverage, power, shareCoverage, simulate } from './lib/calibrate/simulate.mjs';
import { calibrationText } from './lib/calibrate/text.mjs';
import { root } from './lib/files.mjs';
import { Problem, runMain } from './lib/processes.mjs';
import { loadSource } from './lib/sources.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

const written = 2000;
const target = 'docs/calibration.md';

await runMain(async () => {
  const { values } = parseArgs({ options: { sets: { type: 'string', default: String(written) } } });
  const sets = Number(values.sets);
  if (!Number.isInteger(sets) || sets < 1)
    throw new Problem(`--sets must be a whole number of 1 or more, not "${values.sets}".`);
  checkNode();
  ensureNodeModules();
  const modules = {
    ...(await loadSource('src/experiment/claims/verdict.ts')),
    ...(await loadSource('src/experiment/claims/inference.ts')),
    ...(await loadSource('src/experiment/claims/proportion.ts')),
    ...(await loadSource('src/experiment/claims/looks.ts')),
    ...(await loadSource('src/engine/random.ts')),
    ...(await loadSource('src/engine/math.ts')),
  };
  /** @template T @param {string} name @param {() => T} make */
  const timed = (name, make) => {
    const start = performance.now();
    const made = make();
    console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return made;
  };
  const moved = shapes.map((shape) => ({
    shape,
    counts: timed(shape.name, () => simulate(modules, shape, { sets, moved: true })),
  }));
  const more = [40, 80].flatMap((pairs) =>
    shapes
      .filter((shape) => shape.failing)
      .map((shape) => ({
        shape,
        pairs,
        covered: timed(`${shape.name}, ${pairs} pairs`, () => coverage(modules, shape, { sets, pairs })),
      })),
  );
  const bounded = shapes
    .filter((shape) => shape.mean > 0)
    .map((shape) => ({
      shape,
      counts: timed(`${shape.name}, by its mean`, () => simulate(modules, shape, { sets, moved: false })),
    }));
  const found = shapes.find(({ name }) => name === 'failures');
  if (!found) throw new Problem('There is no shape "failures".');
  /** @type {[string, number, (stream: import('./lib/calibrate/shapes.mjs').RandomStream) => number][]} */
  const effects = [
    ['normal, one standard deviation above 0, `by: 0`', 0, (stream) => 1 + stream.normal()],
    ['normal, mean 2, `by: 1`', 1, (stream) => 2 + stream.normal()],
    ['normal, mean 3, `by: 1`', 1, (stream) => 3 + stream.normal()],
    ['`failures`, `by: 0.05`', 0.05, found.draw],
  ];
  const powers = effects.map(([name, by, draw]) => ({
    name,
    ...timed(name, () => power(modules, draw, { sets, by, name })),
  }));
  const shares = [0.02, 0.05, 0.1, 0.2, 0.3].map((share) => ({ share, ...shareCoverage(modules, share, 20) }));
  const methods = methodsOf(modules);
  const sequential = {
    methods,
    shapes: shapes.map((shape) => ({
      shape,
      shares: timed(`${shape.name}, sequential`, () => falseShares(modules, methods, shape, sets)),
    })),
    effects: [0.5, 1, 2].map((effect) => ({
      effect,
      needed: timed(`effect ${effect}, sequential`, () => seedsNeeded(modules, methods, effect, Math.ceil(sets / 20))),
    })),
  };
  const text = calibrationText({ sets, moved, more, bounded, powers, shares, sequential });
  if (sets === written) {
    writeFileSync(join(root, target), text);
    console.log(`${target}: written`);
  } else process.stdout.write(text);
});
