/** A session of a sweep over two axes, its results by formula. */
import type { Axis, Hydrate } from '../../src/protocol';
import { FakeSession } from './fakeSession';

export const rates: Axis = {
  pointer: '/training/optimizer/learningRate',
  name: 'learningRate',
  values: [0.01, 0.1, 1],
};
export const gains: Axis = { pointer: '/network/initialization/gain', name: 'gain', values: [0.5, 1] };

/** Whose frames they are. */
export const sweptFake = new FakeSession({ every: 250, seeds: [1, 2] });

/** Accuracy .5 + .1 · rate's place + .05 · gain's place + .02 · arm, and .01 more with seed 2; at rate 1 and gain 1 without diverges. */
export function swept(axes: Axis[] = [rates, gains], change: Partial<Hydrate> = {}): Hydrate {
  const whole = sweptFake.hydrate(5000);
  const points = axes.reduce<number[][]>(
    (all, { values }) => all.flatMap((places) => values.map((_, place) => [...places, place])),
    [[]],
  );
  const runs = points.flatMap((places) =>
    whole.runs.map((run) => {
      const arm = sweptFake.names.indexOf(run.arm);
      const diverged = arm === 0 && places[0] === axes[0].values.length - 1 && places[1] === 1;
      const testAccuracy = 0.5 + 0.1 * places[0] + 0.05 * (places[1] ?? 0) + 0.02 * arm + 0.01 * (run.seed - 1);
      return {
        ...run,
        id: `${run.id}/${places.join('-')}`,
        point: Object.fromEntries(axes.map(({ pointer, values }, k) => [pointer, values[places[k]]])),
        status: diverged ? ('diverged' as const) : ('completed' as const),
        final: diverged ? null : { trainLoss: 0.1, testLoss: 1 - testAccuracy, trainAccuracy: 0.9, testAccuracy },
        // Of other points there are fewer frames, so that charts tell them apart.
        frames: places.some((place) => place > 0) ? sweptFake.frames(arm, run.seed, -1, 2500) : run.frames,
        step: places.some((place) => place > 0) ? 2500 : 5000,
      };
    }),
  );
  return { ...whole, axes, runs, ...change };
}
