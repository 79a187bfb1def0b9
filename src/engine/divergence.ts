/** Finding the NaN or infinity that a run diverged on. */
import type { Kernels, Tensor } from './kernels/kernels';
import type { Network, Pass } from './network';
import type { Divergence } from './results';

/**
 * Whether a pass is free of NaN and infinity, seen from the places that all others lead to: what leaves every dense
 * layer, the gradient there, and the loss. Two infinities lead nowhere and are looked for themselves: a variance that
 * overflows makes every x̂ 0, and behind an infinite shift a sigmoid is 0 or 1 and its gradient 0.
 */
export function isSound(kernels: Kernels, network: Network, pass: Pass, loss: number): boolean {
  if (!Number.isFinite(loss)) return false;
  return pass.blocks.every(({ linear, normalization }, index) => {
    if (!kernels.allFinite(linear.value) || !kernels.allFinite(linear.gradient)) return false;
    if (normalization && !kernels.allFinite(normalization.variance)) return false;
    const shift = network.blocks[index].normalization?.shift;
    return !shift || kernels.allFinite(shift.value);
  });
}

/**
 * Where the first one stands, in the order in which a step computes: parameters and values from the input to the
 * output, the loss, then the gradients back from the output.
 */
export function firstUnsound(kernels: Kernels, network: Network, pass: Pass, loss: number, step: number): Divergence {
  const output = network.blocks[network.blocks.length - 1].name;
  const places = [...forwardPlaces(network, pass)];
  const value = places.find(({ tensor }) => !kernels.allFinite(tensor));
  if (value) return { step, layer: value.layer, tap: value.tap };
  if (!Number.isFinite(loss)) return { step, layer: output, tap: 'loss' };
  const gradient = [...backwardPlaces(pass)].find(({ tensor }) => !kernels.allFinite(tensor));
  return { step, layer: gradient?.layer ?? output, tap: gradient?.tap ?? 'loss' };
}

interface Place {
  layer: string;
  tap: string;
  tensor: Tensor;
}

/** Parameters and statistics of a layer come before its values. */
function* forwardPlaces(network: Network, pass: Pass): Iterable<Place> {
  const blocks = new Map(network.blocks.map((block, index) => [block.name, { block, buffers: pass.blocks[index] }]));
  for (const watched of pass.watched) {
    const layer = watched.name;
    const known = blocks.get(layer);
    for (const { name, value } of known?.block.parameters() ?? []) yield { layer, tap: name, tensor: value };
    for (const tap of ['linear', 'normalized', 'activated'] as const) {
      const normalization = known?.buffers.normalization;
      if (normalization && tap === 'normalized') yield { layer, tap: 'batchVariance', tensor: normalization.variance };
      const tapped = watched.tap(tap);
      if (tapped) yield { layer, tap, tensor: tapped.value };
    }
  }
}

function* backwardPlaces(pass: Pass): Iterable<Place> {
  for (const watched of [...pass.watched].reverse()) {
    for (const tap of ['activated', 'normalized', 'linear'] as const) {
      const tapped = watched.tap(tap);
      if (tapped) yield { layer: watched.name, tap: `${tap}Gradient`, tensor: tapped.gradient };
    }
  }
}
