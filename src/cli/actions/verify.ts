/** What `bnexp verify` does. */

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Verdict } from '../../experiment/claims/verdict';
import type { Plan, Run } from '../../experiment/plan';
import { count, quote } from '../../experiment/words';
import type { Hydrate } from '../../protocol';
import { inspectShown, readReplay, writeProof } from '../../runs/export/proof';
import { baseFolderOf } from '../../runs/folder/baseFolder';
import { changedData, hasUnhashedData } from '../../runs/folder/changedData';
import { type InspectedRun, inspectingRun } from '../../runs/folder/inspectRun';
import { RunFolderError, summaryName } from '../../runs/folder/layout';
import { LoadedRunError, trainedRun } from '../../runs/folder/loadedRuns';
import { readIndex } from '../../runs/folder/readIndex';
import { hydrationOf, loadingExperiment } from '../../runs/folder/readRunFolder';
import { SavedExperiments } from '../../runs/folder/savedExperiments';
import { readSummaryFile } from '../../runs/folder/summaryFile';
import { type ComparedRun, type Comparison, compareRuns, sampled } from '../../runs/folder/verifyRuns';
import { type CheckedData, checkPlanData, loadPlanData } from '../../runs/loadData';
import { atOnce } from '../../runs/pieces';
import { defaultJobs, machineMemory } from '../../runs/resources';
import type { PlanFiles } from '../../runs/session/planFiles';
import type { IndexedRun, RunIndex } from '../../runs/session/runIndex';
import { statusInWords } from '../../shared/statusWords';
import { Grid } from '../../shared/sweep/grid';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { showProgress } from '../progressDisplay';
import { version } from '../version';

export interface VerifyOptions {
  sample?: number;
  data?: string;
  jobs?: number;
  json?: boolean;
  quiet?: boolean;
}

/**
 * How a run compares. `data`: its data files have changed, so that it cannot be repeated. `unfinished`: it was stopped or never ended, so
 * there is nothing to compare. `damaged`: its files are not as they were written. `untrainable`: its settings cannot be read, or training failed.
 */
type Outcome = 'same' | 'different' | 'data' | 'damaged' | 'untrainable' | 'unfinished';

interface VerifiedRun {
  id: string;
  outcome: Outcome;
  /** Why it is not the same, as a clause. */
  problem: string | null;
  comparison: Comparison | null;
  parametersHash: string | null;
}

/** @param source A run folder, or an exported page. */
export async function verify(source: string, options: VerifyOptions, context: Context): Promise<number> {
  const path = resolve(context.cwd, source);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return verifyFolder(path, source, null, options, context);
  const replay = asUsage(() => readReplay(path));
  if (replay.isEdited) context.console.err(l10n.t`${printable(source)} was changed after it was exported.`);
  const folder = mkdtempSync(join(tmpdir(), 'bnexp-verify-'));
  try {
    writeProof(folder, replay.proof);
    const data = options.data ?? dirname(path);
    const code = await verifyFolder(folder, source, replay.shown, { ...options, data }, context);
    return replay.isEdited && code === exitCode.done ? exitCode.failed : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param folder The run folder.
 * @param source As given on the command line.
 * @param shown What an exported page shows; null for a run folder.
 */
async function verifyFolder(
  folder: string,
  source: string,
  shown: Hydrate | null,
  options: VerifyOptions,
  context: Context,
): Promise<number> {
  const index = asUsage(() => readIndex(folder));
  const { console } = context;
  for (const remark of index.remarks ?? []) console.err(printable(remark));
  if (index.runs.length === 0) throw new UsageError(l10n.t`${quote(source)} contains no run: run the experiment first`);
  const by = index.engine || l10n.t({ message: 'unknown', comment: 'A version' });
  if (index.engine !== version)
    console.err(
      l10n.t`${printable(source)} was run by version ${printable(by)} of the engine, and this is ${version}: if bits differ, this may be why. Verify with that version to be sure.`,
    );
  const verifier = new Verifier(folder, index, shown, options, context);
  const runs = await verifier.verified();
  if (context.interrupts.exitCode !== null) return context.interrupts.exitCode;
  const { unhashed } = verifier;
  if (unhashed > 0)
    console.err(
      unhashed === 1
        ? l10n.t`${count(unhashed, 'run')} of an earlier version has no hash of the data: a change of a data file is found by its date only.`
        : l10n.t`${count(unhashed, 'run')} of an earlier version have no hash of the data: a change of a data file is found by its date only.`,
    );
  const verdict = verifier.verdict(runs);
  if (options.json)
    console.out(
      jsonText(
        {
          ...(shown ? { file: source } : { folder }),
          engine: version,
          savedEngine: index.engine,
          planned: index.planned,
          runs,
          verdict,
        },
        2,
      ),
    );
  else print(runs, verdict, index, context);
  const isSame = runs.every(({ outcome }) => outcome === 'same' || outcome === 'unfinished');
  return isSame && verdict !== 'different' ? exitCode.done : exitCode.failed;
}

/**
 * Whether the verdicts on the claims are the same; null if not all runs were compared, if there is no claim, or if a run was changed
 * manually, because the same change is a planned one when it is trained again.
 */
type VerdictComparison = 'same' | 'different' | null;

class Verifier {
  private readonly experiments: SavedExperiments;
  /** The verdicts of the runs that were trained again; null if they are not comparable. */
  private verdictsAgain: unknown = null;
  /** Number of runs that read data files of which they have no hash. */
  unhashed = 0;

  constructor(
    private readonly folder: string,
    private readonly index: RunIndex,
    private readonly shown: Hydrate | null,
    private readonly options: VerifyOptions,
    private readonly context: Context,
  ) {
    this.experiments = new SavedExperiments(folder);
  }

  async verified(): Promise<VerifiedRun[]> {
    const { sample = Number.POSITIVE_INFINITY } = this.options;
    const outcomes = new Map<string, VerifiedRun>();
    const runs: Run[] = [];
    const chosen = sampled(this.index.runs, sample);
    for (const indexed of chosen) {
      const { id } = indexed;
      const ended = this.problemOf(indexed);
      if (ended) {
        outcomes.set(id, { id, comparison: null, parametersHash: null, ...ended });
        continue;
      }
      try {
        const run = trainedRun(this.experiments, indexed);
        void run.experiment;
        runs.push(run);
      } catch (cause) {
        if (!(cause instanceof LoadedRunError)) throw cause;
        outcomes.set(id, {
          id,
          outcome: 'untrainable',
          problem: cause.message,
          comparison: null,
          parametersHash: null,
        });
      }
    }
    if (runs.length > 0) await this.trainAgain(runs, outcomes);
    return chosen.flatMap(({ id }) => outcomes.get(id) ?? []);
  }

  /** Why a run has nothing that can be compared; null if it has. */
  private problemOf(indexed: IndexedRun): Pick<VerifiedRun, 'outcome' | 'problem'> | null {
    const { summary, damage } = this.inspect(indexed, false);
    if (summary?.status === 'completed' || summary?.status === 'diverged') return null;
    if (summary) return { outcome: 'unfinished', problem: l10n.t`it has the status ${statusInWords(summary.status)}` };
    if (!existsSync(join(this.folder, indexed.id, summaryName)))
      return { outcome: 'unfinished', problem: l10n.t('it did not end') };
    return { outcome: 'damaged', problem: damage.join('; ') };
  }

  private inspect(indexed: IndexedRun, withFrames: boolean): ComparedRun & Pick<InspectedRun, 'damage'> {
    return this.shown
      ? inspectShown(this.folder, this.shown, indexed.id)
      : atOnce(inspectingRun(this.folder, indexed, this.experiments, withFrames));
  }

  private async trainAgain(runs: Run[], outcomes: Map<string, VerifiedRun>): Promise<void> {
    let plan = this.planOf(runs);
    const { baseFolder, shapes } = await this.checkData(plan);
    const files = await loadPlanData(plan, baseFolder);
    const { console, interrupts, makeSession } = this.context;
    const { quiet = false, json } = this.options;
    const own = runs.filter((run) => !this.hasOtherData(run, files, outcomes));
    if (own.length === 0) return;
    if (own.length < runs.length) plan = this.planOf(own);
    const jobs = this.options.jobs ?? defaultJobs(plan, shapes);
    if (!quiet && !json) console.err(l10n.t`Training ${count(own.length, 'run')} again, ${jobs} at a time`);
    const temporary = mkdtempSync(join(tmpdir(), 'bnexp-verify-'));
    const progress = showProgress(console, quiet || json === true);
    try {
      const session = await makeSession({
        plan,
        file: this.index.file,
        folder: temporary,
        registers: 'auto',
        saving: { weights: false },
        files,
        jobs,
        storeFrames: false,
      });
      const stopFollowing = session.onMessage((message) => {
        if (message.type === 'status') progress.update(message);
      });
      const stopListening = interrupts.onInterrupt(() => void session.stop());
      try {
        session.start();
        await session.ended;
      } finally {
        stopFollowing();
        stopListening();
      }
      if (interrupts.exitCode === null) this.compareAll(temporary, files, baseFolder, outcomes);
    } finally {
      progress.end();
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  /** Whether the data files of a run have other contents than when it was trained, as its outcome then says. */
  private hasOtherData(run: Run, files: PlanFiles, outcomes: Map<string, VerifiedRun>): boolean {
    const { id } = run;
    const own = join(this.folder, id);
    const { summary } = readSummaryFile(own);
    if (!summary) return false;
    if (hasUnhashedData(run, summary)) this.unhashed++;
    const changed = changedData(own, run, summary, { files });
    if (changed === null) return false;
    const problem = l10n.t`${changed.path} has other contents than when the run was trained: restore it, or give its folder by --data`;
    outcomes.set(id, { id, outcome: 'data', problem, comparison: null, parametersHash: null });
    return true;
  }

  private planOf(runs: Run[]): Plan {
    const { name, notes, arms, seeds, axes, claims } = this.index;
    const [{ seed }] = runs;
    // Manual changes and forks make runs of an arm differ, also in their data.
    const samples = runs.length <= 1000 ? runs : runs.filter((run) => run.seed === seed);
    return { name, notes, arms, seeds, axes, pointCount: new Grid(axes).size, claims, runs, samples };
  }

  /** @returns The folder that paths of data files start from, and the shapes of the data. @throws UsageError if a data file is missing or does not fit. */
  private async checkData(plan: Plan): Promise<{ baseFolder: string | null; shapes: CheckedData['shapes'] }> {
    const { data } = this.options;
    const { cwd } = this.context;
    const baseFolder = data === undefined ? baseFolderOf(this.folder, basename(this.index.file)) : resolve(cwd, data);
    const { findings, shapes } = await checkPlanData({ plan, checkClaims: () => [] }, baseFolder, machineMemory());
    const problem = findings.find(({ severity }) => severity === 'error');
    if (problem)
      throw new UsageError(
        data === undefined
          ? l10n.t`the data of the runs cannot be used: ${problem.message}. Give its folder by --data`
          : l10n.t`the data of the runs cannot be used: ${problem.message}`,
      );
    return { baseFolder, shapes };
  }

  private compareAll(
    temporary: string,
    files: PlanFiles,
    baseFolder: string | null,
    outcomes: Map<string, VerifiedRun>,
  ): void {
    const again = readIndex(temporary);
    const experiments = new SavedExperiments(temporary);
    const trained = new Map(again.runs.map((run) => [run.id, run]));
    for (const indexed of this.index.runs) {
      const other = trained.get(indexed.id);
      if (!other || outcomes.has(indexed.id)) continue;
      const saved = this.inspect(indexed, true);
      const now = atOnce(inspectingRun(temporary, other, experiments, true));
      outcomes.set(indexed.id, this.compared(indexed, saved, now, files, baseFolder));
    }
    if (this.index.claims.length > 0 && again.runs.length === this.index.planned) {
      const { looks } = this.index;
      this.verdictsAgain = verdictsIn(temporary, { ...again, ...(looks && { looks }) });
    }
  }

  private compared(
    indexed: IndexedRun,
    saved: ComparedRun & Pick<InspectedRun, 'damage'>,
    again: InspectedRun,
    files: PlanFiles,
    baseFolder: string | null,
  ): VerifiedRun {
    const { id } = indexed;
    const own = { id, parametersHash: again.summary?.parametersHash ?? null };
    if (again.summary?.status === 'failed' || !again.summary) {
      return {
        ...own,
        outcome: 'untrainable',
        problem: again.summary?.error ?? l10n.t('it did not end'),
        comparison: null,
      };
    }
    // A page does not contain the layers of its runs.
    const summary = again.summary && { ...again.summary, ...(this.shown && { layers: [] }) };
    const comparison = compareRuns(saved, { ...again, summary });
    if (saved.damage.length > 0) return { ...own, outcome: 'damaged', problem: saved.damage.join('; '), comparison };
    if (!comparison.first) return { ...own, outcome: 'same', problem: null, comparison };
    const run = trainedRun(this.experiments, indexed);
    // Other contents were found before: this is a file of which the run has no hash.
    const now = { files, baseFolder };
    const data = saved.summary && changedData(join(this.folder, id), run, saved.summary, now);
    const { inWords } = comparison.first;
    const problem = data === null ? inWords : l10n.t`${inWords} (${data.path} was changed after the run, by its date)`;
    return { ...own, outcome: 'different', problem, comparison };
  }

  verdict(runs: readonly VerifiedRun[]): VerdictComparison {
    if (this.verdictsAgain === null || runs.length < this.index.planned) return null;
    const saved = this.shown ? verdictsOf(this.shown) : verdictsIn(this.folder, this.index);
    if (saved === null) return null;
    return isDeepStrictEqual(saved, this.verdictsAgain) ? 'same' : 'different';
  }
}

/** @returns Null if a run was changed manually. */
function verdictsIn(folder: string, index: RunIndex): unknown {
  return verdictsOf(hydrationOf(atOnce(loadingExperiment(folder, { frames: false, index }))));
}

function verdictsOf({ runs, verdicts }: Hydrate): unknown {
  if (runs.some(({ changes }) => changes.some(({ byHand }) => byHand))) return null;
  return JSON.parse(JSON.stringify(verdicts.map(withoutWords)));
}

/** A page may have been exported in a different language. Its sentences are about the values that remain. */
function withoutWords({ compared: _, reason: __, way: ___, change: ____, ...values }: Verdict): object {
  return values;
}

function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}

function print(
  runs: readonly VerifiedRun[],
  verdict: VerdictComparison,
  { planned, runs: listed }: RunIndex,
  { console }: Context,
): void {
  const { outColours: colours } = console;
  for (const { id, outcome, problem, comparison, parametersHash } of runs) {
    const name = printable(id);
    if (outcome === 'same') {
      const frames = count(comparison?.frames ?? 0, 'frame');
      const hash = parametersHash === null ? '' : `, ${l10n.t`parameters ${parametersHash.slice(0, 12)}…`}`;
      console.out(`${name}: ${colours.green(l10n.t('same bits'))} (${frames}${hash})`);
    } else if (outcome === 'unfinished') console.out(l10n.t`${name}: nothing to compare, ${printable(problem ?? '')}`);
    else console.out(`${name}: ${colours.red(words[outcome])}: ${printable(problem ?? '')}`);
  }
  const same = runs.filter(({ outcome }) => outcome === 'same').length;
  const all = Math.max(planned, listed.length);
  const parts = [sameInWords(same, all)];
  if (runs.length < all) parts.push(l10n.t`${all - runs.length} were not trained again`);
  const different = l10n.t({ message: 'different', comment: 'A verdict' });
  if (verdict === 'same') parts.push(l10n.t('the verdict is the same'));
  else if (verdict === 'different') parts.push(l10n.t`the verdict is ${colours.red(different)}`);
  console.out(`\n${parts.join('; ')}.`);
}

function sameInWords(same: number, all: number): string {
  const runs = count(all, 'run');
  if (same === all) return same === 1 ? l10n.t`All ${runs} has the same bits` : l10n.t`All ${runs} have the same bits`;
  return same === 1 ? l10n.t`${same} of ${runs} has the same bits` : l10n.t`${same} of ${runs} have the same bits`;
}

const words = {
  different: l10n.t({ message: 'different', comment: 'A run' }),
  data: l10n.t('its data have changed'),
  damaged: l10n.t({ message: 'damaged', comment: 'A run' }),
  untrainable: l10n.t('cannot be trained again'),
};
