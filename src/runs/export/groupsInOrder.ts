/** Group normalizations that other programs cannot compute on the units of a layer, because they order them differently. */
import * as l10n from '@vscode/l10n';
import type { LayerSpecification } from '../../engine/specification';
import type { TorchTensor } from '../model/torchState';
import { NotExpressible } from './notExpressible';

/**
 * Units of a dense layer whose results are added to a flattened image are in PyTorch's order, so that groups of them would be others.
 * @param state Tensors of the network.
 * @throws NotExpressible
 */
export function requireGroupsInOrder(layers: readonly LayerSpecification[], state: readonly TorchTensor[]): void {
  for (const layer of layers) {
    if (layer.kind === 'residual') requireGroupsInOrder(layer.layers, state);
    if (layer.kind !== 'dense' || layer.normalization.kind !== 'group') continue;
    const weights = state.find(({ name }) => name.endsWith(`.${layer.name}.weight`));
    if (!weights?.order || (layer.normalization.groups ?? 1) === 1) continue;
    const inputs = weights.shape[1];
    if (weights.order.every((place, k) => Math.floor(place / inputs) === Math.floor(k / inputs))) continue;
    throw new NotExpressible(
      l10n.t`the groups of ${layer.name} are not channels side by side, because its results are added to a flattened image: use "layer" normalization there`,
    );
  }
}
