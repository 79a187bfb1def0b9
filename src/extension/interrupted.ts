/**
 * Remembers what trains and waits in this window, so that it continues after a reload, a crash or a restart of the editor. Complete runs
 * stay as they are, and interrupted ones are trained again from their start, which gives the same bits.
 */
import type * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { Sessions, Start } from './sessions';

const key = 'batchnormLab.training';
/** Milliseconds between two notes of the time while runs train. */
const noteInterval = 5000;
/** Milliseconds after which an interruption is not taken for a reload. */
const longestReload = 60_000;

/** An experiment that waited. Its file is read again. */
export interface Waiting {
  uri: string;
  seeds?: readonly number[] | undefined;
  arms?: readonly string[] | undefined;
  /** Whether it was a sequential test. */
  untilClear?: boolean;
}

/** What trained when the window was closed. */
export interface Interruption {
  name: string;
  /** Its run folder. */
  folder: string;
  /** Time of the last note, in milliseconds. */
  at: number;
  paused: boolean;
  queue: Waiting[];
}

export class Interrupted extends Disposable {
  /** What was interrupted before this window opened. */
  readonly before: Interruption | undefined;
  private now: Interruption | undefined;
  private isLeaving = false;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly sessions: Sessions,
  ) {
    super();
    this.before = memory.get<Interruption>(key);
    if (this.before) void memory.update(key, undefined);
    this.register(sessions.onDidStart(({ name, folder, start }) => this.started(name, start.save ? folder : null)));
    this.register(sessions.onDidChangeState(() => this.note({ paused: sessions.state === 'paused' })));
    this.register(sessions.onDidChangeQueue(() => this.note({})));
    this.register(
      sessions.onDidProgress(() => {
        if (this.now && Date.now() - this.now.at > noteInterval) this.note({});
      }),
    );
    this.register(sessions.onDidEnd(() => this.forget()));
  }

  /** Whether the window was reloaded, not closed and opened later. */
  isReload({ at }: Interruption): boolean {
    return Date.now() - at < longestReload;
  }

  /** The window closes: what is stopped now was interrupted. */
  leave(): void {
    this.note({});
    this.isLeaving = true;
  }

  private started(name: string, folder: string | null): void {
    this.now = folder === null ? undefined : { name, folder, at: 0, paused: false, queue: [] };
    this.note({});
  }

  private forget(): void {
    if (this.isLeaving) return;
    this.now = undefined;
    void this.memory.update(key, undefined);
  }

  private note(change: Pick<Partial<Interruption>, 'paused'>): void {
    if (!this.now || this.isLeaving) return;
    const queue = this.sessions.queue.starts.map(waitingOf);
    this.now = { ...this.now, ...change, at: Date.now(), queue };
    void this.memory.update(key, this.now);
  }
}

function waitingOf({ uri, seeds, arms, plan }: Start): Waiting {
  const { looks } = plan;
  const own = { uri: uri.toString(), arms };
  return looks ? { ...own, seeds: looks.seeds, untilClear: true } : { ...own, seeds };
}
