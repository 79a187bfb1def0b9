// @ts-check
/**
 * Builds and runs the benchmark programs in `bench/`. Each measurement is a separate process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { testBundle } from '../bundles.mjs';
import { root } from '../files.mjs';
import { capture, onPath, Problem } from '../processes.mjs';
import { coresIn } from './numbers.mjs';
import { fasterCore } from './openBlas.mjs';

/**
 * Bundles a program of `bench/` into `out/bench/`.
 * @param {string} name
 * @returns {Promise<string>} Path of the bundle.
 */
export async function benchProgram(name) {
  await build(testBundle([`bench/${name}.ts`])).catch(() => {
    throw new Problem(`bench/${name}.ts could not be bundled. The errors are printed above.`);
  });
  return join(root, 'out/bench', `${name}.js`);
}

/** Builds the shipped files into `dist/`. */
export async function buildAll() {
  const { code, output } = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
  if (code !== 0) {
    throw new Problem(output);
  }
}

/**
 * Runs a program and reads the JSON that it prints as its last line.
 * @param {string[]} command Program and arguments.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<any>}
 */
export async function measured(command, env = process.env) {
  const { code, output } = await capture(command[0], command.slice(1), { env });
  const line = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !/^[[{]/.test(line)) {
    throw new Problem(`Command failed: ${command.join(' ')}\n${output}`);
  }
  return JSON.parse(line);
}

/** Finds `taskset` and the cores that this process may use; returns no cores if `taskset` is missing. */
function findCores() {
  const taskset = process.platform === 'linux' ? onPath('taskset') : undefined;
  if (!taskset) {
    return { taskset: '', cores: [] };
  }
  const { status, stdout } = spawnSync(taskset, ['-cp', String(process.pid)], { encoding: 'utf8' });
  const list = status === 0 ? (/([\d,-]+)\s*$/.exec(stdout)?.[1] ?? '') : '';
  return { taskset, cores: coresIn(list) };
}

/**
 * Prefix of a command that pins it to `count` cores. Empty if the system cannot pin or has fewer cores.
 * @param {number} [count]
 * @returns {string[]}
 */
export function pinned(count = 1) {
  const { taskset, cores } = findCores();
  // Use the last cores, because most interrupts are handled on the first one.
  return cores.length >= count ? [taskset, '-c', cores.slice(-count).join(',')] : [];
}

/**
 * Prefixes for several parallel commands, each on its own core.
 * @param {number} count
 * @returns {string[][]}
 */
export function pinnedApart(count) {
  const { taskset, cores } = findCores();
  const own = cores.slice(-count);
  return Array.from({ length: count }, (_, k) => (own.length === count ? [taskset, '-c', String(own[k])] : []));
}

/**
 * Environment that limits PyTorch and its BLAS to a number of threads.
 * @param {number} threads
 * @param {string | null} [core] Kernels of OpenBLAS; by default it selects them.
 */
function torchEnvironment(threads, core = null) {
  const count = String(threads);
  return {
    ...process.env,
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    ...(core !== null && { OPENBLAS_CORETYPE: core }),
  };
}

/**
 * @typedef {object} Torch
 * @property {string} version
 * @property {string} blas Library that computes its matrix products.
 * @property {(how: { before?: string[], threads?: number }, script: string, ...args: string[]) => Promise<any>} run
 *   Runs a script of `bench/` on one thread by default. `before` is a prefix that pins it.
 */

export const torchRemedy =
  'PyTorch is not installed, so the comparison is skipped. To install it on Debian: apt-get install --no-install-recommends python3-torch libopenblas0-pthread';

/** Debian's PyTorch uses the installed BLAS. The reference BLAS is ten times slower than OpenBLAS. */
const torchProbe = `
import torch
torch.mm(torch.ones(9, 9), torch.ones(9, 9))
maps = open('/proc/self/maps').read() if __import__('os').path.exists('/proc/self/maps') else ''
print(torch.__version__)
print('OpenBLAS' if 'openblas' in maps else 'MKL' if 'mkl' in maps else 'the reference BLAS, which is slow: install libopenblas0-pthread' if 'libblas' in maps else 'its own BLAS')
`;

/** Instructions of this processor; empty where the system does not list them. */
function processorFlags() {
  return existsSync('/proc/cpuinfo') ? (/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '') : '';
}

/**
 * Finds a Python with PyTorch: the one on PATH, or the system's.
 * @returns {Torch | null}
 */
export function findTorch() {
  for (const python of [onPath('python3'), '/usr/bin/python3']) {
    if (!python) {
      continue;
    }
    const { status, stdout, stderr } = spawnSync(python, ['-c', torchProbe], {
      encoding: 'utf8',
      env: { ...torchEnvironment(1), OPENBLAS_VERBOSE: '2' },
    });
    if (status === 0) {
      const [version, blas] = stdout.trim().split('\n').slice(-2);
      const core = fasterCore(`${stdout}\n${stderr}`, processorFlags());
      const why = `, which does not know this processor: OPENBLAS_CORETYPE=${core} selects faster kernels than its own choice`;
      return {
        version,
        blas: core === null ? blas : `${blas}${why}`,
        run: ({ before = [], threads = 1 }, script, ...args) =>
          measured([...before, python, '-B', join(root, 'bench', script), ...args], torchEnvironment(threads, core)),
      };
    }
  }
  return null;
}
