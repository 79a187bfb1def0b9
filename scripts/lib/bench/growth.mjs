// @ts-check
/**
 * Measures whether memory grows with the number of steps: `bnexp run` over a million steps, with ten memory readings.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { Problem } from '../processes.mjs';
import { shown, table } from './numbers.mjs';
import { buildAll } from './programs.mjs';

const steps = 1_000_000;
const readings = 10;

const experiment = {
  name: 'A million steps',
  data: { kind: 'xor', train: 512, test: 128 },
  network: { layers: [{ dense: 8 }, { dense: 8 }], normalization: 'batch' },
  training: { batchSize: 16, steps, seeds: [1] },
  watch: { every: 100 },
};

/** Resident memory of a process in MiB; 0 if it has exited. @param {number} pid */
function resident(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchGrowth() {
  if (!existsSync('/proc/self/status')) throw new Problem('Memory is read from /proc, which exists only on Linux.');
  await buildAll();
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    const file = join(folder, 'million.bnexp.json');
    writeFileSync(file, JSON.stringify(experiment));
    const args = [join(root, 'dist/cli.js'), 'run', file, '--out', join(folder, 'out')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    /** @type {{ seconds: number, memory: number }[]} */
    const series = [];
    const start = performance.now();
    child.stderr.on('data', (data) => {
      said = (said + data).slice(-4000);
    });
    const timer = setInterval(() => {
      const memory = resident(child.pid ?? 0);
      if (memory > 0) series.push({ seconds: (performance.now() - start) / 1000, memory });
    }, 100);
    const code = await new Promise((done) => child.once('exit', done));
    clearInterval(timer);
    if (code !== 0) throw new Problem(`bnexp run failed:\n${said}`);
    const every = Array.from(
      { length: readings },
      (_, k) => series[Math.floor(((k + 1) * (series.length - 1)) / readings)],
    );
    const text = [
      table([
        ['memory of bnexp run', ...every.map(({ seconds }) => `${shown(seconds)} s`)],
        ['MiB', ...every.map(({ memory }) => shown(memory))],
      ]),
      `${steps.toLocaleString('en-US')} steps of a small net, one frame per 100 steps, with a run log; read at equal intervals.`,
    ].join('\n');
    return { text, numbers: { series } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
