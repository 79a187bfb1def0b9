/** Stop BatchNorm Experiment: ends all runs; their results so far stay saved. */
import * as l10n from '@vscode/l10n';
import { showInformationMessage } from '../notify';
import type { Sessions } from '../sessions';

export async function stopExperiment(sessions: Sessions): Promise<void> {
  if (!sessions.isActive) {
    void showInformationMessage(l10n.t('No BatchNorm experiment is running.'));
    return;
  }
  await sessions.stop();
}
