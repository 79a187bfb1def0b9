/**
 * Reads an experiment file and returns a plan or diagnostics. Entry point of the command line, the editor and the tests.
 */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../shared/numbers';
import { Grid, namedAxes, type Point, pointInWords } from '../shared/sweep/grid';
import { type Arm, armFindings, armsOf, patched } from './arms';
import { claimFindings, sameArms } from './checks/arms';
import { changeFindings } from './checks/changes';
import { dataFindings, type Host } from './checks/data';
import { networkFindings } from './checks/layerShapes';
import { memoryFindings, runCountFindings } from './checks/memory';
import { statisticsFindings } from './checks/sampleSizes';
import {
  axisFindings,
  compareFindings,
  type SweptArm,
  sweepFindings,
  sweepOf,
  sweepSizeFindings,
} from './checks/sweep';
import { seedFindings, trainingFindings } from './checks/training';
import { weightsFindings } from './checks/weights';
import type { ExperimentDiagnostic } from './diagnostics';
import { expand, type ResolvedArm } from './expand';
import { error, type Finding } from './findings';
import { isObject, type JsonObject } from './mergePatch';
import { parseText } from './parse';
import { mostListedRuns, type Plan } from './plan';
import type { CheckedArm, ReadCache } from './readCache';
import { resolve } from './resolve';
import { type Task, withKnownTask } from './runSpecification';
import { type Claim, type Experiment, mostArms, type ParsedExperiment } from './schema';
import { designed, type WantedTest } from './sequential';
import { Source } from './source';
import { withPoint } from './sweep/apply';
import { validateExperiment, validateTrained } from './validate';
import { appliedSettings, type WatchSetting, withWatchSetting } from './watchSetting';
import { count, quote, suggestion } from './words';

export interface ReadOptions {
  /** Names of the arms to run. Default: all. */
  arms?: readonly string[];
  /** Seeds that replace those of the file; see `parseSeeds`. */
  seeds?: readonly number[];
  /** Makes the plan a sequential test of the claims. `seeds` are then those of the test, and `arms` by default those of the claims. */
  test?: WantedTest;
  /** Number of updates that replaces that of every arm. */
  steps?: number;
  /** Memory limit of one run, in bytes. */
  memory?: number;
  host?: Host;
  /** What is recorded where the file does not say. */
  watch?: WatchSetting | undefined;
  /** Results of earlier readings of the same file. */
  cache?: ReadCache;
}

export interface ReadExperiment {
  /** Null if there is an error. */
  plan: Plan | null;
  /** Resolved experiment of the plan's first arm; null if there is an error. */
  experiment: Experiment | null;
  claims: Claim[];
  /** Sorted by position in the text. */
  diagnostics: ExperimentDiagnostic[];
  /**
   * Checks claims again once the data have been read.
   * @param tasks The task that each arm's data define.
   */
  checkClaims(tasks: ReadonlyMap<string, Task>): Finding[];
  /** Locates findings of later checks, such as `checkDataset`, in the text. */
  locate(findings: readonly Finding[]): ExperimentDiagnostic[];
}

export function readExperiment(text: string, options: ReadOptions = {}): ReadExperiment {
  if (options.test) return readTest(text, options, options.test);
  const { value, tree, lines, diagnostics } = parseText(text);
  const source = new Source(tree, lines);
  if (diagnostics.length > 0) return outcome(source, 1, diagnostics, null);

  const findings: Finding[] = [];
  const file = validateExperiment(value);
  findings.push(...file.findings);
  if (!isObject(value)) return outcome(source, 1, source.diagnostics(findings, 1), null);
  const ofArms = armFindings(value);
  findings.push(...ofArms);
  const arms = armsOf(value);
  const heading = { name: file.value?.name ?? '', notes: file.value?.notes ?? '' };
  const resolved = arms.slice(0, mostArms).flatMap((arm) => readArm(value, arm, heading, options, findings));
  const grid = readGrid(value, resolved, heading, options, findings);
  if (file.value) findings.push(...fileFindings(file.value, value, resolved, grid, options));

  // An arm with an error may equal another arm only because of that error, so skip the comparison.
  if (findings.length === 0) findings.push(...sameArms(resolved));
  if (!findings.some(({ severity }) => severity === 'error') && grid.axes.length > 0)
    findings.push(...sameEverywhere(resolved, grid));
  const chosen = chooseArms(resolved, arms, options.arms, findings);
  const found = source.diagnostics(findings, arms.length);
  if (found.some(({ severity }) => severity === 'error')) return outcome(source, arms.length, found, null);
  const claim = file.value?.claim ?? [];
  const claims = Array.isArray(claim) ? claim : [claim];
  const pace = file.value?.pace;
  const plan = expand(
    { ...heading, claims, ...(pace !== undefined && { pace }), ...bySetting(value, options) },
    chosen,
    arms.map(({ name }) => name),
    grid,
  );
  const names = isObject(value.arms) ? Object.keys(value.arms) : [];
  const checkClaims = (tasks: ReadonlyMap<string, Task>) =>
    claimFindings(
      file.value?.claim,
      resolved.map((arm) => ({ ...arm, experiment: withKnownTask(arm.experiment, tasks.get(arm.name)) })),
      names,
    );
  return outcome(source, arms.length, found, plan, chosen[0].experiment, claims, checkClaims);
}

/** Reads an experiment as a sequential test of its claims. */
function readTest(text: string, { test: _, seeds: given, ...options }: ReadOptions, test: WantedTest): ReadExperiment {
  const read = readExperiment(text, options);
  if (!read.plan) return read;
  const { claims, seeds } = read.plan;
  const refused = (problem: string): ReadExperiment => ({
    ...read,
    plan: null,
    diagnostics: [...read.diagnostics, ...read.locate([error([], problem)])],
  });
  const design = designed(claims, seeds, { ...test, given });
  if ('problem' in design) return refused(design.problem);
  const compared = new Set(claims.flatMap(({ better, than }) => [better, than]));
  const arms = options.arms?.length ? options.arms : read.plan.arms.filter((arm) => compared.has(arm));
  const { plan, ...rest } = readExperiment(text, { ...options, arms, seeds: design.seeds });
  if (!plan) return { plan, ...rest };
  if (plan.runs.length > mostListedRuns) {
    return refused(
      l10n.t`a test until the verdict is clear may have at most ${formatCount(mostListedRuns)} runs, and this has up to ${count(plan.runs.length, 'run')}: allow fewer seeds, or remove values of the sweep`,
    );
  }
  return { ...rest, plan: { ...plan, looks: design } };
}

function outcome(
  source: Source,
  armCount: number,
  diagnostics: ExperimentDiagnostic[],
  plan: Plan | null,
  experiment: Experiment | null = null,
  claims: Claim[] = [],
  checkClaims: ReadExperiment['checkClaims'] = () => [],
): ReadExperiment {
  const locate = (findings: readonly Finding[]) => source.diagnostics(findings, armCount);
  return { plan, experiment, claims, diagnostics, checkClaims, locate };
}

/** Resolves and checks one arm. Returns no experiment if the arm is invalid. */
function readArm(
  file: JsonObject,
  arm: Arm,
  heading: { name: string; notes: string },
  options: ReadOptions,
  findings: Finding[],
): ReadArm[] {
  const own = (found: readonly Finding[]) => {
    // The only arm of an experiment without `arms` is located in the file itself.
    for (const finding of found) findings.push(arm.patch === null ? finding : { ...finding, arm: arm.name });
  };
  const trained = patched(file, arm);
  const { experiment, findings: found } = readTrained(trained, heading, options);
  own(found);
  if (!experiment) return [];
  const at = (point: Point) => {
    if (Object.keys(point).length === 0) return experiment;
    const there = readTrained(withPoint(trained, point, experiment), heading, options);
    const problem = there.findings.find(({ severity }) => severity === 'error');
    if (there.experiment && !problem) return there.experiment;
    throw new Error(
      problem
        ? l10n.t`at this point of the sweep, ${problem.message}`
        : l10n.t('at this point of the sweep, the values are inconsistent'),
    );
  };
  return [{ name: arm.name, experiment, at, arm, trained, sound: found.length === 0 }];
}

interface ReadArm extends ResolvedArm, SweptArm {
  /** Whether there are no findings. */
  sound: boolean;
}

/** Resolves and checks the trained part; null if it is invalid. */
function readTrained(value: JsonObject, heading: { name: string; notes: string }, options: ReadOptions): CheckedArm {
  const { cache, seeds, steps, memory, watch } = options;
  const { experiment, findings } = cache
    ? cache.get([value, seeds, steps, memory, watch], () => checkTrained(value, options))
    : checkTrained(value, options);
  return { experiment: experiment && { ...experiment, ...heading }, findings };
}

function checkTrained(value: JsonObject, options: ReadOptions): CheckedArm {
  const trained = validateTrained(value);
  if (!trained.value) return { experiment: null, findings: trained.findings };
  const seeds = options.seeds ? [...options.seeds] : trained.value.training.seeds;
  const steps = options.steps ?? trained.value.training.steps;
  const resolved = resolve(
    { name: '', notes: '' },
    { ...trained.value, training: { ...trained.value.training, seeds, steps } },
  );
  const watch = options.watch ? withWatchSetting(resolved.watch, options.watch, watchIn(value)) : resolved.watch;
  const experiment = { ...resolved, watch };
  return { experiment, findings: experimentFindings(experiment, options) };
}

/** `watch` as it is written. */
function watchIn({ watch }: JsonObject): JsonObject {
  return isObject(watch) ? watch : {};
}

function bySetting(file: JsonObject, { watch }: ReadOptions): { watchedBySetting?: string[] } {
  const applied = watch ? appliedSettings(watch, watchIn(file)) : [];
  return applied.length > 0 ? { watchedBySetting: applied } : {};
}

/** Grid of the sweep; a grid of one point if there is no valid sweep. */
function readGrid(
  file: JsonObject,
  arms: readonly ReadArm[],
  heading: { name: string; notes: string },
  options: ReadOptions,
  findings: Finding[],
): Grid {
  const sweep = sweepOf(file);
  if (!sweep) return new Grid([]);
  const found = axisFindings(sweep);
  if (found.length === 0) {
    const grid = new Grid(namedAxes(sweep));
    const read = ({ trained, experiment }: SweptArm, point: Point) =>
      readTrained(withPoint(trained, point, experiment), heading, options);
    // Errors that do not depend on the sweep are already reported.
    found.push(
      ...sweepFindings(
        grid,
        arms.filter(({ sound }) => sound),
        read,
      ),
    );
    findings.push(...found);
    return found.some(({ severity }) => severity === 'error') ? new Grid([]) : grid;
  }
  findings.push(...found);
  return new Grid([]);
}

/** Arms that are identical at a point, because they differ only in properties that the axes set. */
function sameEverywhere(arms: readonly ResolvedArm[], grid: Grid): Finding[] {
  const ends = [grid.point(0), grid.point(grid.size - 1)];
  const [first, last] = ends.map((point) => sameArms(arms.map((arm) => ({ ...arm, experiment: arm.at(point) }))));
  if (last.length === 0) return [];
  const where = pointInWords(ends[0], grid.axes);
  return first.map((finding) => ({ ...finding, message: l10n.t`with the sweep, at ${where}, ${finding.message}` }));
}

/** Findings in a resolved experiment, including its changes during training. */
export function experimentFindings(experiment: Experiment, options: ReadOptions = {}): Finding[] {
  const check = (settings: Experiment) => [
    ...trainingFindings(settings),
    ...networkFindings(settings),
    ...dataFindings(settings, options.host ?? {}),
    ...weightsFindings(settings, options.host ?? {}),
    ...memoryFindings(settings, options.memory),
  ];
  return [...check(experiment), ...statisticsFindings(experiment), ...changeFindings(experiment, check)];
}

/** Findings that concern several arms. */
function fileFindings(
  file: ParsedExperiment,
  raw: JsonObject,
  arms: ResolvedArm[],
  grid: Grid,
  options: ReadOptions,
): Finding[] {
  const names = isObject(raw.arms) ? Object.keys(raw.arms) : [];
  const seeds = arms[0]?.experiment.training.seeds.length ?? 0;
  return [
    ...(options.seeds ? [] : seedFindings(file)),
    ...runCountFindings(options.arms?.length || arms.length, seeds),
    ...sweepSizeFindings(grid, options.arms?.length || arms.length, seeds),
    ...claimFindings(file.claim, arms, names),
    ...compareFindings(file.claim, grid, raw.sweep !== undefined),
  ];
}

function chooseArms(
  resolved: ResolvedArm[],
  arms: Arm[],
  wanted: readonly string[] | undefined,
  findings: Finding[],
): ResolvedArm[] {
  if (wanted === undefined || wanted.length === 0) return resolved;
  const names = arms.map(({ name }) => name);
  for (const name of wanted) {
    if (!names.includes(name))
      findings.push(error([], l10n.t`there is no arm ${quote(name)}${suggestion(name, names)}`));
  }
  return resolved.filter(({ name }) => wanted.includes(name));
}
