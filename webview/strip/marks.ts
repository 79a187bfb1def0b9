/** Problems of layers, as labels: vanishing or exploding signals, dead or saturated units. */
import * as l10n from '@vscode/l10n';

export type MarkKind = 'vanishing' | 'exploding' | 'dead' | 'saturated';

export interface Mark {
  kind: MarkKind;
  /** First and last of the adjacent layers. */
  first: number;
  last: number;
  /** `vanishing`, `dead 38 %`. */
  words: string;
}

/** Measured values of a layer at a step; NaN if not measured. */
export interface LayerState {
  /** Standard deviation at the displayed tap. */
  std: number;
  /** Shares, 0 to 1. */
  dead: number;
  saturated: number;
}

/** Below this std, the next layer barely sees differences between examples. */
const vanishingBelow = 0.05;
const explodingAbove = 10;
/** Share of dead units, or of saturated outputs. */
const manyUnits = 0.3;

const kinds: { kind: MarkKind; holds(state: LayerState): boolean; share?(state: LayerState): number }[] = [
  { kind: 'vanishing', holds: ({ std }) => std < vanishingBelow },
  { kind: 'exploding', holds: ({ std }) => std > explodingAbove },
  { kind: 'dead', holds: ({ dead }) => dead >= manyUnits, share: ({ dead }) => dead },
  { kind: 'saturated', holds: ({ saturated }) => saturated >= manyUnits, share: ({ saturated }) => saturated },
];

const kindWords: Record<MarkKind, string> = {
  vanishing: l10n.t({ message: 'vanishing', comment: 'The signal in a layer' }),
  exploding: l10n.t({ message: 'exploding', comment: 'The signal in a layer' }),
  dead: l10n.t({ message: 'dead', comment: 'Units of a layer' }),
  saturated: l10n.t({ message: 'saturated', comment: 'Outputs of a layer' }),
};

/** @param slope Below which slope outputs are saturated, in words. */
export function marksInWords(slope: string): string {
  const many = `${100 * manyUnits} %`;
  return l10n.t`vanishing: std below ${vanishingBelow}; exploding: above ${explodingAbove}; dead: ${many} of the units or more; saturated: ${many} of the outputs or more, where the activation’s slope is ${slope}`;
}

/** Adjacent layers with the same problem share a mark. */
export function marksOf(layers: readonly LayerState[]): Mark[] {
  const marks: Mark[] = [];
  for (const { kind, holds, share } of kinds) {
    for (let first = 0; first < layers.length; first++) {
      if (!holds(layers[first])) continue;
      let last = first;
      while (last + 1 < layers.length && holds(layers[last + 1])) last++;
      const most = share && Math.max(...layers.slice(first, last + 1).map(share));
      marks.push({
        kind,
        first,
        last,
        words: most === undefined ? kindWords[kind] : `${kindWords[kind]} ${Math.round(100 * most)} %`,
      });
      first = last;
    }
  }
  return marks;
}
