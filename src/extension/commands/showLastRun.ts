/** Show Last Run: opens the panel on the experiment that ran last, in this window or before. */
import type { LastRun } from '../lastRun';
import { showInformationMessage } from '../notify';
import type { PanelHost } from '../panelHost';

export async function showLastRun(lastRun: LastRun, panel: PanelHost): Promise<void> {
  if (await panel.read((watch) => lastRun.find(watch)))
    void showInformationMessage('No BatchNorm experiment has been run here yet.');
}
