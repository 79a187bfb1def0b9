/**
 * Verifies saved runs: each was trained again from what its folder keeps, and all bits are compared. The first frame that differs says
 * more than the results, because it names the step and the tensor where two trainings part.
 */
import * as l10n from '@vscode/l10n';
import type { FrameBlock, RunSummary } from '../../protocol';
import { difference } from './difference';

/** The first value that differs, or null if none does. */
export interface FirstDifference {
  /** Null if the frames are the same, and only the results at the end differ. */
  frame: { step: number; channel: string; saved: number; again: number } | null;
  /** As a clause: `hidden1/activated/std is 0.5 at step 10 there, and 0.6 here`. */
  inWords: string;
}

/** What was compared of a run. */
export interface Comparison {
  first: FirstDifference | null;
  /** Number of frames that both logs have. */
  frames: number;
}

/** What is compared of a run. */
export interface ComparedRun {
  summary: RunSummary | null;
  /** Null if there are no frames. */
  log: { heading: { channels: readonly string[] } | null; frames: FrameBlock } | null;
}

/** @param saved A run as saved. @param again The same run, trained again. */
export function compareRuns(saved: ComparedRun, again: ComparedRun): Comparison {
  const { first, frames } = compareFrames(saved.log, again.log);
  if (first || !saved.summary) return { first, frames };
  const inWords = difference(resultsOf(saved.summary), again.summary && resultsOf(again.summary));
  return { first: inWords === null ? null : { frame: null, inWords }, frames };
}

/** All that depends neither on the clock nor on whether a change was planned or manual, as in a file. The data are compared apart. */
export function resultsOf({
  seconds: _,
  stepsPerSecond: __,
  changes: ___,
  data: ____,
  ...results
}: RunSummary): object {
  return JSON.parse(JSON.stringify(results));
}

function compareFrames(saved: ComparedRun['log'], again: ComparedRun['log']): Comparison {
  if (!saved?.heading || !again?.heading) return { first: null, frames: 0 };
  const ours = saved.heading.channels;
  const places = new Map(again.heading.channels.map((name, place) => [name, place]));
  const rows = new Map(Array.from(again.frames.steps, (step, row) => [step, row]));
  const theirs = again.heading.channels.length;
  let frames = 0;
  for (const [row, step] of saved.frames.steps.entries()) {
    const other = rows.get(step);
    // A log may have been thinned to keep to the budget of the disk.
    if (other === undefined) continue;
    frames++;
    for (const [place, channel] of ours.entries()) {
      const otherPlace = places.get(channel);
      if (otherPlace === undefined) continue;
      const [a, b] = [saved.frames.values[row * ours.length + place], again.frames.values[other * theirs + otherPlace]];
      if (Object.is(a, b)) continue;
      const inWords = l10n.t`${channel} is ${a} at step ${step} there, and ${b} here`;
      return { first: { frame: { step, channel, saved: a, again: b }, inWords }, frames };
    }
  }
  return { first: null, frames };
}

/** `most` items, evenly spaced; all of them if there are no more. */
export function sampled<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, k) => items[Math.floor((k * items.length) / most)]);
}
