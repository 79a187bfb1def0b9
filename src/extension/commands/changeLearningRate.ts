/** Change Learning Rate: changes the rate of all training runs or of those of one arm. */
import * as l10n from '@vscode/l10n';
import type { RunState } from '../../protocol';
import { listWithAnd } from '../../shared/lists';
import { settingsAt } from '../../shared/settings';
import { showInformationMessage, showInputBox, showQuickPick } from '../notify';
import { messageOf } from '../output';
import type { Sessions, StartedExperiment } from '../sessions';

export async function changeLearningRate(sessions: Sessions): Promise<void> {
  const { current } = sessions;
  if (!current || !sessions.isActive) {
    void showInformationMessage(l10n.t('No BatchNorm experiment is running.'));
    return;
  }
  const runs = await chooseRuns(current);
  if (!runs) return;
  const { readSettings } = await import('../../experiment/steering');
  const rates = [...new Set(runs.map((run) => settingsAt(run, run.step)?.learningRate))];
  const text = await showInputBox({
    title: l10n.t('Learning rate from the next step on'),
    prompt: l10n.t`Now ${listWithAnd(rates.map(String))}. The change is recorded with its step.`,
    value: rates.length === 1 ? String(rates[0]) : '',
    validateInput: (text) => problemOf(() => readSettings({ learningRate: numberOf(text) })),
  });
  if (text === undefined) return;
  current.session.change(
    runs.map(({ id }) => id),
    { learningRate: numberOf(text) },
  );
}

async function chooseRuns(experiment: StartedExperiment): Promise<RunState[] | undefined> {
  const training = experiment.status.runs.filter(({ status }) => status === 'running');
  const arms = [...new Set(training.map(({ arm }) => arm))];
  if (arms.length < 2) return training;
  const all = { label: l10n.t('All arms'), arm: null as string | null };
  const picks = [all, ...arms.map((arm) => ({ label: arm, arm: arm as string | null }))];
  const pick = await showQuickPick(picks, { placeHolder: l10n.t('Change the learning rate of which runs?') });
  return pick && training.filter(({ arm }) => pick.arm === null || arm === pick.arm);
}

/** Returns text that is not a number unchanged, so that the error message can quote it. */
function numberOf(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function problemOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
