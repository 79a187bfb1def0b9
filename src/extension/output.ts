/** The log of the extension: errors in full, for people who need more than the message. */
import * as l10n from '@vscode/l10n';
import { Log } from './notify';

export function createOutput(): Log {
  return new Log(l10n.t('BatchNorm Lab'));
}

/** The message of a caught error, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
