/** One fuzz case: creates its files, runs its commands as `bnexp` does, and checks the results. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleOn } from '../../src/cli/console';
import type { Context } from '../../src/cli/context';
import { Interrupts } from '../../src/cli/interrupts';
import { runProgram } from '../../src/cli/program';
import { type Kind, makeCase } from './cases';
import { Dice } from './dice';

export interface Ended {
  args: string[];
  /** Undefined if a fault ended the command. */
  code: number | undefined;
  fault: string | undefined;
  out: string;
  err: string;
}

export interface Surroundings {
  /** Folder of the built program. */
  dist: string;
  makeSession: Context['makeSession'];
  templates: readonly string[];
  fifos: boolean;
  /** Milliseconds until a command is interrupted, as by Ctrl+C: long training is not a fault. */
  patience: number;
}

async function* nothing(): AsyncIterable<Uint8Array> {}

export async function bnexp(args: string[], cwd: string, around: Surroundings): Promise<Ended> {
  let [out, err] = ['', ''];
  const stream = { coloured: false, isTerminal: false };
  let ended = (_: number) => {};
  const exited = new Promise<number>((resolve) => {
    ended = resolve;
  });
  const interrupts = new Interrupts((code) => ended(code));
  const timer = setTimeout(() => interrupts.receive('SIGINT'), around.patience);
  const write = (text: string) => {
    out += text;
  };
  const context: Context = {
    console: consoleOn(
      { ...stream, write },
      {
        ...stream,
        write: (text) => {
          err += text;
        },
      },
      null,
    ),
    interrupts,
    cwd,
    environment: {},
    stdin: nothing(),
    dist: around.dist,
    confirm: null,
    hasWideRegisters: false,
    runtime: { node: '', v8: '', platform: '', arch: '' },
    kernels: async () => 'simd-128',
    warmWorker: () => {},
    makeSession: around.makeSession,
  };
  try {
    const code = await Promise.race([runProgram(args, context), exited]);
    return { args, code, fault: undefined, out, err };
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { args, code: undefined, fault, out, err };
  } finally {
    clearTimeout(timer);
  }
}

/** Words of the language or the system, and empty places of messages, that no message to a user contains. */
const internal =
  /^\s+at .+:\d+:\d+\)?$|fault in bnexp|Cannot read propert|is not iterable|is not a function|Maximum call stack|Invalid (typed )?array length|Array buffer allocation|\[object Object\]|Invalid string length|\bERR_[A-Z_]+|\bE[A-Z]{3,}: |Unexpected token|is not defined|\{\d\}/m;

/** Control characters that a terminal would interpret, anywhere in the output. */
const obeyed = /(?![\n\r])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Lists the problems of a finished command; empty if it behaved well. */
export function problemsOf({ args, code, fault, out, err }: Ended): string[] {
  const problems: string[] = [];
  if (fault !== undefined) return [`a fault in bnexp: ${fault.split('\n').slice(0, 5).join('\n')}`];
  // 130: interrupted, because it trained too long.
  if (code === undefined || ![0, 1, 2, 130].includes(code)) problems.push(`exit code ${code}`);
  const isData = args[0] === 'export' && args.at(-1) === '-';
  const said = isData ? err : out + err;
  if (internal.test(said)) problems.push(`internal words: ${internal.exec(said)?.[0]}`);
  if (obeyed.test(said)) problems.push('a control character');
  const isJson = args.includes('--json');
  if (isJson && code !== 2 && code !== 130) {
    try {
      JSON.parse(out);
    } catch {
      problems.push('no JSON');
    }
  }
  if (code === 2 && !isJson && !/error: /.test(err)) problems.push('no error line');
  // A place: file:line:column, or a name in quotation marks or with a slash or an ending.
  for (const line of err.split('\n').filter((each) => /(^|: )error: /.test(each))) {
    if (!/^.+:\d+:\d+: error: .{5}|error: .*("[^"]*"|\/|\.\w|\bruns\b|--\w)/.test(line)) {
      problems.push(`an error without a place: ${line}`);
    }
  }
  return problems;
}

export interface Report {
  kind: Kind;
  number: number;
  /** Empty if the case shows no problem. */
  problems: string[];
  /** Exit codes of the commands. */
  codes: (number | undefined)[];
  /** Errors and warnings that were printed, each once. */
  messages: string[];
}

/** @param keep Folder that receives the files of a case with a problem; other files are deleted. */
export async function attempt(
  seed: number,
  kind: Kind,
  number: number,
  around: Surroundings,
  keep?: string,
): Promise<Report> {
  const cwd = keep ?? mkdtempSync(join(tmpdir(), 'batchnorm-lab-fuzz-'));
  mkdirSync(cwd, { recursive: true });
  const problems: string[] = [];
  const codes: Report['codes'] = [];
  const messages = new Set<string>();
  try {
    const { templates, fifos } = around;
    for (const args of makeCase(kind, new Dice(seed, kind, number), { cwd, templates, fifos })) {
      const ended = await bnexp(args, cwd, around);
      problems.push(...problemsOf(ended).map((problem) => `bnexp ${args.join(' ')}: ${problem}`));
      codes.push(ended.code);
      for (const line of ended.err.split('\n')) if (/(^|: )(error|warning): /.test(line)) messages.add(line);
      // The commands after it read its folder.
      if (args[0] === 'run' && ended.code === 2) break;
    }
  } finally {
    if (keep === undefined) rmSync(cwd, { recursive: true, force: true });
  }
  return { kind, number, problems, codes, messages: [...messages] };
}

const template = {
  name: 'Template',
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }, { dense: 3 }], normalization: { kind: 'batch' } },
  training: { batchSize: 10, steps: 20, seeds: [1, 2] },
  watch: { every: 5 },
  arms: { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} },
  claim: { says: 'it learns', metric: 'testLoss', better: 'BatchNorm', than: 'without', by: 0.01 },
};

/** Makes run folders that cases damage: one plain, one of a sweep. */
export async function makeTemplates(parent: string, around: Omit<Surroundings, 'templates'>): Promise<string[]> {
  const folder = mkdtempSync(join(parent, 'templates-'));
  const experiments = {
    plain: template,
    sweep: { ...template, sweep: { '/training/batchSize': [5, 10] } },
  };
  const made: string[] = [];
  for (const [name, experiment] of Object.entries(experiments)) {
    writeFileSync(join(folder, `${name}.bnexp.json`), JSON.stringify(experiment));
    const ended = await bnexp(['run', `${name}.bnexp.json`, '--quiet', '--out', name], folder, {
      ...around,
      templates: [],
      patience: 60_000,
    });
    if (ended.code !== 0) throw new Error(`a template run failed: ${ended.err}${ended.fault ?? ''}`);
    made.push(join(folder, name));
  }
  return made;
}
