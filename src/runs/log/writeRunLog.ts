/** Writes a run log: a TensorBoard event file, each frame handed to the system before training goes on. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import type { Channel } from '../../engine/channels';
import type { Frame } from '../../engine/results';
import { type Event, EventSchema, LogMessage_Level, LogMessageSchema, SummarySchema } from './event_pb';
import { framed } from './records';

/** What the first records say, besides TensorBoard's own version line. */
export interface RunLogHeading {
  engine: string;
  run: string;
  /** Names of all channels in frame order: a channel that was never measured leaves no other trace. */
  channels: string[];
}

/** TensorBoard takes a file for its own when `tfevents` is in its name; the number keeps the order of restarts. */
export function runLogName(secondsSince1970: number): string {
  return `events.out.tfevents.${String(Math.floor(secondsSince1970)).padStart(10, '0')}.bnexp`;
}

export class RunLogWriter {
  private readonly descriptor: number;
  private readonly tags: string[];

  /**
   * @param folder Made when it does not exist.
   * @param now Milliseconds since 1970.
   * @throws The system's error when the file cannot be made.
   */
  constructor(
    folder: string,
    heading: Omit<RunLogHeading, 'channels'> & { channels: readonly Channel[] },
    private readonly now: () => number = Date.now,
  ) {
    mkdirSync(folder, { recursive: true });
    this.descriptor = openSync(join(folder, runLogName(now() / 1000)), 'a');
    this.tags = heading.channels.map(({ name }) => name);
    this.write(0, { case: 'fileVersion', value: 'brain.Event:2' });
    const message = JSON.stringify({ ...heading, channels: this.tags } satisfies RunLogHeading);
    this.write(0, { case: 'logMessage', value: create(LogMessageSchema, { level: LogMessage_Level.INFO, message }) });
  }

  /** One scalar a channel; a channel that was not measured at this step has none. */
  frame({ step, values }: Frame): void {
    const value = this.tags
      .map((tag, k) => ({ tag, value: { case: 'simpleValue' as const, value: values[k] } }))
      .filter((_, k) => !Number.isNaN(values[k]));
    this.write(step, { case: 'summary', value: create(SummarySchema, { value }) });
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private write(step: number, what: Event['what']): void {
    const event = create(EventSchema, { wallTime: this.now() / 1000, step: BigInt(step), what });
    const bytes = framed(toBinary(EventSchema, event));
    for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
  }
}
