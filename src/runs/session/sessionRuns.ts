/**
 * All runs of a session: those of its plan (for a large plan, those that have started), forks, and past runs.
 */
import { verdicts } from '../../experiment/claims/verdict';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import type { Fork, Hydrate, RunState, RunSummary, Status, StoredFrames, Verdict } from '../../protocol';
import { FrameMemory } from './frameMemory';
import { endedRuns, measured } from './measured';
import {
  bytesOf,
  type CompleteRun,
  close,
  completeSessionRun,
  evict,
  newSessionRun,
  noFrames,
  type SessionRun,
  storedFrames,
  unfinished,
} from './sessionRun';
import { secondsLeft } from './timeLeft';
import { Totaller } from './totals';

export class SessionRuns {
  private readonly held = new Map<string, SessionRun>();
  private readonly totals: Totaller | null;
  /** For a large plan, the runs that have changed since the last status. */
  private readonly changed = new Set<SessionRun>();
  private readonly memory = new FrameMemory<SessionRun>((held) => evict(held));

  /**
   * @param jobs Runs at the same time.
   * @param before Past runs, for a plan without runs.
   * @param complete Runs of the plan that need no training, by id.
   */
  constructor(
    private readonly plan: Plan,
    private readonly jobs: number,
    before: readonly SessionRun[] = [],
    complete: ReadonlyMap<string, CompleteRun> = new Map(),
  ) {
    const { runs } = plan;
    this.totals = runs.length > mostListedRuns ? new Totaller(runs.length, jobs) : null;
    for (const held of before) {
      this.held.set(held.run.id, held);
      this.memory.add(held, bytesOf(held));
    }
    if (this.totals && complete.size === 0) return;
    for (const run of runs) {
      const known = complete.get(run.id);
      if (known) this.addComplete(run, known);
      else if (!this.totals) this.of(run);
    }
  }

  private addComplete(run: Run, { summary, measured }: CompleteRun): void {
    const held = { ...completeSessionRun(run, this.forMemory(summary)), measured };
    this.held.set(run.id, held);
    this.turned(held, 'waiting');
  }

  /** Removes the layers for a large plan, where they would fill the memory; they are in the folder of the run. */
  private forMemory(summary: RunSummary): RunSummary {
    return this.totals ? { ...summary, layers: [] } : summary;
  }

  /** Whether the plan is too large to be listed. */
  get isLarge(): boolean {
    return this.totals !== null;
  }

  /** Arms of the plan, then forks in the order in which they were made. */
  get arms(): string[] {
    const forks = this.all.filter(({ state }) => state.fork).map(({ run }) => run.arm);
    return [...new Set([...this.plan.arms, ...forks])];
  }

  get all(): SessionRun[] {
    return [...this.held.values()];
  }

  get(id: string): SessionRun | undefined {
    return this.held.get(id);
  }

  /** Returns a run of the plan, which is added if needed. */
  of(run: Run): SessionRun {
    return this.held.get(run.id) ?? this.add(run);
  }

  add(run: Run, fork: Fork | null = null): SessionRun {
    const held = newSessionRun(run, fork);
    this.held.set(run.id, held);
    return held;
  }

  /** Records that a run has progressed. */
  moved(held: SessionRun): void {
    if (this.totals) this.changed.add(held);
  }

  /** Records that the state of a run has changed. */
  turned(held: SessionRun, before: RunState['status']): void {
    this.moved(held);
    this.totals?.move(before, held.state);
  }

  close(held: SessionRun, summary: RunSummary): void {
    const before = held.state.status;
    close(held, this.forMemory(summary));
    held.measured = measured(this.plan.claims, held.state, () => storedFrames(held));
    this.memory.add(held, bytesOf(held));
    this.turned(held, before);
  }

  /** The runs for a status; for a large plan, those that have changed since the last call. */
  report(): Pick<Status, 'secondsLeft' | 'totals' | 'runs'> {
    const { totals } = this;
    const runs = [...(totals ? this.changed : this.held.values())].map(({ state }) => ({ ...state }));
    this.changed.clear();
    return { ...this.outlook(runs), runs };
  }

  /** @param frames Whether frames are included. */
  whole(frames: boolean): Pick<Hydrate, 'secondsLeft' | 'totals' | 'runs'> {
    const runs = this.all.map((held) => ({ ...held.state, ...(frames ? storedFrames(held) : noFrames()) }));
    return { ...this.outlook(runs), runs };
  }

  private outlook(runs: readonly RunState[]): Pick<Status, 'secondsLeft' | 'totals'> {
    const { totals } = this;
    return totals
      ? { totals: totals.current(), secondsLeft: totals.secondsLeft() }
      : { secondsLeft: secondsLeft(runs, this.jobs) };
  }

  /** Frames of one run; undefined if they were evicted. */
  frames(held: SessionRun): StoredFrames | undefined {
    return held.state.letGo ? undefined : storedFrames(held);
  }

  verdicts(): Verdict[] {
    return verdicts(this.plan.claims, endedRuns(this.held.values()));
  }

  summaries(): RunSummary[] {
    return this.all.map((held) => held.summary ?? unfinished(held, 'cancelled'));
  }
}
