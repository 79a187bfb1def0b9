/** Messages for the page about a run whose frames it requests. */
import type { RunState, StoredFrames, ToPanel } from '../protocol';

/**
 * @param shown The experiment of the run.
 * @returns All frames of the run, or that they cannot be read; nothing for a run without frames so far.
 */
export function requestedFrames(
  shown: { frames(run: string): StoredFrames | null },
  { id: run, evicted }: Pick<RunState, 'id' | 'evicted'>,
  session: string,
): ToPanel[] {
  const stored = shown.frames(run);
  if (!stored) return evicted === 'saved' ? [{ type: 'unreadable', session, run }] : [];
  const { channels, frames, places, histograms, scene, predictions } = stored;
  if (channels.length === 0) return [];
  return [
    { type: 'channels', session, run, channels, places, scene },
    { type: 'frames', session, run, frames, histograms, predictions },
  ];
}
