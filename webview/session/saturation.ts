/** The threshold of saturation that runs were watched with. */
import * as l10n from '@vscode/l10n';
import { listWithOr } from '../../src/shared/lists';
import { defaultSaturation, saturationChannel } from '../../src/shared/saturation';
import type { RunData } from './store';

function saturationOf({ places, frames }: RunData): number {
  const place = places.get(saturationChannel);
  for (let frame = 0; place !== undefined && frame < frames.count; frame++) {
    const share = frames.at(place, frame);
    if (Number.isFinite(share)) return share;
  }
  return defaultSaturation;
}

/** The slope below which outputs are saturated, e.g. `below 10 % of its steepest`; arms can have different ones. */
export function saturationInWords(runs: readonly RunData[]): string {
  // Single precision, as frames have it, has seven digits.
  const shares = new Set(runs.map((run) => `${Number((100 * saturationOf(run)).toPrecision(6))} %`));
  const all = shares.size > 0 ? [...shares] : [`${100 * defaultSaturation} %`];
  return l10n.t`below ${listWithOr(all)} of its steepest`;
}
