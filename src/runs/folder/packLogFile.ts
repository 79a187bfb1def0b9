/** Replaces the log of a run by a packed one, atomically: a reader sees the one or the other. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packedRunLog } from '../log/packRunLog';
import { withSource } from './byteSource';
import { deflateRepeatedBytes, nodeDeflate } from './nodeDeflate';
import { renameAgain } from './renameAgain';

/** Names of packed logs that are being written. TensorBoard reads only names with `tfevents`. */
const unfinishedNames = /^packing-[0-9a-f-]{36}\.tmp$/;

/**
 * @param shown Number of frames that TensorBoard shows of a log of an earlier version.
 * @param lastStep Step of the last frame.
 * @param check Throws if the packed log, whose path it gets, must not replace the original.
 * @returns Bytes of the packed log.
 * @throws RunLogError if the log is not complete, or the system's error. The original stays.
 */
export function packLogFile(
  file: string,
  { shown, lastStep, check = () => {} }: { shown: number; lastStep: number; check?: (packed: string) => void },
): number {
  const folder = dirname(file);
  // Left by a process that was killed.
  for (const name of readdirSync(folder)) if (unfinishedNames.test(name)) rmSync(join(folder, name), { force: true });
  const packed = join(folder, `packing-${randomUUID()}.tmp`);
  try {
    const bytes = write(
      packed,
      withSource(file, (source) =>
        packedRunLog(source, shown, lastStep, { heading: nodeDeflate, frames: deflateRepeatedBytes }),
      ),
    );
    check(packed);
    renameAgain(packed, file);
    return bytes;
  } catch (cause) {
    rmSync(packed, { force: true });
    throw cause;
  }
}

function write(file: string, parts: Iterable<Uint8Array>): number {
  const descriptor = openSync(file, 'wx');
  let bytes = 0;
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length; ) done += writeSync(descriptor, part, done);
      bytes += part.length;
    }
    // Otherwise a crash of the machine could leave the new name without its bytes.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
