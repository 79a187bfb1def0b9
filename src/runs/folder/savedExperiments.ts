/** The experiment.json of each run of a folder. Each is read once, however many parts of the program use it. */
import { join } from 'node:path';
import { experimentName } from './layout';
import { readRegularFile } from './regularFile';

/** Bytes; a file that is larger was not written by this program. */
const largestExperiment = 50e6;
/** Bytes of all files in memory. Files beyond this budget are read again: a sweep can have a million runs. */
const mostStored = 64e6;

export class SavedExperiments {
  private readonly stored = new Map<string, Buffer>();
  private room = mostStored;

  /** @param folder The run folder. */
  constructor(private readonly folder: string) {}

  /**
   * Returns the bytes of a run's experiment.json. A failure is not stored, so that a file that is put back is found.
   * @throws NotRegularFileError, FileTooLargeError, or a system error such as ENOENT.
   */
  read(id: string): Buffer {
    const known = this.stored.get(id);
    if (known) return known;
    const bytes = readRegularFile(join(this.folder, id, experimentName), largestExperiment);
    if (bytes.length <= this.room) {
      this.room -= bytes.length;
      this.stored.set(id, bytes);
    }
    return bytes;
  }
}
