/** Show Last Run: opens the panel on the experiment that ran last, in this window or before. */
import * as l10n from '@vscode/l10n';
import type { LastRun } from '../lastRun';
import { showInformationMessage } from '../notify';
import type { PanelHost } from '../panelHost';

export async function showLastRun(lastRun: LastRun, panel: PanelHost): Promise<void> {
  if (await panel.read((watch) => lastRun.find(watch)))
    void showInformationMessage(l10n.t('No BatchNorm experiment has been run here yet.'));
}
