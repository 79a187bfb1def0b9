/** The data received from the host: the session, its runs and their frames. */
import * as l10n from '@vscode/l10n';
import type {
  ClaimInBrief,
  Comparison,
  Expectation,
  Hydrate,
  LogsState,
  RunState,
  Scene,
  SessionMessage,
  ShownChannel,
  ShownPlace,
  StoredFrames,
  Totals,
} from '../../src/protocol';
import { clockChannel } from '../../src/shared/clockChannel';
import { FrameColumns, mostFrames } from '../../src/shared/frameColumns';
import { runKey } from '../view/point';
import { HistogramRows } from './histogramRows';
import { NamedTags } from './namedTags';
import { PredictionRows } from './predictionRows';

export interface RunData {
  state: RunState;
  channels: ShownChannel[];
  /** Index of each channel in a frame, by name. */
  places: Map<string, number>;
  frames: FrameColumns;
  histograms: HistogramRows;
  /** Index of each tap in a row of histograms, by `layer/tap`. */
  histogramPlaces: Map<string, number>;
  /** Predictions with their scene. */
  predictions: PredictionRows;
  /** Whether it was logged by another program, so that its channels may have values at different steps. */
  isLogged: boolean;
  /** When its frames were logged; absent if unknown. */
  clock?: { readonly first: number; at(frame: number): number };
  /** Its tags that have only a name. */
  named: NamedTags;
}

type FromHost = 'name' | 'notes' | 'file' | 'again' | 'state' | 'unforkable' | 'arms' | 'seeds' | 'axes' | 'conditions';
type FromHostLater = 'remarks' | 'secondsLeft' | 'binEdges' | 'verdicts';

/** What the host sent of a session, with its runs by id. */
export interface Session extends Pick<Hydrate, FromHost | FromHostLater> {
  id: string;
  /** Reason why the host refused the last request; null if it did not. */
  refused: { what: 'change' | 'fork'; message: string } | null;
  /** The seed that trains, or trained last while the page was open; null if none did. */
  trainingSeed: number | null;
  /** Empty if unknown. */
  claims: ClaimInBrief[];
  /** Totals, if not all runs are listed. */
  totals: Totals | null;
  /** Label of the button that trains the runs that are left; null if there is no such button. */
  resume: string | null;
  /** Steps per second of each training run; null if it trains as fast as it can. */
  pace: number | null;
  /** Arms of several runs that are compared; null for an experiment. */
  comparison: Comparison | null;
  /** State of logs of another program; null for an experiment of the lab. */
  logs: LogsState | null;
  /** Whether frames are sent only on request. */
  onDemand: boolean;
  runs: Map<string, RunData>;
  /** Run ids by `runKey`. */
  ids: Map<string, string>;
  /** The user's prediction for the first claim, made before the runs. */
  expectation: Expectation | undefined;
}

/** Extent of a change: the whole session, the available channels, or only values and states. */
export type Change = 'session' | 'values' | 'nothing';

const noFrames = { channels: [], places: [], scene: null };

function newRun(
  state: RunState,
  { channels, places, scene }: { channels: ShownChannel[]; places: ShownPlace[]; scene: Scene | null },
  { binEdges, logs = null }: { binEdges: Float64Array; logs?: LogsState | null },
): RunData {
  const run: RunData = {
    state,
    channels,
    places: new Map(channels.map((channel, place) => [channel.name, place])),
    frames: new FrameColumns(channels.length, 2 * mostFrames),
    histograms: new HistogramRows(places.length, binEdges.length - 1),
    histogramPlaces: new Map(places.map(({ name }, place) => [name, place])),
    predictions: new PredictionRows(scene),
    isLogged: logs !== null,
    named: new NamedTags({ state }),
  };
  const clock = run.places.get(clockChannel);
  if (run.isLogged && clock !== undefined) {
    const first = () => run.state.wallTimes?.first ?? Number.NaN;
    run.clock = {
      get first() {
        return first();
      },
      at: (frame) => first() + run.frames.at(clock, frame),
    };
  }
  return run;
}

/** @returns The problem, or undefined. */
function appended(
  run: RunData,
  { frames, histograms, predictions }: Pick<StoredFrames, 'frames' | 'histograms' | 'predictions'>,
): string | undefined {
  return run.frames.append(frames) ?? run.histograms.append(histograms) ?? run.predictions.append(predictions);
}

function addRun(session: Session, run: RunData): void {
  const { id, arm, point, seed } = run.state;
  run.named.run = run;
  session.runs.set(id, run);
  session.ids.set(runKey(arm, point, session.axes, seed), id);
}

/** Whether a run has no values at a step, because it ended before, or has not got there. */
export function isBeyond({ state: { divergedAt }, frames }: RunData, step: number): boolean {
  return (divergedAt !== null && step >= divergedAt.step) || (frames.count > 0 && step > frames.lastStep);
}

/** Runs that train. */
export function trainingRuns({ runs }: Session): RunData[] {
  return [...runs.values()].filter(({ state }) => state.status === 'running');
}

/** The first seed with a run that trains and has a frame. */
function trainingSeed(session: Session): number | null {
  const trained = new Set(trainingRuns(session).flatMap(({ state, frames }) => (frames.count > 0 ? [state.seed] : [])));
  return session.seeds.find((seed) => trained.has(seed)) ?? null;
}

export class Store {
  session: Session | null = null;

  /** @param report Receives sentences about invalid messages, which are left out. */
  constructor(private readonly report: (problem: string) => void) {}

  /** Number of frames of all runs. */
  get frameCount(): number {
    let count = 0;
    for (const run of this.session?.runs.values() ?? []) count += run.frames.count;
    return count;
  }

  apply(message: Hydrate | SessionMessage): Change {
    if (message.type === 'hydrate') {
      this.hydrate(message);
      return 'session';
    }
    const { session } = this;
    if (!session || message.session !== session.id) {
      this.report(l10n.t`a message "${message.type}" of another session was ignored`);
      return 'nothing';
    }
    switch (message.type) {
      case 'channels': {
        const run = this.run(session, message.run, message.type);
        if (!run) return 'nothing';
        const known = newRun(run.state, message, session);
        // The tags that have only a name stay.
        known.named = run.named;
        known.named.run = known;
        session.runs.set(message.run, known);
        return 'values';
      }
      case 'frames': {
        const run = this.run(session, message.run, message.type);
        if (!run) return 'nothing';
        const problem = appended(run, message);
        if (problem) this.report(l10n.t`frames of run "${message.run}" were left out: ${problem}`);
        session.trainingSeed = trainingSeed(session) ?? session.trainingSeed;
        return problem ? 'nothing' : 'values';
      }
      case 'status':
        session.state = message.state;
        session.secondsLeft = message.secondsLeft;
        session.pace = message.pace ?? null;
        session.resume = message.resume ?? null;
        session.verdicts = message.verdicts ?? session.verdicts;
        session.totals = message.totals ?? session.totals;
        session.logs = message.logs ?? session.logs;
        session.remarks = message.remarks ?? session.remarks;
        for (const state of message.runs) {
          // In a large plan, the host lists runs when they start.
          if (message.totals && !session.runs.has(state.id)) {
            addRun(session, newRun(state, noFrames, session));
          }
          const run = this.run(session, state.id, message.type);
          if (run) run.state = state;
        }
        session.trainingSeed = trainingSeed(session) ?? session.trainingSeed;
        return 'values';
      case 'added': {
        const { run } = message;
        if (session.runs.has(run.id)) return 'nothing';
        addRun(session, newRun(run, noFrames, session));
        if (!session.arms.includes(run.arm)) session.arms = [...session.arms, run.arm];
        if (!session.seeds.includes(run.seed)) session.seeds = [...session.seeds, run.seed].sort((a, b) => a - b);
        return 'values';
      }
      case 'tags': {
        const run = this.run(session, message.run, message.type);
        run?.named.add(message);
        return run ? 'values' : 'nothing';
      }
      case 'values': {
        const run = this.run(session, message.run, message.type);
        const problem = run?.named.receive(message);
        if (problem) this.report(l10n.t`values of run "${message.run.slice(0, 80)}" were left out: ${problem}`);
        return run && !problem ? 'values' : 'nothing';
      }
      case 'media': {
        const run = this.run(session, message.run, message.type);
        run?.named.receiveMedia(message);
        return run ? 'values' : 'nothing';
      }
      case 'unreadable': {
        const run = this.run(session, message.run, message.type);
        if (!run) return 'nothing';
        run.state = { ...run.state, evicted: 'lost' };
        return 'values';
      }
      case 'refused':
        session.refused = { what: message.what, message: message.message };
        return 'values';
      default:
        return message satisfies never;
    }
  }

  private hydrate(message: Hydrate): void {
    const { session: id, name, notes, file, again, state, unforkable } = message;
    const {
      arms,
      seeds,
      axes,
      conditions,
      remarks,
      secondsLeft,
      binEdges,
      verdicts,
      expectation,
      claims = [],
      totals = null,
      resume = null,
      pace = null,
      onDemand = false,
      logs = null,
      comparison = null,
    } = message;
    const refused = null;
    const heading = {
      id,
      name,
      notes,
      file,
      again,
      state,
      unforkable,
      refused,
      arms,
      seeds,
      trainingSeed: null,
      axes,
      claims,
      conditions,
      remarks,
    };
    const session: Session = {
      ...heading,
      totals,
      resume,
      pace,
      onDemand,
      logs,
      secondsLeft,
      binEdges,
      runs: new Map(),
      ids: new Map(),
      verdicts,
      comparison,
      expectation,
    };
    for (const { channels, frames, places, histograms, scene, predictions, ...own } of message.runs) {
      const run = newRun(own, { channels, places, scene }, session);
      const problem = appended(run, { frames, histograms, predictions });
      if (problem) this.report(l10n.t`frames of run "${own.id}" were left out: ${problem}`);
      addRun(session, run);
    }
    session.trainingSeed = trainingSeed(session);
    this.session = session;
  }

  private run(session: Session, id: string, type: string): RunData | undefined {
    const run = session.runs.get(id);
    if (!run) this.report(l10n.t`a message "${type}" about an unknown run "${id.slice(0, 80)}" was ignored`);
    return run;
  }
}
