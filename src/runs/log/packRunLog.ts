/** Rewrites a run log with its frames packed. What TensorBoard reads of it stays, up to a number of frames. */
import * as l10n from '@vscode/l10n';
import type { Frame } from '../../engine/results';
import type { Deflate } from './deflate';
import { headingRecords, packedRecord } from './encodeRunLog';
import type { RunLogHeading } from './heading';
import { bytesOfFrame, mostBlockBytes, mostBlockFrames } from './packedFrames';
import { type LogRecord, RunLogError, runLogRecords } from './readRunLog';
import { type ByteSource, framed } from './records';
import { ShownSteps } from './shownSteps';

/**
 * Yields the bytes of the packed log, part by part, with one block in memory at a time.
 * @param shown Number of frames that TensorBoard shows, if all of them are for TensorBoard, as in logs of earlier versions.
 * @param lastStep Step of its last frame.
 * @throws RunLogError if the file is not a complete run log: only what is complete is packed.
 */
export function* packedRunLog(
  source: ByteSource,
  shown: number,
  lastStep: number,
  deflate: { heading?: Deflate; frames?: Deflate } = {},
): Generator<Uint8Array> {
  const records = runLogRecords(source);
  let heading: RunLogHeading | null = null;
  let chosen: ShownSteps | null = null;
  let block: Frame[] = [];
  let bytes = 0;
  let time = 0;
  const flush = function* (): Generator<Uint8Array> {
    if (block.length > 0 && heading) yield packedRecord(block, heading, time, deflate.frames);
    block = [];
    bytes = 0;
  };
  for (;;) {
    const next = records.next();
    if (next.done) {
      const { kind, offset } = next.value;
      if (kind !== 'whole')
        throw new RunLogError(l10n.t`${source.name} is not complete after byte ${offset}: it stays as it is.`);
      break;
    }
    const { record, wallTime, ...what }: LogRecord = next.value;
    time = wallTime;
    switch (what.kind) {
      case 'heading':
        heading = what.heading;
        yield headingRecords(heading, wallTime, { packedFrom: source.size, deflate: deflate.heading });
        break;
      case 'change':
      case 'other':
        // The version line is part of the heading.
        if (heading) yield framed(record);
        break;
      case 'frames':
        for (const { step, values, histograms, predictions } of what.frames) {
          const frame = { step, values, histograms, predictions };
          const own = bytesOfFrame(frame);
          if (bytes + own > mostBlockBytes || block.length === mostBlockFrames) yield* flush();
          block.push(frame);
          bytes += own;
          chosen ??= new ShownSteps({ from: step, steps: lastStep }, shown);
          if (what.form === 'tagged' && chosen.isDue(step)) yield framed(record);
        }
        break;
      default:
        what satisfies never;
    }
  }
  yield* flush();
}
