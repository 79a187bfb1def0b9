/** Reads a run log back, as far as it is whole. */
import { fromBinary } from '@bufbuild/protobuf';
import type { FrameBlock } from '../../protocol';
import { FrameHistory } from '../frameHistory';
import { type Event, EventSchema, type Summary } from './event_pb';
import { type RecordsEnd, readRecords } from './records';
import type { RunLogHeading } from './writeRunLog';

export interface RunLog {
  /** Null when the file ends before it. */
  heading: RunLogHeading | null;
  frames: FrameBlock;
  end: RecordsEnd;
}

/** A file that is no run log, or was never one of this program. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError';
}

/** @throws RunLogError when the file holds something else; the system's error when it cannot be read. */
export function readRunLog(file: string): RunLog {
  const records = readRecords(file);
  let reading: { heading: RunLogHeading; indices: Map<string, number>; columns: FrameHistory } | null = null;
  for (let number = 1; ; number++) {
    const next = records.next();
    if (next.done) {
      const frames = reading?.columns.block() ?? { steps: new Uint32Array(0), values: new Float32Array(0) };
      return { heading: reading?.heading ?? null, frames, end: next.value };
    }
    const { what, step } = decoded(next.value, file, number);
    switch (what.case) {
      case 'logMessage': {
        const heading = headingOf(what.value.message);
        if (!heading || reading) break;
        const indices = new Map(heading.channels.map((name, index) => [name, index]));
        reading = { heading, indices, columns: new FrameHistory(indices.size) };
        break;
      }
      case 'summary':
        if (!reading) throw new RunLogError(`${file} is a TensorBoard event file, but not a run log of BatchNorm Lab.`);
        reading.columns.append(Number(step), valuesOf(what.value, reading.indices));
        break;
      case 'fileVersion':
      case undefined:
        break;
      default:
        what satisfies never;
    }
  }
}

function decoded(record: Uint8Array, file: string, number: number): Event {
  try {
    return fromBinary(EventSchema, record);
  } catch {
    throw new RunLogError(`${file} is not a run log: its record ${number} is no event.`);
  }
}

function headingOf(message: string): RunLogHeading | null {
  try {
    const { engine, run, channels } = (JSON.parse(message) ?? {}) as Partial<RunLogHeading>;
    if (typeof engine !== 'string' || typeof run !== 'string' || !Array.isArray(channels)) return null;
    return { engine, run, channels: channels.map(String) };
  } catch {
    // Somebody else's message.
    return null;
  }
}

/** In channel order; NaN where a channel was not measured. */
function valuesOf({ value: scalars }: Summary, indices: Map<string, number>): Float32Array {
  const values = new Float32Array(indices.size).fill(Number.NaN);
  for (const { tag, value } of scalars) {
    const index = indices.get(tag);
    if (index !== undefined && value.case === 'simpleValue') values[index] = value.value;
  }
  return values;
}
