// @ts-check
/**
 * Runs other programs from scripts. It imports no package.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './files.mjs';

/** An error for the user. It is printed without a stack trace. */
export class Problem extends Error {}

/**
 * @typedef {object} Outcome
 * @property {number} code Exit code; 1 if a signal stopped the program or it could not start.
 * @property {string} output Output of both streams, in order.
 */

/**
 * Runs a program and captures its output. `bnexp` writes it in English on any machine.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean, timeout?: number }} [options]
 *   `echo` also prints the output. `timeout` in milliseconds kills the program.
 * @returns {Promise<Outcome>}
 */
export function capture(program, args, { cwd = root, env = process.env, echo = false, timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, BNEXP_LANGUAGE: 'en' },
      timeout,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
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
        output += `\n${program} was stopped by ${signal}\n`;
      }
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs npm without output. Its output is printed only if it fails.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function npm(args, { cwd = root, env = process.env } = {}) {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
    encoding: 'utf8',
    // On Windows npm is a .cmd file, which needs a shell.
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    // npm prints its usage after the error. Keep only the error.
    const [said] = `${stdout ?? ''}${stderr ?? ''}`.split('npm error Usage:');
    throw new Problem(`npm ${args[0]} failed in ${cwd}. Check that the npm registry can be reached.\n${said}`);
  }
}

/**
 * Path of a program on PATH, or undefined.
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
 * Runs a script's main function. Prints a `Problem` without a stack trace and any other error with one, and exits with 1.
 * @param {() => Promise<number | void>} main Returns the exit code, or nothing for 0.
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode;
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}
