/**
 * Tags in the lab's own grammar, `layer/tap/quantity`, are channels like those of its runs, whichever program wrote them. All
 * other tags are channels that have only a name.
 */
import {
  type Channel,
  type ChannelTap,
  gradientQuantities,
  networkLayer,
  parameterQuantities,
  shareQuantities,
  spreadQuantities,
  tapQuantities,
  unitQuantity,
  updateNorm,
} from '../../../engine/channels';
import { layerProbes, networkProbes } from '../../../engine/probes/probeChannels';

/** Quantities of each tap; the compiler reports a tap that is missing. */
const quantities: Record<ChannelTap, readonly string[]> = {
  linear: tapQuantities,
  normalized: tapQuantities,
  activated: [...tapQuantities, ...shareQuantities],
  linearGradient: gradientQuantities,
  normalizedGradient: gradientQuantities,
  activatedGradient: gradientQuantities,
  weights: [...parameterQuantities, updateNorm, ...spreadQuantities],
  weightsGradient: spreadQuantities,
  bias: [...parameterQuantities, updateNorm, ...spreadQuantities],
  scale: [...parameterQuantities, updateNorm, ...spreadQuantities],
  shift: [...parameterQuantities, updateNorm, ...spreadQuantities],
  batchMean: spreadQuantities,
  batchVariance: spreadQuantities,
  runningMean: spreadQuantities,
  runningVariance: spreadQuantities,
  train: ['loss', 'accuracy'],
  test: ['loss', 'accuracy', 'examples'],
  training: ['learningRate'],
  watch: ['saturation'],
  ...layerProbes,
  ...networkProbes,
};

/** Taps of the network, which no layer has. */
const networkTaps = new Set(['train', 'test', 'training', 'watch', ...Object.keys(networkProbes)]);

/** The channel that a tag names; null for a tag that has only a name. */
export function channelOfTag(name: string): Channel | null {
  const [layer, tap, quantity, ...more] = name.split('/');
  if (!quantity || layer === '' || more.length > 0 || !isTap(tap)) return null;
  if ((layer === networkLayer) !== networkTaps.has(tap)) return null;
  const isKnown = quantities[tap].includes(quantity) || (layer !== networkLayer && unitQuantity(quantity));
  return isKnown ? { layer, tap, quantity, name } : null;
}

function isTap(tap: string): tap is ChannelTap {
  return Object.hasOwn(quantities, tap);
}
