/** The log of the extension: errors in full, for people who need more than the message. */
import { extensionName } from './identifiers';
import { Log } from './notify';

export function createOutput(): Log {
  return new Log(extensionName);
}

/** The message of a caught error, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
