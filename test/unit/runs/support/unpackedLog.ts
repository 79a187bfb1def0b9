/** Logs as a process leaves them that is killed before the end of its run: frame by frame. */
import { writeFileSync } from 'node:fs';
import { withSource } from '../../../../src/runs/folder/byteSource';
import { frameRecord, headingRecords } from '../../../../src/runs/log/encodeRunLog';
import { runLogRecords } from '../../../../src/runs/log/readRunLog';
import { framed } from '../../../../src/runs/log/records';

/** Rewrites a packed log with one record per frame. What TensorBoard shows is left out. */
export function unpackLog(file: string): void {
  const parts: Uint8Array[] = [];
  for (const item of withSource(file, runLogRecords)) {
    if (item.kind === 'heading')
      parts.push(headingRecords(item.heading, item.wallTime, { packedFrom: item.packedFrom }));
    if (item.kind === 'change') parts.push(framed(item.record));
    if (item.kind === 'frames') parts.push(...item.frames.map((frame) => frameRecord(frame, item.wallTime)));
  }
  writeFileSync(file, Buffer.concat(parts));
}
