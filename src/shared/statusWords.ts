/** Wording of the status of one run. */
import * as l10n from '@vscode/l10n';
import type { RunStatus } from './progress';

const words: Record<RunStatus, string> = {
  waiting: l10n.t({ message: 'waiting', comment: 'Status of a run' }),
  running: l10n.t({ message: 'running', comment: 'Status of a run' }),
  completed: l10n.t({ message: 'completed', comment: 'Status of a run' }),
  diverged: l10n.t({ message: 'diverged', comment: 'Status of a run' }),
  cancelled: l10n.t({ message: 'cancelled', comment: 'Status of a run' }),
  failed: l10n.t({ message: 'failed', comment: 'Status of a run' }),
};

export function statusInWords(status: RunStatus): string {
  return words[status];
}
