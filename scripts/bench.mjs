// @ts-check
/**
 * Runs benchmarks and prints tables: `npm run bench -- [PART…] [--rounds N] [--json FILE]`. `--help` lists the parts, and
 * docs/performance.md explains the tables.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { readOptions, usage } from './lib/bench/options.mjs';
import { Problem, runMain } from './lib/processes.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

/** @type {Record<import('./lib/bench/options.mjs').Part, (rounds: number, batches: number, megabytes: number) => Promise<{ text: string, numbers: object }>>} */
const measurements = {
  // Imported on demand, because they need the installed packages.
  steps: async (rounds) => (await import('./lib/bench/steps.mjs')).benchSteps(rounds),
  gemm: async (rounds) => (await import('./lib/bench/gemm.mjs')).benchGemm(rounds),
  throughput: async (rounds) => (await import('./lib/bench/throughput.mjs')).benchThroughput(rounds),
  memory: async (rounds) => (await import('./lib/bench/memory.mjs')).benchMemory(rounds),
  growth: async () => (await import('./lib/bench/growth.mjs')).benchGrowth(),
  watching: async () => (await import('./lib/bench/watching.mjs')).benchWatching(),
  probing: async () => (await import('./lib/bench/probing.mjs')).benchProbing(),
  editor: async (rounds) => (await import('./lib/bench/editor.mjs')).benchEditor(rounds),
  writing: async () => (await import('./lib/bench/writing.mjs')).benchWriting(),
  panel: async (_, batches) => (await import('./lib/bench/panel.mjs')).benchPanel(batches),
  logs: async (_, __, megabytes) => (await import('./lib/bench/logs.mjs')).benchLogs(megabytes),
  runs: async (rounds) => (await import('./lib/bench/runs.mjs')).benchRuns(rounds),
  size: async () => (await import('./lib/bench/size.mjs')).benchSize(),
};

/** Load of the last minute from which measurements suffer: half a core. */
const busyFrom = 0.5;

const load = () =>
  `load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`;

await runMain(async () => {
  const { what, rounds, batches, megabytes, json, help } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  checkNode();
  ensureNodeModules();
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  const { date, node, processor, cores, memoryGiB } = machine;
  console.log(`${date}, Node ${node}, ${processor}, ${cores} cores, ${memoryGiB} GiB, ${load()}`);
  if (loadavg()[0] > busyFrom) {
    console.log(
      `Other programs use this machine (load ${loadavg()[0].toFixed(1)}): times are longer, and shares less certain, than on a quiet one. steps and gemm leave out ratios of rounds that differ.`,
    );
  }
  /** @type {Record<string, object>} */
  const numbers = { machine: { ...machine, load: loadavg() } };
  let failed = 0;
  for (const name of what) {
    const start = Date.now();
    try {
      const { text, numbers: raw } = await measurements[name](rounds, batches, megabytes);
      numbers[name] = raw;
      console.log(`\n${text}\n(${((Date.now() - start) / 1000).toFixed(0)} s, ${load()})`);
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      // Continue with the other parts.
      failed++;
      console.error(`\n${name}: ${error.message}`);
    }
  }
  if (json) {
    writeFileSync(resolve(process.env.INIT_CWD ?? '.', json), `${JSON.stringify(numbers, null, 2)}\n`);
  }
  return failed > 0 ? 1 : 0;
});
