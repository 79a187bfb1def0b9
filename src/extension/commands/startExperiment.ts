/** Starts an experiment that is ready to run, after the questions and warnings that apply to it. */
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { fileName } from '../findExperiment';
import { settings } from '../identifiers';
import { showWarningMessage, withProgress } from '../notify';
import type { Sessions, Start } from '../sessions';
import { explainTrust, isTrusted } from '../trust';

/** Estimates the seconds that a plan takes by a short trial; null if the trial was inconclusive. */
export type Estimate = (start: Start) => Promise<{ jobs: number; seconds: number | null }>;

type Wanted = Omit<Start, 'save' | 'jobs' | 'diskBudget'>;

/** @returns Whether it was started; false if the person cancelled. */
export async function startExperiment(sessions: Sessions, wanted: Wanted, estimate: Estimate): Promise<boolean> {
  const { uri, baseFolder } = wanted;
  if (!(await mayReadData(wanted))) return false;
  const again = sessions.current?.uri.toString() === uri.toString();
  if (!(await mayReplace(sessions, again ? 'Stop and Run Again' : 'Stop and Run'))) return false;

  const configuration = vscode.workspace.getConfiguration(settings.section, uri);
  const save = configuration.get(settings.keepRuns, true) && baseFolder !== null && isTrusted();
  const jobs = configuration.get(settings.jobs, 0);
  const diskBudget = configuration.get<number>(settings.diskBudget);
  const start = { ...wanted, save, jobs, ...(diskBudget !== undefined && { diskBudget }) };
  if (!(await mayStart(start, estimate))) return false;
  await sessions.start(start);
  if (!isTrusted()) {
    void explainTrust('This workspace is not trusted: the experiment runs, but nothing is saved to disk.', false);
  }
  return true;
}

/** Bytes of disk that are used without a question. */
const muchDisk = 1e9;

/** Shows how long a large plan takes and how much disk it needs, and asks for confirmation. */
async function mayStart(start: Start, estimate: Estimate): Promise<boolean> {
  const [{ mostWithoutQuestion }, { sizeInWords }] = await Promise.all([
    import('../../runs/session/limits'),
    import('../../runs/session/estimate'),
  ]);
  const { plan } = start;
  const disk = start.save ? await diskOf(start) : null;
  const needsDisk = disk !== null && (disk.bytes > muchDisk || (disk.free !== null && disk.bytes > disk.free));
  if (plan.runs.length <= mostWithoutQuestion && !needsDisk) return true;
  const { jobs, seconds } = await withProgress({ title: `Trying some of ${count(plan.runs.length, 'run')}…` }, () =>
    estimate(start),
  );
  const startButton = 'Start';
  const choice = await showWarningMessage(
    `“${plan.name}”: ${sizeInWords(plan, jobs, seconds)}${disk === null ? '' : `, and ${disk.words}`}. Start?`,
    { modal: true, detail: 'If you stop it, the results so far stay saved. Fewer values or seeds make it shorter.' },
    startButton,
  );
  return choice === startButton;
}

/** The disk that a plan needs, and that is free where its runs are saved. */
async function diskOf({ plan, baseFolder, diskBudget }: Start) {
  const [{ bytesInWords }, { diskInWords, diskUse }, { freeBytes }] = await Promise.all([
    import('../../experiment/words'),
    import('../../runs/session/diskUse'),
    import('../../runs/folder/diskSpace'),
  ]);
  const use = diskUse(plan, diskBudget);
  const free = baseFolder === null ? null : freeBytes(baseFolder);
  const rest = free === null ? '' : ` (${bytesInWords(free)} are free)`;
  return { bytes: use.bytes, free, words: `${diskInWords(use)}${rest}` };
}

async function mayReadData({ plan, uri, baseFolder }: Wanted): Promise<boolean> {
  const { dataFiles } = await import('../../experiment/dataFiles');
  const file = plan.samples.flatMap((run) => dataFiles(run.data))[0];
  if (!file) return true;
  if (!isTrusted()) {
    const message = `${fileName(uri)} reads ${file.path}, and a workspace that is not trusted may not read other files. Trust it if you know where it comes from, or run an experiment on generated data.`;
    void explainTrust(message, true);
    return false;
  }
  if (baseFolder === null) {
    throw new Error(
      `${file.path} is read from the folder of the experiment: save ${fileName(uri)} in a folder on this machine first.`,
    );
  }
  return true;
}

/**
 * Asks whether to stop an experiment that is still running.
 * @param replace Label of the button that stops it.
 */
export async function mayReplace(sessions: Sessions, replace: string): Promise<boolean> {
  const running = sessions.current;
  if (!running || !sessions.isActive) return true;
  const choice = await showWarningMessage(
    `“${running.name}” is still ${sessions.state === 'paused' ? 'paused' : 'running'}. One experiment runs at a time.`,
    replace,
    'Cancel',
  );
  if (choice !== replace) return false;
  await sessions.stop();
  return true;
}
