/** The runs of an experiment as its claims look at them: of a session that has ended, or of a run folder. */

import type { EndedRun } from '../experiment/claims/metric';
import { isFinalMetric, placesOf } from '../experiment/claims/places';
import type { Claim } from '../experiment/schema';
import type { Hydrate } from '../protocol';

/** Whether the claims need more of a run than its final results. */
export function needFrames(claims: readonly Claim[]): boolean {
  return claims.some((claim) => claim.take !== 'final' || !placesOf(claim).every(isFinalMetric));
}

export function endedRuns({ runs }: Pick<Hydrate, 'runs'>): EndedRun[] {
  return runs.map(({ arm, seed, status, final, steps, channels, frames, changes }) => {
    const places = new Map(channels.map(({ name }, place) => [name, place]));
    return {
      arm,
      seed,
      point: {},
      // What was changed by hand is no longer what the claim speaks of.
      status:
        status === 'waiting' || status === 'running' || changes.some(({ byHand }) => byHand) ? 'cancelled' : status,
      final,
      steps,
      channels: channels.map(({ name }) => name),
      series: (channel) => {
        const place = places.get(channel);
        if (place === undefined) return null;
        const values = Array.from(frames.steps, (_, frame) => frames.values[frame * channels.length + place]);
        return { steps: frames.steps, values };
      },
    };
  });
}
