/**
 * The part of an exported page from which `bnexp verify` trains its runs again: the index of their folder, and the experiment and the
 * summary of each finished run, as they are in its files.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import type { Hydrate, RunSummary } from '../../protocol';
import { unpack } from '../../shared/unpack';
import { difference } from '../folder/difference';
import { claimsCheck } from '../folder/indexParts';
import type { InspectedRun } from '../folder/inspectRun';
import { experimentName, indexName, isInside, RunFolderError, summaryName } from '../folder/layout';
import { readRegularFile } from '../folder/regularFile';
import { SavedExperiments } from '../folder/savedExperiments';
import { checkValue, readSummaryFile } from '../folder/summaryFile';
import type { ComparedRun } from '../folder/verifyRuns';
import type { RunIndex } from '../session/runIndex';

/** Format of the proof; a later one may not be understood. */
const format = 1;

interface Proof {
  format: number;
  index: RunIndex & { claimsSha256: string };
  /** Contents of the files of each run, as strings. */
  runs: { id: string; experiment: string; summary: string }[];
  /** SHA-256 of the packed run that the page shows. */
  run: string;
}

/** @param folder The run folder. @param index Its index. @param packed The packed run that the page shows, as it is in the page. */
export function proofOf(folder: string, index: RunIndex, packed: string): { text: string; runs: number } | null {
  const experiments = new SavedExperiments(folder);
  const runs = index.runs.flatMap(({ id }) => {
    try {
      const experiment = experiments.read(id);
      const { summary } = readSummaryFile(join(folder, id));
      if (summary?.status !== 'completed' && summary?.status !== 'diverged') return [];
      return [{ id, experiment: experiment.toString('utf8'), summary: provenSummary(summary, hashOf(experiment)) }];
    } catch {
      // The page reports it among the damage of its runs.
      return [];
    }
  });
  if (runs.length === 0) return null;
  const { remarks: _, ...rest } = index;
  const proof: Proof = {
    format,
    index: { ...rest, claimsSha256: claimsCheck(index) },
    runs,
    run: hashOf(packed),
  };
  return { text: deflateRawSync(JSON.stringify(proof), { level: 9 }).toString('base64'), runs: runs.length };
}

/** The results of a run, with check values like those of its file. Its layers are left out: the hash of all parameters covers them. */
function provenSummary(summary: RunSummary, experiment: string): string {
  const integrity = { log: null, logBytes: 0, experiment };
  const proven = { ...summary, seconds: 0, stepsPerSecond: 0, layers: [], integrity };
  return JSON.stringify({ ...proven, integrity: { ...integrity, sha256: checkValue(proven) } });
}

function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** An exported page that was read. */
export interface ReadReplay {
  /** What the page shows. */
  shown: Hydrate;
  proof: Proof;
  /** Whether what the page shows was changed after it was exported. */
  isEdited: boolean;
}

/** Maximum bytes of an exported page, and of what it contains unpacked. */
const largestPage = 2 ** 30;

/** @throws RunFolderError if the file is no exported page, or has no runs that can be trained. */
export function readReplay(path: string): ReadReplay {
  let html: string;
  try {
    html = readRegularFile(path, largestPage).toString('utf8');
  } catch (cause) {
    throw new RunFolderError(l10n.t`${path} cannot be read: ${(cause as Error).message}`);
  }
  const packed = scriptIn(html, 'run');
  if (packed === null) {
    throw new RunFolderError(
      l10n.t`${path} is neither a run folder nor an exported page: give a folder, or the HTML file of an export`,
    );
  }
  const packedProof = scriptIn(html, 'proof');
  if (packedProof === null) {
    throw new RunFolderError(
      l10n.t`${path} does not contain the settings of its runs, because it was exported by an earlier version, from runs that were not saved, or from logs of another program: export it again from the run folder`,
    );
  }
  try {
    const [shown] = unpack(inflated(packed));
    const proof: unknown = JSON.parse(inflated(packedProof).toString('utf8'));
    if (!isHydrate(shown) || !isProof(proof)) throw new Error(l10n.t('it is not in the format of this version'));
    return { shown, proof, isEdited: proof.run !== hashOf(packed) };
  } catch (cause) {
    throw new RunFolderError(l10n.t`${path} is damaged: ${(cause as Error).message}`);
  }
}

function scriptIn(html: string, id: string): string | null {
  // not translated: HTML
  const start = `<script id="${id}" type="application/octet-stream">`;
  const at = html.indexOf(start);
  if (at < 0) return null;
  const end = html.indexOf('</script>', at);
  return end < 0 ? null : html.slice(at + start.length, end);
}

function inflated(base64: string): Buffer {
  return inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: largestPage });
}

function isProof(value: unknown): value is Proof {
  const { format: written, index, runs, run } = (value ?? {}) as Partial<Proof>;
  if (written !== format || typeof index !== 'object' || typeof run !== 'string' || !Array.isArray(runs)) return false;
  return runs.every(
    (each) =>
      typeof each?.id === 'string' &&
      isInside(each.id) &&
      typeof each.experiment === 'string' &&
      typeof each.summary === 'string',
  );
}

function isHydrate(value: unknown): value is Hydrate {
  const { type, runs } = (value ?? {}) as Partial<Hydrate>;
  if (type !== 'hydrate' || !Array.isArray(runs)) return false;
  return runs.every(({ id, channels, frames }) => {
    if (typeof id !== 'string' || !Array.isArray(channels)) return false;
    const { steps, values } = frames ?? {};
    return (
      steps instanceof Uint32Array &&
      values instanceof Float32Array &&
      values.length === steps.length * channels.length &&
      channels.every((channel) => typeof channel?.name === 'string')
    );
  });
}

/** Writes the files of the runs to an empty folder, which is then a run folder without logs. */
export function writeProof(folder: string, { index, runs }: Proof): void {
  writeFileSync(join(folder, indexName), JSON.stringify(index));
  for (const { id, experiment, summary } of runs) {
    const own = join(folder, id);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, experimentName), experiment);
    writeFileSync(join(own, summaryName), summary);
  }
}

/**
 * A run of a page, as far as the page has it.
 * @param folder Where `writeProof` has written its files.
 */
export function inspectShown(folder: string, shown: Hydrate, id: string): ComparedRun & Pick<InspectedRun, 'damage'> {
  const { summary, integrity, problem } = readSummaryFile(join(folder, id));
  const run = shown.runs.find((each) => each.id === id);
  const damage = problem === null ? [] : [problem];
  const { experiment } = integrity ?? {};
  const own = join(folder, id, experimentName);
  if (experiment && existsSync(own) && hashOf(readFileSync(own)) !== experiment)
    damage.push(l10n.t`its ${experimentName} was changed after the run`);
  if (!run) return { summary, log: null, damage };
  if (summary) {
    const { status, step: steps, final, divergedAt } = run;
    const there = {
      status: summary.status,
      steps: summary.steps,
      final: summary.final,
      divergedAt: summary.divergedAt,
    };
    const what = difference(plain({ status, steps, final, divergedAt }), plain(there));
    if (what !== null) damage.push(l10n.t`the page does not show the results of its summary: ${what}`);
  }
  return { summary, log: { heading: { channels: run.channels.map(({ name }) => name) }, frames: run.frames }, damage };
}

/** The value after JSON encoding. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value));
}
