/** Units of a layer that are watched individually: their channels end in `unit17`, or `unit17-p50` for a percentile. */
import type { ShownChannel } from '../../src/protocol';
import type { RunData } from './store';

const known = new WeakMap<ShownChannel[], Map<string, number[]>>();

/** Numbers of the units that have their own channel at a tap, ascending. */
export function unitsAt({ channels }: RunData, layer: string, tap: string): number[] {
  let units = known.get(channels);
  if (!units) {
    units = new Map();
    for (const channel of channels) {
      const [, unit] = /^unit(\d+)(?:-p50)?$/.exec(channel.quantity) ?? [];
      if (unit === undefined) continue;
      const place = `${channel.layer}/${channel.tap}`;
      units.set(place, [...(units.get(place) ?? []), Number(unit)]);
    }
    known.set(channels, units);
  }
  return units.get(`${layer}/${tap}`) ?? [];
}

/** The tap of the activation function's input with a watched unit, and that unit; undefined without one. */
export function typicalUnit(run: RunData, layer: string): { tap: string; unit: number } | undefined {
  for (const tap of ['normalized', 'linear']) {
    const [unit] = unitsAt(run, layer, tap);
    if (unit !== undefined) return { tap, unit };
  }
  return undefined;
}
