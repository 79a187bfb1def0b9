/**
 * Messages that wait to be sent to the panel together: frames of one run are joined, and of several statuses only the
 * last is kept. A trainer yields thousands of frames a second; a page wants a few messages.
 */

import type { ChannelsKnown, FrameBlock, NewFrames, Refused, RunAdded, Status, ToPanel } from '../protocol';
import { joinHistograms } from '../runs/session/histogramHistory';
import { joinPredictions } from '../runs/session/predictionHistory';

/** Joins blocks of frames that have the same channels. The result shares no memory with them. */
export function joinFrames(blocks: readonly FrameBlock[]): FrameBlock {
  const steps = new Uint32Array(blocks.reduce((sum, block) => sum + block.steps.length, 0));
  const values = new Float32Array(blocks.reduce((sum, block) => sum + block.values.length, 0));
  let step = 0;
  let value = 0;
  for (const block of blocks) {
    steps.set(block.steps, step);
    values.set(block.values, value);
    step += block.steps.length;
    value += block.values.length;
  }
  return { steps, values };
}

/** Statuses that tell only what has changed: the newest of each run. */
function joined(before: Status, now: Status): Status {
  const runs = new Map([...before.runs, ...now.runs].map((run) => [run.id, run]));
  return { ...now, runs: [...runs.values()] };
}

export class MessageBatch {
  private added: RunAdded[] = [];
  private channels: ChannelsKnown[] = [];
  private frames = new Map<string, NewFrames[]>();
  private status: Status | undefined;
  private refused: Refused[] = [];

  add(message: Exclude<ToPanel, { type: 'hydrate' }>): void {
    switch (message.type) {
      case 'channels':
        this.channels.push(message);
        return;
      case 'frames': {
        const waiting = this.frames.get(message.run);
        if (waiting) waiting.push(message);
        else this.frames.set(message.run, [message]);
        return;
      }
      case 'status':
        this.status = this.status && message.totals ? joined(this.status, message) : message;
        return;
      case 'added':
        this.added.push(message);
        return;
      case 'refused':
        this.refused.push(message);
        return;
      default:
        message satisfies never;
    }
  }

  /** The waiting messages in an order that a page can take: runs before their channels, channels before their frames, the state last. */
  take(): ToPanel[] {
    const messages: ToPanel[] = [...this.added, ...this.channels];
    for (const waiting of this.frames.values()) {
      // Joined even when alone: a view of a larger buffer would travel with the whole of it.
      messages.push({
        ...waiting[0],
        frames: joinFrames(waiting.map((message) => message.frames)),
        histograms: joinHistograms(waiting.map((message) => message.histograms)),
        predictions: joinPredictions(waiting.map((message) => message.predictions)),
      });
    }
    if (this.status) messages.push(this.status);
    messages.push(...this.refused);
    this.clear();
    return messages;
  }

  clear(): void {
    this.added = [];
    this.refused = [];
    this.channels = [];
    this.frames = new Map();
    this.status = undefined;
  }
}
