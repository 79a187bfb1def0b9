/** Starts an experiment that is ready to run: asks what is to be asked before, and says what should be known. */
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { fileName } from '../experimentFile';
import { settings } from '../identifiers';
import { showWarningMessage, withProgress } from '../notify';
import type { Sessions, Start } from '../sessions';
import { explainTrust, isTrusted } from '../trust';

/** Seconds that a plan takes, found by a short trial; null where that does not tell. */
export type Estimate = (start: Start) => Promise<{ jobs: number; seconds: number | null }>;

type Wanted = Omit<Start, 'keep' | 'jobs'>;

/** @returns Whether it runs: the person may have thought better of it. */
export async function startExperiment(sessions: Sessions, wanted: Wanted, estimate: Estimate): Promise<boolean> {
  const { uri, baseFolder } = wanted;
  if (!(await mayReadData(wanted))) return false;
  const again = sessions.current?.uri.toString() === uri.toString();
  if (!(await mayReplace(sessions, again ? 'Stop It and Run Again' : 'Stop It and Run This'))) return false;

  const configuration = vscode.workspace.getConfiguration(settings.section, uri);
  const keep = configuration.get(settings.keepRuns, true) && baseFolder !== null && isTrusted();
  const jobs = configuration.get(settings.jobs, 0);
  const start = { ...wanted, keep, jobs };
  if (!(await mayBegin(start, estimate))) return false;
  await sessions.start(start);
  if (!isTrusted()) {
    void explainTrust('This workspace is not trusted: the experiment runs, but nothing of it is kept on disk.', false);
  }
  return true;
}

/** A large plan is begun only by somebody who knows how long it takes. */
async function mayBegin(start: Start, estimate: Estimate): Promise<boolean> {
  const { mostUnasked, sizeInWords } = await import('../../runs/session/estimate');
  const { plan } = start;
  if (plan.runs.length <= mostUnasked) return true;
  const { jobs, seconds } = await withProgress({ title: `Trying some of ${count(plan.runs.length, 'run')}…` }, () =>
    estimate(start),
  );
  const begin = 'Begin';
  const choice = await showWarningMessage(
    `“${plan.name}”: ${sizeInWords(plan, jobs, seconds)}. Begin?`,
    { modal: true, detail: 'What has been done is kept when you stop it. Fewer values or seeds make it shorter.' },
    begin,
  );
  return choice === begin;
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
      `${file.path} is looked for beside the experiment: save ${fileName(uri)} in a folder on this machine first.`,
    );
  }
  return true;
}

/**
 * Asks what is to become of an experiment that still runs.
 * @param replace What the button says that stops it.
 */
export async function mayReplace(sessions: Sessions, replace: string): Promise<boolean> {
  const running = sessions.current;
  if (!running || !sessions.isActive) return true;
  const choice = await showWarningMessage(
    `“${running.name}” is still ${sessions.state === 'paused' ? 'paused' : 'running'}. One experiment runs at a time.`,
    replace,
    'Keep It',
  );
  if (choice !== replace) return false;
  await sessions.stop();
  return true;
}
