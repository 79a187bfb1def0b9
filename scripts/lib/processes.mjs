// @ts-check
/**
 * Running other programs from scripts. No third-party import.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './files.mjs';

/** An error that is meant for the person at the terminal: it is shown without a stack trace. */
export class Problem extends Error {}

/**
 * @typedef {object} Outcome
 * @property {number} code Exit code; 1 when a signal ended the program or it could not be started.
 * @property {string} output What it wrote to both of its streams, in order.
 */

/**
 * Runs a program and keeps what it writes.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean, timeout?: number }} [options]
 *   `echo` shows the output as it comes; `timeout` in milliseconds kills the program.
 * @returns {Promise<Outcome>}
 */
export function capture(program, args, { cwd = root, env = process.env, echo = false, timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, timeout, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk;
      if (echo) {
        process.stdout.write(chunk);
      }
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => {
      if (signal) {
        output += `\n${program} was ended by ${signal}\n`;
      }
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs npm quietly. Its own output is shown only when it fails.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function npm(args, { cwd = root, env = process.env } = {}) {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
    encoding: 'utf8',
    // npm is a .cmd file there, and those need a shell.
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    // Its error comes first, and a page about its options after it.
    const [said] = `${stdout ?? ''}${stderr ?? ''}`.split('npm error Usage:');
    throw new Problem(`npm ${args[0]} failed in ${cwd}. Can the npm registry be reached?\n${said}`);
  }
}

/**
 * Where a program lies on PATH, if it is there.
 * @param {string} name
 * @returns {string | undefined}
 */
export function onPath(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const suffix of suffixes) {
      const file = join(folder, name + suffix);
      if (folder && existsSync(file)) {
        return file;
      }
    }
  }
  return undefined;
}

/**
 * Runs a script's main function: a `Problem` is printed as it is, anything else with its stack; both exit with 1.
 * @param {() => Promise<number | void>} main Its number is the exit code.
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode;
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}
