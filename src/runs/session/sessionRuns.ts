/**
 * All runs of a session as far as they have come: those of its plan, or of a large plan those that have begun; forks;
 * and what there was before it.
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
  /** Of a large plan, what has changed since the last status. */
  private readonly changed = new Set<SessionRun>();
  private readonly memory = new FrameMemory<SessionRun>((held) => evict(held));

  /**
   * @param jobs Runs at the same time.
   * @param before Runs that have ended already, of a plan without runs.
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

  /** The layers are in the run's folder; those of all runs of a large plan would fill the memory. */
  private forMemory(summary: RunSummary): RunSummary {
    return this.totals ? { ...summary, layers: [] } : summary;
  }

  /** Whether the plan is too large to be listed. */
  get isLarge(): boolean {
    return this.totals !== null;
  }

  /** Those of the plan, then forks in the order in which they were made. */
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

  /** A run of the plan, which may be told of for the first time. */
  of(run: Run): SessionRun {
    return this.held.get(run.id) ?? this.add(run);
  }

  add(run: Run, fork: Fork | null = null): SessionRun {
    const held = newSessionRun(run, fork);
    this.held.set(run.id, held);
    return held;
  }

  /** Has come further. */
  moved(held: SessionRun): void {
    if (this.totals) this.changed.add(held);
  }

  /** Is in another state than before. */
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

  /** Of a large plan: what has changed since the last time. */
  report(): Pick<Status, 'secondsLeft' | 'totals' | 'runs'> {
    const { totals } = this;
    const runs = [...(totals ? this.changed : this.held.values())].map(({ state }) => ({ ...state }));
    this.changed.clear();
    return { ...this.outlook(runs), runs };
  }

  /** @param frames Whether frames go along. */
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

  /** Of one run, while they are in memory; undefined for those that were let go. */
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
