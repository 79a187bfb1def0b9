/** What a check finds, before it is known where in the text that is. */

export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  /** Where in the experiment, as its arm makes it when `arm` is given, else as the file has it. */
  path: readonly (string | number)[];
  /** Point at the property's name instead of its value. */
  atName?: boolean;
  arm?: string;
}

export function error(path: Finding['path'], message: string): Finding {
  return { severity: 'error', path, message };
}

export function warning(path: Finding['path'], message: string): Finding {
  return { severity: 'warning', path, message };
}
