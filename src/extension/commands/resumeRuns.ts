/** Resume BatchNorm Experiment: trains the runs of a saved experiment that have no result. Complete runs stay as they are. */
import { existsSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { isSamePlace } from '../../runs/folder/paths';
import { fileName } from '../findExperiment';
import { settings } from '../identifiers';
import { showInformationMessage } from '../notify';
import { readSavedRun, type Training } from '../savedRun';
import { explainTrust, isTrusted } from '../trust';
import type { Shown } from '../webviewPanel';
import { whenRunning } from './startExperiment';

/** @param shown The experiment in the panel, or the last one of this window. */
export async function resumeRuns(training: Training, shown: Shown | undefined): Promise<void> {
  const { sessions } = training;
  const folder = shown?.folder;
  if (!shown || !folder || shown.hydration(false).resume === undefined) {
    void showInformationMessage(
      l10n.t('No BatchNorm experiment with unfinished runs is shown. Open one with Open Run….'),
    );
    return;
  }
  if (!isTrusted()) {
    void explainTrust(
      l10n.t('This workspace is not trusted, so nothing may be saved in its run folders. Trust it to resume.'),
      true,
    );
    return;
  }
  if (sessions.isActive && sessions.current?.folder && isSamePlace(sessions.current.folder, folder)) {
    // It was read from disk while it is running in this window.
    training.show(sessions.current);
    return;
  }
  if (!existsSync(folder))
    throw new Error(l10n.t`The run folder ${folder} no longer exists: run the experiment again.`);
  if (!(await whenRunning(training, [l10n.t('Stop and Resume')]))) return;
  // Read again: another process may have trained since.
  const saved = await readSavedRun(folder, training, { isWanted: () => true, report: () => {} });
  const known = await saved?.planToResume();
  if (!saved || !known)
    throw new Error(l10n.t`The unfinished runs of “${shown.hydration(false).name}” cannot be trained.`);
  const { plan, left } = known;
  const { uri, baseFolder, loaded } = saved;
  const configuration = vscode.workspace.getConfiguration(settings.section, uri);
  await sessions.queue.startNow(plan.name, uri.toString(), {
    uri,
    plan,
    baseFolder,
    save: true,
    jobs: configuration.get(settings.jobs, 0),
    saving: {
      budget: configuration.get<number>(settings.diskBudget),
      weights: configuration.get<boolean>(settings.keepWeights),
    },
    from: saved,
    resume: loaded,
  });
  if (left.length > 0) {
    void showInformationMessage(
      left.length === 1
        ? l10n.t`${count(1, 'run')} without saved settings is left out, because ${fileName(uri)} has changed or is gone: ${left[0]}.`
        : l10n.t`${count(left.length, 'run')} without saved settings are left out, because ${fileName(uri)} has changed or is gone: ${left[0]}, ….`,
    );
  }
}
