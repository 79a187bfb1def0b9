/** Result of a check, before it is located in the text. */

export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  /** Path in the experiment: with the arm's patch applied if `arm` is given, otherwise in the file. */
  path: readonly (string | number)[];
  /** Whether to mark the property's name instead of its value. */
  atName?: boolean;
  arm?: string;
}

export function error(path: Finding['path'], message: string): Finding {
  return { severity: 'error', path, message };
}

export function warning(path: Finding['path'], message: string): Finding {
  return { severity: 'warning', path, message };
}
