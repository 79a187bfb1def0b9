/** Result of a check, before it is located in the text. */
import type { Remedy } from './remedies';

export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  /** Path in the experiment: with the arm's patch applied if `arm` is given, otherwise in the file. */
  path: readonly (string | number)[];
  /** Whether to mark the property's name instead of its value. */
  atName?: boolean;
  arm?: string;
  /** Edits that remove the finding. Their paths start where `path` starts. */
  remedies?: readonly Remedy[];
}

export function error(path: Finding['path'], message: string, remedies: readonly Remedy[] = []): Finding {
  return { severity: 'error', path, message, ...(remedies.length > 0 && { remedies }) };
}

export function warning(path: Finding['path'], message: string, remedies: readonly Remedy[] = []): Finding {
  return { ...error(path, message, remedies), severity: 'warning' };
}
