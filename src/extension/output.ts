/** The log of the extension: errors in full, for people who need more than the message. */
import { Log } from './notify';

export function createOutput(): Log {
  return new Log('BatchNorm Lab');
}

/** The message of a caught error, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
