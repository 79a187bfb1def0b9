/** What the tools answer, as Markdown. Text from files is escaped, and the length is bounded. */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { leastPairs, type Verdict } from '../../experiment/claims/verdict';
import type { DataSummary } from '../../experiment/dataSummary';
import type { ExperimentDiagnostic } from '../../experiment/diagnostics';
import { type Plan, planInWords } from '../../experiment/plan';
import { briefVerdictMarkdown, markdownTable, markdownText } from '../../experiment/report/markdown';
import { limits } from '../../experiment/report/report';
import { meanInWords, shownMetrics } from '../../experiment/report/results';
import { count, quote } from '../../experiment/words';
import type { RunState, RunStatus, RunSummary } from '../../protocol';
import { formatCount, noValue } from '../../shared/numbers';
import { visible } from '../../shared/text';
import { newestFirst, startOf } from '../folder/findRuns';
import { runFoldersOf } from '../folder/layout';
import { readIndex } from '../folder/readIndex';
import { damageOf, hydrationOf, loadingExperiment, readingFrames } from '../folder/readRunFolder';
import type { CheckedData } from '../loadData';
import { diskInWords, diskUse } from '../session/diskUse';
import { bounded } from './bounded';
import type { ExplainInput } from './definitions';
import { layerChanges } from './layerChanges';
import { ToolError } from './toolError';
import { experimentSuffix, requireName } from './workspace';

/** An experiment that was checked. */
export interface Checked {
  /** Null if there is an error. */
  plan: Plan | null;
  diagnostics: readonly ExperimentDiagnostic[];
  data: readonly DataSummary[];
  /** Shapes of the data files, where the host needs them for training. */
  shapes?: CheckedData['shapes'];
}

/** Answer of validate_experiment. @param name Name of the file, or of the text. */
export function validateAnswer(name: string, { plan, diagnostics, data }: Checked): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const lines: string[] = [];
  if (plan) {
    lines.push(l10n.t`${name} is valid: ${planInWords(plan)}; ${diskInWords(diskUse(plan))}.`);
    for (const { says, better, than } of plan.claims)
      lines.push(l10n.t`Claim: ${says} (${quote(better)} is compared with ${quote(than)})`);
    if (plan.claims.length > 0 && plan.seeds.length < leastPairs)
      lines.push(l10n.t`A verdict needs at least ${leastPairs} seeds; the file has ${plan.seeds.length}.`);
    for (const { lines: read } of data) lines.push(...read.map((line) => l10n.t`Data: ${line}`));
  } else {
    lines.push(l10n.t`${name} cannot run: ${count(errors, 'error')}.`);
  }
  if (warnings > 0) lines.push(`${count(warnings, 'warning')}:`);
  for (const { line, column, severity, message } of diagnostics)
    lines.push(`${line}:${column}: ${severity}: ${message}`);
  return bounded(lines.map(visible).join('\n'), l10n.t('Remove these first, and call validate_experiment again.'));
}

/** What was trained. */
export interface Trained {
  name: string;
  runs: readonly (Pick<RunSummary, 'arm' | 'seed' | 'status' | 'steps' | 'divergedAt' | 'final'> & {
    error?: string;
  })[];
  verdicts: readonly Verdict[];
  /** Run folder; null if nothing was saved. */
  folder: string | null;
  /** Sentences. */
  remarks: readonly string[];
}

const reportRemedy = l10n.t('Call explain_run with an "arm" or a "seed", or run: bnexp verdict, with the run folder.');

/** Answer of run_experiment. @param folder Run folder as the model can give it to explain_run. */
export function trainedAnswer({ name, runs, verdicts, folder, remarks }: Trained): string {
  const saved =
    folder === null
      ? l10n.t('Nothing was saved.')
      : l10n.t`Saved in the run folder ${quote(folder)}: call explain_run with this path for the layers.`;
  const parts = [
    `# ${markdownText(name)}`,
    `${outcomeInWords(runs)} ${saved}`,
    ...remarks.map(markdownText),
    resultsTable(runs),
    ...verdictsMarkdown(verdicts),
    ...failures(runs),
  ];
  return bounded(parts.join('\n\n'), reportRemedy);
}

/** `6 runs: 5 completed, 1 diverged.` */
function outcomeInWords(runs: readonly Pick<RunState, 'status'>[]): string {
  const outcomes = new Map<RunStatus, number>();
  for (const { status } of runs) outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
  const listed = [...outcomes].map(([status, number]) => count(number, status)).join(', ');
  return `${count(runs.length, 'run')}: ${listed || l10n.t('none started')}.`;
}

const mostFailures = 10;

function failures(runs: Trained['runs']): string[] {
  const lines = runs.flatMap(({ arm, seed, divergedAt, error, status }) => {
    if (divergedAt)
      return [
        l10n.t`${arm}, seed ${seed}, diverged at step ${formatCount(divergedAt.step)}: ${divergedAt.tap} of ${divergedAt.layer} was no longer finite.`,
      ];
    return status === 'failed'
      ? [l10n.t`${arm}, seed ${seed}, failed: ${error ?? l10n.t('for an unknown reason')}`]
      : [];
  });
  if (lines.length > mostFailures) {
    lines.splice(mostFailures, lines.length, l10n.t`… and ${count(lines.length - mostFailures, 'more run')}.`);
  }
  return lines.length === 0 ? [] : [lines.map(markdownText).join('\n')];
}

/** A row for each arm: how many of its runs have results, and the mean and the standard deviation of each metric. */
function resultsTable(runs: readonly Pick<Trained['runs'][number], 'arm' | 'final'>[]): string {
  const metrics = shownMetrics(runs);
  const arms = [...new Set(runs.map(({ arm }) => arm))];
  const rows = arms.map((arm) => {
    const own = runs.filter((run) => run.arm === arm);
    const ended = own.filter(({ final }) => final !== null);
    const number = ended.length < own.length ? l10n.t`${ended.length} of ${own.length}` : String(own.length);
    return [arm, number, ...metrics.map((metric) => meanInWords(metric, ended) ?? noValue)];
  });
  return markdownTable(
    [l10n.t('arm'), l10n.t('runs with results'), ...metrics.map(({ title }) => l10n.t`${title}, mean ± std`)],
    rows,
  );
}

function verdictsMarkdown(verdicts: readonly Verdict[]): string[] {
  if (verdicts.length === 0) return [];
  const parts = verdicts.flatMap((verdict) => {
    const { pairs, exact } = verdict;
    const few = pairs > 0 && pairs < leastPairs && !exact;
    return [
      ...briefVerdictMarkdown(verdict),
      ...(few
        ? [l10n.t`Few pairs: ${pairs} of at least ${leastPairs}. Say nothing about other seeds from these numbers.`]
        : []),
    ];
  });
  return [...parts, limits];
}

/** Maximum number of runs whose layers are described. */
const mostDescribed = 8;

/**
 * Answer of explain_run, in slices.
 * @param folder Run folder. @param shownAs Its path as the model gave it. @param engine This program's version.
 * @throws ToolError, RunFolderError
 */
export function* explaining(
  folder: string,
  shownAs: string,
  { arm, seed }: Pick<ExplainInput, 'arm' | 'seed'>,
  engine: string,
): Generator<void, string> {
  const index = readIndex(folder);
  if (arm !== undefined) requireName(l10n.t`There is no arm ${quote(arm)}.`, arm, index.arms);
  if (seed !== undefined)
    requireName(l10n.t`There is no seed ${quote(String(seed))}.`, String(seed), index.seeds.map(String));
  const loaded = yield* loadingExperiment(folder, { frames: false, index });
  const { name, conditions, runs, verdicts, remarks } = hydrationOf(loaded, engine);
  const parts = [
    `# ${markdownText(name)}`,
    l10n.t`Run folder ${quote(shownAs)}. ${outcomeInWords(runs)}`,
    ...[...remarks, ...damageOf(loaded).filter((each) => !remarks.includes(each))].map(markdownText),
    ...verdictsMarkdown(verdicts),
    l10n.t('## Final results'),
    resultsTable(runs),
    ...failures(
      runs.map((run) => ({ ...run, steps: run.step, error: run.error ?? undefined }) as Trained['runs'][number]),
    ),
    l10n.t('## Conditions'),
    conditions.map(({ what, words }) => `${what}: ${markdownText(words)}`).join('\n'),
  ];
  const chosen = runs.filter((run) => (arm ?? run.arm) === run.arm && run.seed === (seed ?? index.seeds[0]));
  const described = chosen.filter(({ step }) => step > 0).slice(0, mostDescribed);
  for (const run of described) {
    const where = Object.entries(run.point).map(([pointer, value]) => `, ${pointer} ${JSON.stringify(value)}`);
    parts.push(l10n.t`## Layers of ${markdownText(l10n.t`${run.arm}${where.join('')}, seed ${run.seed}`)}`);
    const stored = yield* readingFrames(folder, run.id);
    parts.push(...(stored ? layerChanges(stored) : [l10n.t('Its frames cannot be read.')]));
  }
  if (chosen.length > described.length) {
    parts.push(l10n.t`Layers of ${count(described.length, 'run')} are described, of ${formatCount(chosen.length)}.`);
  }
  return bounded(parts.join('\n\n'), reportRemedy);
}

/**
 * The run folder that a path names: itself, or the newest one of an experiment's file.
 * @throws ToolError
 */
export function runFolderAt(path: string): string {
  if (!path.endsWith(experimentSuffix)) return path;
  const found = runFoldersOf(path).flatMap((folder) => {
    try {
      return [{ folder, time: startOf(folder, readIndex(folder)) }];
    } catch {
      return [];
    }
  });
  const [newest] = found.sort(newestFirst);
  if (!newest) throw new ToolError(l10n.t`${quote(basename(path))} has no saved run: call run_experiment first.`);
  return newest.folder;
}
