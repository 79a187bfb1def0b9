// @ts-check
/**
 * Runs every preset with 20 seeds and writes the verdicts to docs/findings.md:
 *
 *   npm run findings                        # all presets; less than an hour on two cores
 *   npm run findings -- claim-3-relu first  # the named presets, printed instead of written
 *   npm run findings -- --seeds 201-240 --jobs 2
 *   npm run findings -- --real              # the six claims on Fashion-MNIST, to docs/findings-real.md
 *   npm run findings -- --again             # all presets on other seeds, to docs/findings-again.md
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { againText } from './lib/findings/againText.mjs';
import { chapters, checkChapters } from './lib/findings/chapters.mjs';
import { knownVerdicts, realExperiment, realExperiments } from './lib/findings/real.mjs';
import { realFindingsText } from './lib/findings/realText.mjs';
import { findingsText } from './lib/findings/text.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';
import { loadSource } from './lib/sources.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

/** @typedef {import('./lib/findings/text.mjs').Experiment} Experiment */
/**
 * @typedef {object} Sources
 * @property {typeof import('../src/experiment/presets').presets} presets
 * @property {typeof import('../src/experiment/report/report')} words
 * @property {typeof import('../src/experiment/parse').parseText} parseText
 */

/** Seeds that nobody looked at while the experiments were designed and their claims and limits were chosen. */
const freshSeeds = '101-120';

/** Seeds that repeat the findings. */
const otherSeeds = '401-420';

const cli = join(root, 'dist/cli.js');
const target = 'docs/findings.md';
const realTarget = 'docs/findings-real.md';
const againTarget = 'docs/findings-again.md';

/**
 * Runs a `bnexp` command and returns the JSON that it prints.
 * @param {string[]} args
 */
async function bnexp(...args) {
  const { code, output } = await capture(process.execPath, [cli, ...args]);
  if (code !== 0) throw new Problem(`bnexp ${args.join(' ')} failed with exit code ${code}:\n${output}`);
  return JSON.parse(output.slice(output.search(/^[[{]/m)));
}

/**
 * @param {{ id: string, title: string, text: string }} preset
 * @param {string} folder
 * @param {{ seeds: string, jobs?: string | undefined }} options
 * @returns {Promise<Experiment>}
 */
async function experimentOf({ id, title, text }, folder, { seeds, jobs }) {
  const known = /\*\*Known:\*\*\s*((?:[^"\\]|\\[^n])*)/.exec(text)?.[0].replaceAll('\\"', '"') ?? '';
  /** @type {Experiment} */
  const empty = { id, title, known, runs: [], verdicts: [], hash: '', notRun: '' };
  if (/"kind":\s*"(idx|csv)"/.test(text)) {
    return { ...empty, notRun: 'not run here, because it reads your own data files.' };
  }
  const file = join(root, 'examples', `${id}.bnexp.json`);
  return { ...empty, ...(await resultsOf(file, join(folder, id), { seeds, jobs })) };
}

/**
 * @param {string} file An experiment.
 * @param {string} out Folder for its runs.
 * @param {{ seeds: string, jobs?: string | undefined }} options
 */
async function resultsOf(file, out, { seeds, jobs }) {
  const more = jobs === undefined ? [] : ['--jobs', jobs];
  const { runs } = await bnexp('run', file, '--seeds', seeds, '--out', out, '--json', '--quiet', ...more);
  const verdicts = await bnexp('verdict', out, '--json');
  const hash = createHash('sha256');
  for (const { parametersHash } of runs) hash.update(String(parametersHash));
  return { runs, verdicts, hash: hash.digest('hex') };
}

/**
 * Runs the experiments on Fashion-MNIST and returns the text of their page.
 * @param {Sources} sources
 * @param {readonly string[]} ids Those to run; empty for all.
 * @param {{ seeds: string, jobs?: string | undefined }} options
 * @param {string} folder For experiments and their runs.
 */
async function realFindings({ presets, words, parseText }, ids, options, folder) {
  const chosen = realExperiments.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const started = Date.now();
  const experiments = [];
  for (const real of chosen) {
    const start = Date.now();
    const preset = presets.find(({ id }) => id === real.preset);
    if (!preset) throw new Problem(`There is no preset "${real.preset}".`);
    const content = realExperiment(parseText(preset.text).value, real);
    const file = join(folder, `${real.id}.bnexp.json`);
    writeFileSync(file, JSON.stringify(content, null, 2));
    experiments.push({ real, content, ...(await resultsOf(file, join(folder, real.id), options)) });
    console.error(`${real.id}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
  }
  return realFindingsText(
    {
      ...circumstances(options.seeds),
      seconds: (Date.now() - started) / 1000,
      experiments,
      known: knownVerdicts(readFileSync(join(root, target), 'utf8')),
    },
    words,
  );
}

/** @param {string} seeds */
function circumstances(seeds) {
  return {
    date: new Date().toISOString().slice(0, 10),
    engine: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    machine: `Node ${process.versions.node}, ${availableParallelism()} cores`,
    seeds,
  };
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      jobs: { type: 'string' },
      real: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
    },
  });
  const options = { ...values, seeds: values.seeds ?? (values.again ? otherSeeds : freshSeeds) };
  checkNode();
  ensureNodeModules();
  const { code, output } = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
  if (code !== 0) throw new Problem(output);
  const { presets } = await loadSource('src/experiment/presets.ts');
  const words = await loadSource('src/experiment/report/report.ts');
  checkChapters(presets);
  const known = values.real ? realExperiments.map(({ id }) => id) : chapters.flatMap((chapter) => chapter.presets);
  const unknown = positionals.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new Problem(
      values.real
        ? `There is no experiment "${unknown}" on Fashion-MNIST: ${known.join(', ')}.`
        : `There is no preset "${unknown}" with a claim. "bnexp presets" lists all presets.`,
    );
  }

  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-findings-'));
  const started = Date.now();
  try {
    if (values.real) {
      const { parseText } = await loadSource('src/experiment/parse.ts');
      const text = await realFindings({ presets, words, parseText }, positionals, options, folder);
      if (positionals.length > 0) process.stdout.write(text);
      else {
        writeFileSync(join(root, realTarget), text);
        console.log(`${realTarget}: written`);
      }
      return;
    }
    const written = [];
    for (const { title, says, presets: ids } of chapters) {
      const experiments = [];
      for (const id of ids) {
        if (positionals.length > 0 && !positionals.includes(id)) continue;
        const start = Date.now();
        experiments.push(
          await experimentOf(
            presets.find((/** @type {any} */ each) => each.id === id),
            folder,
            options,
          ),
        );
        console.error(`${id}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
      }
      if (experiments.length > 0) written.push({ title, says, experiments });
    }
    const results = {
      ...circumstances(options.seeds),
      seconds: (Date.now() - started) / 1000,
      chapters: written,
    };
    const page = readFileSync(join(root, target), 'utf8');
    const text = values.again
      ? againText({ ...results, earlier: freshSeeds, known: knownVerdicts(page) }, words)
      : findingsText(results, words);
    if (positionals.length > 0) process.stdout.write(text);
    else {
      const file = values.again ? againTarget : target;
      writeFileSync(join(root, file), text);
      console.log(`${file}: written`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
