/** Starts an experiment that is ready to run, after the questions and warnings that apply to it. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { formatCount } from '../../shared/numbers';
import { progressOf } from '../../shared/progress';
import { fileName } from '../findExperiment';
import { settings } from '../identifiers';
import { showInformationMessage, showWarningMessage, withProgress } from '../notify';
import type { PanelWindow } from '../panelWindow';
import type { Sessions, Start } from '../sessions';
import { explainTrust, isTrusted } from '../trust';

/** Estimates the seconds that a plan takes by a short trial; null if the trial was inconclusive. */
export type Estimate = (start: Start) => Promise<{ jobs: number; seconds: number | null }>;

type Wanted = Omit<Start, 'save' | 'jobs' | 'saving'>;

/** Asks a question where the person sees it. */
export type Ask = PanelWindow['ask'];

/** What starting an experiment needs of this window. */
export interface Starting {
  readonly sessions: Sessions;
  readonly estimate: Estimate;
  readonly ask: Ask;
}

/**
 * @param isAnnounced Whether a notification reports that it waits.
 * @returns Whether it was started or is in the queue; false if the person cancelled.
 */
export async function startExperiment(starting: Starting, wanted: Wanted, isAnnounced = true): Promise<boolean> {
  const { sessions, estimate } = starting;
  const { uri, plan, baseFolder } = wanted;
  if (!(await mayReadData(wanted))) return false;
  const isSame = sessions.current?.uri.toString() === uri.toString();
  const stop = l10n.t('Stop and Run Again');
  const next = l10n.t('Run Again Next');
  // A different experiment waits, without a question: only one that is to replace its own earlier start needs an answer.
  const choice = sessions.isActive && !isSame ? next : await whenRunning(starting, [stop, next], fileName(uri));
  if (choice === undefined) return false;

  const start = { ...wanted, ...startSettings(uri, baseFolder) };
  if (!(await mayStart(start, () => pausedDuring(sessions, () => estimate(start))))) return false;
  // The experiment that was running may have finished in the meantime.
  if (choice === next && !sessions.isFree) {
    const id = sessions.queue.add(plan.name, uri.toString(), start);
    if (isAnnounced) void announceWaiting(sessions, id, plan.name);
    return true;
  }
  await sessions.queue.startNow(plan.name, uri.toString(), start);
  if (!isTrusted()) {
    void explainTrust(
      l10n.t('This workspace is not trusted: the experiment runs, but nothing is saved to disk.'),
      false,
    );
  }
  return true;
}

/** Reports that an experiment waits. Not awaited: the notification may stay open. */
async function announceWaiting({ queue, current }: Sessions, id: string, name: string): Promise<void> {
  const place = queue.experiments.findIndex((queued) => queued.id === id);
  if (place < 0) return;
  const before = place === 0 ? `“${current?.name}”` : `“${queue.experiments[place - 1].name}”`;
  const [now, remove] = [
    l10n.t('Stop and Run Now'),
    l10n.t({ message: 'Remove', comment: 'Removes an experiment from the queue' }),
  ];
  const choice = await showInformationMessage(
    l10n.t`“${name}” waits and starts after ${before}. The view Runs lists the queue.`,
    now,
    remove,
  );
  if (choice === now) await queue.runNow(id);
  if (choice === remove) queue.remove(id);
}

/** What the settings say about a start. */
export function startSettings(uri: vscode.Uri, baseFolder: string | null): Pick<Start, 'save' | 'jobs' | 'saving'> {
  const configuration = vscode.workspace.getConfiguration(settings.section, uri);
  return {
    save: configuration.get(settings.keepRuns, true) && baseFolder !== null && isTrusted(),
    jobs: configuration.get(settings.jobs, 0),
    saving: {
      budget: configuration.get<number>(settings.diskBudget),
      weights: configuration.get<boolean>(settings.keepWeights),
    },
  };
}

/** Bytes of disk that are used without a question. */
const muchDisk = 1e9;

/** Shows how long a large plan takes and how much disk it needs, and asks for confirmation. */
async function mayStart(start: Start, estimate: () => ReturnType<Estimate>): Promise<boolean> {
  const [{ mostWithoutQuestion }, { sizeInWords }] = await Promise.all([
    import('../../runs/session/limits'),
    import('../../runs/session/estimate'),
  ]);
  const { plan } = start;
  const disk = start.save ? await diskOf(start) : null;
  const needsDisk = disk !== null && (disk.bytes > muchDisk || (disk.free !== null && disk.bytes > disk.free));
  if (plan.runs.length <= mostWithoutQuestion && !needsDisk) return true;
  const { jobs, seconds } = await withProgress(
    { title: l10n.t`Trying some of ${count(plan.runs.length, 'run')}…` },
    estimate,
  );
  const size = sizeInWords(plan, jobs, seconds);
  const startButton = l10n.t({ message: 'Start', comment: 'Starts an experiment' });
  const choice = await showWarningMessage(
    l10n.t`“${plan.name}”: ${disk === null ? size : l10n.t`${size}, and ${disk.words}`}. Start?`,
    {
      modal: true,
      detail: l10n.t('If you stop it, the results so far stay saved. Fewer values or seeds make it shorter.'),
    },
    startButton,
  );
  return choice === startButton;
}

/** The disk that a plan needs, and that is free where its runs are saved. */
async function diskOf({ plan, baseFolder, saving }: Start) {
  const [{ bytesInWords }, { diskInWords, diskUse }, { freeBytes }] = await Promise.all([
    import('../../experiment/words'),
    import('../../runs/session/diskUse'),
    import('../../runs/folder/diskSpace'),
  ]);
  const use = diskUse(plan, saving);
  const free = baseFolder === null ? null : freeBytes(baseFolder);
  const rest = free === null ? [] : [l10n.t`(${bytesInWords(free)} are free)`];
  return { bytes: use.bytes, free, words: [diskInWords(use), ...rest].join(' ') };
}

export async function mayReadData({
  plan,
  uri,
  baseFolder,
}: Pick<Start, 'plan' | 'uri' | 'baseFolder'>): Promise<boolean> {
  const { filesRead } = await import('../../experiment/dataFiles');
  const file = plan.samples.flatMap(({ experiment }) => filesRead(experiment))[0];
  if (!file) return true;
  if (!isTrusted()) {
    const message = l10n.t`${fileName(uri)} reads ${file.path}, and a workspace that is not trusted may not read other files. Trust it if you know where it comes from, or run an experiment on generated data.`;
    void explainTrust(message, true);
    return false;
  }
  if (baseFolder === null && file.installed === undefined) {
    throw new Error(
      l10n.t`${file.path} is read from the folder of the experiment: save ${fileName(uri)} in a folder on this machine first.`,
    );
  }
  return true;
}

/** Pauses the experiment that is running, because it would slow down the trial of a large plan. */
async function pausedDuring<T>(sessions: Sessions, work: () => Promise<T>): Promise<T> {
  const wasRunning = sessions.state === 'running';
  if (wasRunning) sessions.pause();
  try {
    return await work();
  } finally {
    if (wasRunning) sessions.resume();
  }
}

/**
 * Asks what to do about an experiment that is still running.
 * @param labels The first is the choice if nothing runs, or no longer.
 * @param file Name of the file that runs and is to run again; absent if it is a different one.
 * @returns Undefined if the person cancels.
 */
export async function whenRunning<Label extends string>(
  { sessions, ask }: Pick<Starting, 'sessions' | 'ask'>,
  labels: readonly [Label, ...Label[]],
  file?: string,
): Promise<Label | undefined> {
  const running = sessions.current;
  if (!running || !sessions.isActive) return labels[0];
  const isPaused = sessions.state === 'paused';
  const { through, planned } = progressOf(running.status);
  const done = l10n.t`${formatCount(through)} of ${count(planned, 'run')} done`;
  const text = file === undefined ? oneAtATime(running.name, isPaused, done) : againNow(file, isPaused, done);
  return ask({ text, labels, settled: sessions.onDidEnd });
}

function oneAtATime(name: string, isPaused: boolean, done: string): string {
  return isPaused
    ? l10n.t`“${name}” is still paused, ${done}. One experiment runs at a time.`
    : l10n.t`“${name}” is still running, ${done}. One experiment runs at a time.`;
}

function againNow(file: string, isPaused: boolean, done: string): string {
  return isPaused
    ? l10n.t`${file} is already paused, ${done}. Run it again as it is in the editor now?`
    : l10n.t`${file} is already running, ${done}. Run it again as it is in the editor now?`;
}
