/**
 * Collects messages for the panel: frames of one run are joined, and only the last of several statuses is sent. A trainer
 * produces thousands of frames per second; the page should receive about ten messages per second.
 */

import type {
  ChannelsKnown,
  FrameBlock,
  NewFrames,
  Refused,
  RunAdded,
  SessionMessage,
  Status,
  TagMedia,
  TagsFound,
  TagValues,
  ToPanel,
  Unreadable,
} from '../protocol';
import { joinHistograms } from '../runs/session/histogramHistory';
import { joinPredictions } from '../runs/session/predictionHistory';
import { joinArrays } from '../shared/joinArrays';

/** Joins blocks of frames that have the same channels. The result shares no memory with them. */
export function joinFrames(blocks: readonly FrameBlock[]): FrameBlock {
  return {
    steps: joinArrays(
      blocks.map(({ steps }) => steps),
      Uint32Array,
    ),
    values: joinArrays(
      blocks.map(({ values }) => values),
      Float32Array,
    ),
  };
}

/** Joins statuses that contain only changed runs: the newest state of each run. */
function joined(before: Status, now: Status): Status {
  const runs = new Map([...before.runs, ...now.runs].map((run) => [run.id, run]));
  return { ...now, runs: [...runs.values()] };
}

export class MessageBatch {
  private added: RunAdded[] = [];
  private channels: ChannelsKnown[] = [];
  private frames = new Map<string, NewFrames[]>();
  private status: Status | undefined;
  private answers: (Refused | Unreadable)[] = [];
  /** In the order in which they came. */
  private named: (TagsFound | TagMedia | TagValues)[] = [];

  add(message: SessionMessage): void {
    switch (message.type) {
      case 'channels':
        // Frames before belong to channels that are replaced.
        this.frames.delete(message.run);
        this.channels = [...this.channels.filter(({ run }) => run !== message.run), message];
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
      case 'tags':
      case 'values':
      case 'media':
        this.named.push(message);
        return;
      case 'unreadable':
      case 'refused':
        this.answers.push(message);
        return;
      default:
        message satisfies never;
    }
  }

  /** Removes and returns the waiting messages in order: runs before their channels, channels before their frames, the status last. */
  drain(): ToPanel[] {
    const messages: ToPanel[] = [...this.added, ...this.channels];
    for (const waiting of this.frames.values()) {
      // Even a single block is copied: sending a view would send its whole buffer.
      messages.push({
        ...waiting[0],
        frames: joinFrames(waiting.map((message) => message.frames)),
        histograms: joinHistograms(waiting.map((message) => message.histograms)),
        predictions: joinPredictions(waiting.map((message) => message.predictions)),
      });
    }
    messages.push(...this.named);
    if (this.status) messages.push(this.status);
    messages.push(...this.answers);
    this.clear();
    return messages;
  }

  clear(): void {
    this.added = [];
    this.answers = [];
    this.named = [];
    this.channels = [];
    this.frames = new Map();
    this.status = undefined;
  }
}
