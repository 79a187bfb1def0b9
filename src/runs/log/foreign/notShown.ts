/** Contents of logs that are not shown, in words. */
import * as l10n from '@vscode/l10n';

/** By their names in `bnexp logs --json`. Other contents have the name of their plugin. */
const names: Record<string, string> = {
  audio: l10n.t('audio'),
  graph: l10n.t('graph'),
  'histogram that is not valid': l10n.t('histogram that is not valid'),
  'image without content': l10n.t('image without content'),
  'large image': l10n.t('large image'),
  'log message': l10n.t('log message'),
  others: l10n.t({ message: 'others', comment: 'Other contents of a log' }),
  'run metadata': l10n.t('run metadata'),
  'scalar that is not one number': l10n.t('scalar that is not one number'),
  'tensor of an unknown kind': l10n.t('tensor of an unknown kind'),
  'unknown record': l10n.t('unknown record'),
  'unknown value': l10n.t('unknown value'),
};

export function notShownInWords(name: string): string {
  return Object.hasOwn(names, name) ? names[name] : name;
}
