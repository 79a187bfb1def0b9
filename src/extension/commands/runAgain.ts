/** Run Again: trains the experiment in the panel again, or the last one of this window. */
import * as l10n from '@vscode/l10n';
import { showInformationMessage } from '../notify';
import type { Shown } from '../webviewPanel';

export async function runAgain(shown: Shown | undefined): Promise<void> {
  if (shown) await shown.runAgain();
  else void showInformationMessage(l10n.t('No BatchNorm experiment has run in this window yet.'));
}
