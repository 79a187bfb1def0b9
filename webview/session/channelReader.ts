/** Reads a run's numbers by channel. */
import type { RunData } from './store';

export interface ChannelReader {
  /** Equal keys mean equal numbers for the same frames of a run. */
  key: string;
  /** NaN if missing. */
  at(frame: number): number;
}

const over = ' ÷ ';

/** Name of the ratio of two channels, which is read like a channel. */
export function ratioOf(channel: string, divisor: string): string {
  return channel + over + divisor;
}

/** Undefined if the run has no such channel. */
export function channelReader({ places, frames }: RunData, channel: string): ChannelReader | undefined {
  const [place, divisor] = channel.split(over).map((name) => places.get(name));
  if (place === undefined) return undefined;
  if (!channel.includes(over)) return { key: String(place), at: (frame) => frames.at(place, frame) };
  if (divisor === undefined) return undefined;
  return { key: `${place}/${divisor}`, at: (frame) => frames.at(place, frame) / frames.at(divisor, frame) };
}
