// @ts-check
/**
 * Damages experiments, data files, run folders and logs of other programs at random, combines settings at random, and checks the
 * reaction of `bnexp`: no crash, no hang, an exit code of 0, 1 or 2, and a location in every error.
 *
 *   npm run fuzz                                   # tries for two minutes, from a seed that is printed
 *   npm run fuzz -- --minutes 10 --kind folder     # only run folders
 *   npm run fuzz -- --seed 7 --tries 500           # 500 tries, the same each time
 *   npm run fuzz -- --seed 7 --only folder/31      # repeats one try; its files are saved in out/fuzz
 *   npm run fuzz -- --messages                     # also prints each different error and warning, without its place, to be read
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

/** @typedef {import('../test/fuzz/child').Begin} Begin */
/** @typedef {import('../test/fuzz/child').Try} Try */
/** @typedef {import('../test/fuzz/child').Answer} Answer */
/** @typedef {import('../test/fuzz/cases').Kind} Kind */

/** @type {readonly Kind[]} */
const kinds = ['experiment', 'settings', 'data', 'images', 'folder', 'logs'];

/** Time limit of a try of up to five commands, in seconds; generous for busy machines. */
const bound = 25;

/** Maximum number of problems that are printed in full. */
const mostShown = 30;

/** @param {string} text @param {string} name @param {number} least */
function numberOf(text, name, least) {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < least) {
    throw new Problem(`--${name} must be a number of at least ${least}, not ${JSON.stringify(text)}.`);
  }
  return number;
}

/** @param {string} text @returns {Kind} */
function kindOf(text) {
  const kind = kinds.find((each) => each === text);
  if (!kind) throw new Problem(`There is no kind ${JSON.stringify(text)}: use ${kinds.join(', ')}.`);
  return kind;
}

/** A process for tries, which is replaced if a try hangs or crashes it. */
class Child {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  child;
  output = '';

  /** @param {string} script @param {Begin} begin */
  constructor(script, begin) {
    this.script = script;
    this.begin = begin;
  }

  /**
   * @param {Begin | Try} message
   * @returns {Promise<Answer | string>} The answer, or an error of the process.
   */
  async ask(message) {
    if (!this.child) {
      const options = { execArgv: ['--max-old-space-size=2048'], silent: true };
      this.child = fork(this.script, options);
      this.output = '';
      for (const stream of [this.child.stdout, this.child.stderr]) {
        stream?.on('data', (part) => {
          this.output = (this.output + part).slice(-2000);
        });
      }
      if (message.type !== 'begin') {
        const ready = await this.ask(this.begin);
        if (typeof ready === 'string') throw new Problem(`The tries could not start: ${ready}`);
      }
    }
    const { child } = this;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const answer = await /** @type {Promise<Answer | string>} */ (
      new Promise((resolve) => {
        timer = setTimeout(() => resolve(`a hang: no end after ${bound} s`), bound * 1000);
        child.once('message', (given) => resolve(/** @type {Answer} */ (given)));
        child.once('exit', (code, signal) => resolve(`the process ended (${signal ?? code})\n${this.output}`));
        child.send(message);
      })
    );
    clearTimeout(timer);
    child.removeAllListeners();
    if (typeof answer === 'string') this.stop();
    return answer;
  }

  stop() {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      tries: { type: 'string' },
      seed: { type: 'string' },
      kind: { type: 'string' },
      only: { type: 'string' },
      messages: { type: 'boolean' },
    },
  });
  checkNode();
  ensureNodeModules();
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : numberOf(values.seed, 'seed', 0);
  const tries = values.tries === undefined ? Number.POSITIVE_INFINITY : numberOf(values.tries, 'tries', 1);
  const minutes = numberOf(values.minutes ?? (values.tries === undefined ? '2' : '60'), 'minutes', 0);
  const wanted = values.kind === undefined ? kinds : [kindOf(values.kind)];

  const { code, output } = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
  if (code !== 0) throw new Problem(output);
  const { build } = await import('esbuild');
  const { testBundle } = await import('./lib/bundles.mjs');
  await build(testBundle(['test/fuzz/child.ts']));

  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-fuzz-templates-'));
  const begin = { type: /** @type {const} */ ('begin'), dist: join(root, 'dist'), templates: folder };
  const child = new Child(join(root, 'out/test/fuzz/child.js'), begin);
  /** @type {Map<number | string, number>} Commands by their exit codes. */
  const codes = new Map();
  /** @type {Map<string, string>} */
  const messages = new Map();
  /** @param {Kind} kind @param {number} number @param {string} [keep] */
  const attempt = async (kind, number, keep) => {
    const answer = await child.ask({ type: 'try', seed, kind, number, ...(keep && { keep }) });
    if (typeof answer === 'string') return [answer];
    if (answer.type !== 'tried') return [];
    for (const code of answer.codes) codes.set(code ?? 'none', (codes.get(code ?? 'none') ?? 0) + 1);
    for (const line of answer.messages) {
      const [, message] = /(?:^|: )((?:error|warning): .*)$/.exec(line) ?? [];
      // Messages that differ only in numbers are one.
      const shape = message?.replace(/\d+/g, '0') ?? '';
      if (values.messages && message && !messages.has(shape)) messages.set(shape, message);
    }
    return answer.problems;
  };
  try {
    if (values.only !== undefined) {
      const [kind, number] = values.only.split('/');
      const keep = join(root, 'out/fuzz', `${seed}-${kindOf(kind)}-${number}`);
      rmSync(keep, { recursive: true, force: true });
      const problems = await attempt(kindOf(kind), numberOf(number ?? '', 'only', 0), keep);
      console.log(problems.join('\n') || 'No problem.');
      console.log(`Its files: ${keep}`);
      return problems.length > 0 ? 1 : 0;
    }
    console.log(`seed ${seed}`);
    const end = Date.now() + minutes * 60_000;
    let [done, bad] = [0, 0];
    while (done < tries && Date.now() < end) {
      const [kind, number] = [wanted[done % wanted.length], Math.floor(done / wanted.length)];
      const problems = await attempt(kind, number);
      done++;
      if (problems.length === 0) continue;
      bad++;
      if (bad > mostShown) continue;
      console.log(`\nnpm run fuzz -- --seed ${seed} --only ${kind}/${number}`);
      for (const problem of problems) console.log(`  ${problem.slice(0, 1500)}`);
    }
    for (const message of [...messages.values()].sort()) console.log(message);
    const ended = [...codes].sort().map(([code, count]) => `${count} with exit code ${code}`);
    console.log(`\n${done} tries, ${bad} with problems (seed ${seed}); commands: ${ended.join(', ')}`);
    return bad > 0 ? 1 : 0;
  } finally {
    child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
