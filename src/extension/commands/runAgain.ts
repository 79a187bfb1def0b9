/** Run Again: trains once more what the panel shows, or what ran last in this window. */
import { showInformationMessage } from '../notify';
import type { Shown } from '../panel';

export async function runAgain(shown: Shown | undefined): Promise<void> {
  if (shown) await shown.runAgain();
  else void showInformationMessage('No BatchNorm experiment has run in this window yet.');
}
