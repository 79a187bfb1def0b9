/** What the probes of an update have in common. */
import type { Channel } from '../channels';
import type { Block } from '../layers/block';
import type { ProbeKind } from './probeChannels';
import type { ProbedUpdate } from './probedUpdate';

/** Puts a layer's quantities into the frame, or the network's. */
export type Put = (layer: string, quantities: Record<string, number>) => void;

export interface UpdateProbe {
  readonly kind: ProbeKind;
  /** Finds the parameters and the pass as they were before the update, and leaves the parameters so. */
  measure(update: ProbedUpdate, put: Put): void;
}

/** Places of the watched blocks among all blocks of the network, in order. */
export function watchedBlocks({ network }: ProbedUpdate, isWatched: (layer: string) => boolean): [number, Block][] {
  return [...network.blocks.entries()].filter(([, { name }]) => isWatched(name));
}

/** a / b, and 0 where a is 0: what does not move at all has moved by nothing, whatever it is measured by. */
export function ratio(a: number, b: number): number {
  return a === 0 ? 0 : a / b;
}

/** Index of each channel in a frame, by name. */
export function placesOf(channels: readonly Channel[]): ReadonlyMap<string, number> {
  return new Map(channels.map(({ name }, place) => [name, place]));
}

/** Puts the quantities of a probe into a frame; those without a channel are left out. */
export function putInto(values: Float32Array, places: ReadonlyMap<string, number>, probe: ProbeKind): Put {
  return (layer, quantities) => {
    for (const [quantity, value] of Object.entries(quantities)) {
      const place = places.get(`${layer}/${probe}/${quantity}`);
      if (place !== undefined) values[place] = value;
    }
  };
}
