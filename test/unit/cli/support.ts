/** Shared by the tests of the command line: a separate folder and streams for each test, and a command's output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleOn } from '../../../src/cli/console';
import type { Context, Session } from '../../../src/cli/context';
import { Interrupts } from '../../../src/cli/interrupts';
import { runProgram } from '../../../src/cli/program';
import { verdicts } from '../../../src/experiment/claims/verdict';
import type { RunState, RunSummary, SessionMessage } from '../../../src/protocol';
import { endedRuns } from '../../../src/runs/session/measured';
import { pointKey } from '../../../src/shared/sweep/grid';

/** A small experiment of two arms and two seeds. */
export const small = {
  name: 'Small',
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }], normalization: { kind: 'batch' } },
  training: { batchSize: 10, steps: 20, seeds: [1, 2] },
  arms: { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} },
};

export interface Written {
  code: number;
  out: string;
  err: string;
}

export class World {
  /** Folder that commands run in. */
  readonly cwd = mkdtempSync(join(tmpdir(), 'batchnorm-lab-cli-'));
  stdin = '';
  environment: Context['environment'] = {};
  /** The answer to a question; null if no user can be asked. */
  answer: boolean | null = null;
  readonly asked: string[] = [];
  /** Exit codes of forced exits. */
  readonly exits: number[] = [];
  readonly interrupts = new Interrupts((code) => this.exits.push(code));
  hasWideRegisters = true;
  readonly sessions: FakeSession[] = [];
  /** Outcomes of the sessions' runs. */
  script: SessionScript = {};
  /** Workers that were started before a session. */
  readonly warmed: string[] = [];
  /** Makes the sessions, in place of those that train nothing. */
  makeSession: Context['makeSession'] | null = null;
  /** Called with each line that is written to standard error. */
  onErr = (_: string): void => {};
  private out = '';
  private err = '';

  write(name: string, content: string | Uint8Array | object): string {
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(this.cwd, name), raw ? content : JSON.stringify(content, null, 2));
    return name;
  }

  async run(...args: string[]): Promise<Written> {
    this.out = '';
    this.err = '';
    const code = await runProgram(args, this.context());
    return { code, out: this.out, err: this.err };
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }

  private context(): Context {
    const plain = { coloured: false, isTerminal: false };
    const out = (text: string) => {
      this.out += text;
    };
    const err = (text: string) => {
      this.err += text;
      this.onErr(text);
    };
    const console = consoleOn({ ...plain, write: out }, { ...plain, write: err }, null);
    return {
      console,
      interrupts: this.interrupts,
      cwd: this.cwd,
      hasWideRegisters: this.hasWideRegisters,
      runtime: { node: '24.0.0', v8: '13.6', platform: 'linux', arch: 'x64' },
      kernels: async () => 'simd-256',
      environment: this.environment,
      stdin: once(this.stdin),
      dist: join(this.cwd, 'dist'),
      confirm:
        this.answer === null
          ? null
          : async (question) => {
              this.asked.push(question);
              return this.answer === true;
            },
      warmWorker: (registers) => this.warmed.push(registers),
      makeSession: async (options) => {
        if (this.makeSession) return this.makeSession(options);
        const session = new FakeSession(options, this.script, this.interrupts);
        this.sessions.push(session);
        return session;
      },
    };
  }
}

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

export type SessionOptions = Parameters<Context['makeSession']>[0];

export interface SessionScript {
  /** Differences from a completed run. */
  outcome?: (run: RunSummary) => Partial<RunSummary>;
  /** Notice about the machine. */
  remark?: string;
  /** Signals that arrive while the session runs. */
  signals?: ('SIGINT' | 'SIGTERM')[];
}

/** A session that trains nothing: the script decides the outcome of each run. */
export class FakeSession implements Session {
  readonly ended: Promise<RunSummary[]>;
  stopped = false;
  private end: (summaries: RunSummary[]) => void = () => {};
  private readonly listeners = new Set<(message: SessionMessage) => void>();

  constructor(
    readonly options: SessionOptions,
    private readonly script: SessionScript,
    private readonly interrupts: Interrupts,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  start(): void {
    setImmediate(() => {
      for (const signal of this.script.signals ?? []) this.interrupts.receive(signal);
      const summaries = this.options.plan.runs.map(({ arm, seed, point }) => {
        const run = summaryOf(arm, seed, { point, ...(this.stopped ? { status: 'cancelled', final: null } : {}) });
        return { ...run, ...this.script.outcome?.(run) };
      });
      const runs = summaries.map((summary) => stateOf(summary));
      for (const listener of this.listeners) {
        listener({
          type: 'status',
          session: 'fake',
          state: 'finished',
          secondsLeft: null,
          remark: this.script.remark,
          verdicts: verdicts(this.options.plan.claims, endedRuns(runs.map((state) => ({ state, measured: null })))),
          runs,
        });
      }
      this.end(summaries);
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  onMessage(listener: (message: SessionMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function summaryOf(arm: string, seed: number, properties: Partial<RunSummary> = {}): RunSummary {
  return {
    arm,
    seed,
    point: {},
    status: 'completed',
    steps: 20,
    divergedAt: null,
    seconds: 0.5,
    stepsPerSecond: 40,
    final: { trainLoss: 0.25, testLoss: 0.5, trainAccuracy: 0.9, testAccuracy: 0.8 },
    layers: [{ name: 'hidden1', activated: { mean: 0, std: 1 } }],
    parametersHash: 'abc',
    ...properties,
  };
}

export function stateOf(summary: RunSummary, properties: Partial<RunState> = {}): RunState {
  const { arm, seed, point, status, steps, stepsPerSecond, divergedAt, final } = summary;
  const id = [arm, pointKey(point), `seed-${seed}`].filter((part) => part).join('/');
  return {
    id,
    arm,
    seed,
    point,
    status,
    step: steps,
    steps: 20,
    stepsPerSecond,
    divergedAt,
    error: null,
    final,
    settings: null,
    changes: [],
    fork: null,
    ...properties,
  };
}
