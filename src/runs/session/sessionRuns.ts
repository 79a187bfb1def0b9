/**
 * All runs of a session: those of its plan (for a large plan, those that have started), forks, and past runs.
 */
import { verdicts } from '../../experiment/claims/verdict';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import type { Fork, Hydrate, RunState, RunSummary, Status, StoredFrames, Verdict } from '../../protocol';
import { progressOf, resumeLabel } from '../../shared/progress';
import { FrameMemory } from './frameMemory';
import { endedRuns, measured } from './measured';
import { pacedPlaces } from './pacer';
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
  private readonly byId = new Map<string, SessionRun>();
  private readonly totals: Totaller | null;
  /** For a large plan, the runs that have changed since the last status. */
  private readonly changed = new Set<SessionRun>();
  private readonly memory: FrameMemory<SessionRun>;

  /**
   * @param jobs Runs at the same time.
   * @param areSaved Whether frames can be read from disk when they are no longer in memory.
   * @param before Past runs, for a plan without runs.
   * @param complete Runs of the plan that need no training, by id.
   * @param forks Past forks of runs of the plan.
   * @param memory Maximum bytes of frames of finished runs.
   */
  constructor(
    private plan: Plan,
    private readonly jobs: number,
    private readonly areSaved: boolean,
    before: readonly SessionRun[] = [],
    private readonly complete: ReadonlyMap<string, CompleteRun> = new Map(),
    forks: readonly SessionRun[] = [],
    memory?: number,
  ) {
    this.memory = new FrameMemory<SessionRun>((sessionRun) => evict(sessionRun, this.areSaved), memory);
    const { runs } = plan;
    this.totals = runs.length > mostListedRuns ? new Totaller(runs.length, jobs) : null;
    for (const sessionRun of before) {
      this.byId.set(sessionRun.run.id, sessionRun);
      this.memory.add(sessionRun, bytesOf(sessionRun));
    }
    if (!this.totals || complete.size > 0) {
      for (const run of runs) {
        const known = complete.get(run.id);
        if (known) this.addComplete(run, known);
        else if (!this.totals) this.of(run);
      }
    }
    for (const fork of forks) this.byId.set(fork.run.id, fork);
  }

  /** Adds the runs of the next look of a sequential test. @returns Those that were added. */
  extend(plan: Plan): SessionRun[] {
    this.plan = plan;
    return plan.runs.flatMap((run) => {
      if (this.byId.has(run.id)) return [];
      const known = this.complete.get(run.id);
      if (known) this.addComplete(run, known);
      return [this.of(run)];
    });
  }

  private addComplete(run: Run, { summary, measured }: CompleteRun): void {
    const sessionRun = { ...completeSessionRun(run, this.forMemory(summary)), measured };
    this.byId.set(run.id, sessionRun);
    this.turned(sessionRun, 'waiting');
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
    return [...this.byId.values()];
  }

  get(id: string): SessionRun | undefined {
    return this.byId.get(id);
  }

  /** Returns a run of the plan, which is added if needed. */
  of(run: Run): SessionRun {
    return this.byId.get(run.id) ?? this.add(run);
  }

  add(run: Run, fork: Fork | null = null): SessionRun {
    const sessionRun = newSessionRun(run, fork);
    this.byId.set(run.id, sessionRun);
    return sessionRun;
  }

  /** Records that a run has progressed. */
  moved(sessionRun: SessionRun): void {
    if (this.totals) this.changed.add(sessionRun);
  }

  /** Records that the state of a run has changed. */
  turned(sessionRun: SessionRun, before: RunState['status']): void {
    this.moved(sessionRun);
    this.totals?.move(before, sessionRun.state);
  }

  close(sessionRun: SessionRun, summary: RunSummary): void {
    const before = sessionRun.state.status;
    close(sessionRun, this.forMemory(summary));
    sessionRun.measured = measured(this.plan.claims, sessionRun.state, () => storedFrames(sessionRun));
    this.memory.add(sessionRun, bytesOf(sessionRun));
    this.turned(sessionRun, before);
  }

  /** The runs for a status; for a large plan, those that have changed since the last call. */
  report(pace: number | null): Pick<Status, 'secondsLeft' | 'totals' | 'runs'> {
    const { totals } = this;
    const runs = [...(totals ? this.changed : this.byId.values())].map(({ state }) => ({ ...state }));
    this.changed.clear();
    return { ...this.outlook(runs, pace), runs };
  }

  /** @param frames Whether frames are included. */
  whole(frames: boolean, pace: number | null): Pick<Hydrate, 'secondsLeft' | 'totals' | 'runs'> {
    const runs = this.all.map((sessionRun) => ({
      ...sessionRun.state,
      ...(frames ? storedFrames(sessionRun) : noFrames()),
    }));
    return { ...this.outlook(runs, pace), runs };
  }

  private outlook(runs: readonly RunState[], pace: number | null): Pick<Status, 'secondsLeft' | 'totals'> {
    const { totals } = this;
    return totals
      ? { totals: totals.current(), secondsLeft: pace === null ? totals.secondsLeft() : null }
      : {
          secondsLeft: secondsLeft(
            runs,
            pace === null ? this.jobs : pacedPlaces(this.jobs, this.plan.arms.length),
            pace,
          ),
        };
  }

  /** Label of the button that trains the runs of the plan that have no result; null if all have one. */
  resumeLabel(): string | null {
    const { runs } = this.plan;
    const { completed, diverged, failed } = progressOf({
      runs: this.all.flatMap(({ state }) => (state.fork ? [] : [state])),
      totals: this.totals?.current() ?? null,
    }).byStatus;
    return resumeLabel({ left: runs.length - completed - diverged, all: runs.length, failed });
  }

  /** Frames of one run; undefined if they were evicted. */
  frames(sessionRun: SessionRun): StoredFrames | undefined {
    return sessionRun.state.evicted ? undefined : storedFrames(sessionRun);
  }

  verdicts(): Verdict[] {
    const { claims, looks } = this.plan;
    return verdicts(claims, endedRuns(this.byId.values()), looks);
  }

  summaries(): RunSummary[] {
    return this.all.map((sessionRun) => sessionRun.summary ?? unfinished(sessionRun, 'cancelled'));
  }
}
