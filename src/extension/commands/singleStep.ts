/** Single Step: one training step of every run, while the experiment is paused. */
import * as l10n from '@vscode/l10n';
import { showInformationMessage } from '../notify';
import type { Sessions } from '../sessions';

export function singleStep(sessions: Sessions): void {
  if (sessions.state === 'paused') sessions.step();
  else
    void showInformationMessage(
      l10n.t('Pause the BatchNorm experiment first: single steps are only possible while it is paused.'),
    );
}
