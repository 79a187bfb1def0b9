/** Finds what differs between two values that were read from JSON. */
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';

/** The first property that differs, as `training.steps is 20 there, and 30 here`; null if none does. */
export function difference(saved: unknown, wanted: unknown, path = ''): string | null {
  if (isDeepStrictEqual(saved, wanted)) return null;
  if (isRecord(saved) && isRecord(wanted)) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(wanted)])) {
      const found = difference(saved[key], wanted[key], path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
  }
  const shown = (value: unknown) => (value === undefined ? l10n.t('not given') : shortened(JSON.stringify(value)));
  return path === ''
    ? l10n.t`it is ${shown(saved)} there, and ${shown(wanted)} here`
    : l10n.t`${path} is ${shown(saved)} there, and ${shown(wanted)} here`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
