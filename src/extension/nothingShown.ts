/** Placeholder for a run that is no longer available: the panel shows the reason, and its buttons have no effect. */
import * as l10n from '@vscode/l10n';
import type { Hydrate } from '../protocol';
import { extensionName } from './identifiers';
import { showInformationMessage } from './notify';
import type { Shown } from './webviewPanel';

export class NothingShown implements Shown {
  /** @param reason Sentence that the panel shows. */
  constructor(private readonly reason: string) {}

  hydration(): Hydrate {
    return {
      type: 'hydrate',
      session: 'nothing',
      name: extensionName,
      notes: '',
      file: '',
      again: null,
      state: 'idle',
      unforkable: l10n.t('there is no run'),
      arms: [],
      seeds: [],
      axes: [],
      conditions: [],
      secondsLeft: null,
      binEdges: Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
      runs: [],
      verdicts: [],
      remarks: [this.reason],
    };
  }

  frames(): null {
    return null;
  }

  async control(): Promise<void> {}

  async steer(): Promise<void> {}

  async runAgain(): Promise<void> {
    void showInformationMessage(l10n.t('No BatchNorm experiment has run in this window yet.'));
  }
}
