/** The extension's log: what went wrong in full, for whoever wants to know more than a message says. */
import { Log } from './notify';

export function createOutput(): Log {
  return new Log('BatchNorm Lab');
}

/** What is told to a person about a caught error: its message alone, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
