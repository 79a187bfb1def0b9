/** Checks that the layers of a network fit the data and each other. */
import * as l10n from '@vscode/l10n';
import { inputShape, row, type Shape, ShapeError, shapeAfter } from '../../engine/shape';
import type { LayerSpecification } from '../../engine/specification';
import type { ImageShape } from '../../shared/image';
import { unexpected } from '../../shared/unexpected';
import { type DataShape, dataShape } from '../dataShape';
import { error, type Finding } from '../findings';
import { type PlacedLayers, placedLayers } from '../layers';
import { optional, type Remedy, setTo } from '../remedies';
import type { Experiment, ResolvedLayer } from '../schema';

type Network = Experiment['network'];
type Path = readonly (string | number)[];

/** @param shape Shape of the data as far as it is known: from the file alone, or from the data. */
export function networkFindings({ network, data }: Experiment, shape: DataShape = dataShape(data)): Finding[] {
  const { features, outputs, image } = shape;
  const found = paddingFindings(network.layers);
  // The number of a table's columns is only known after reading, but a table never has images.
  if (image === null) return found;
  return [...found, ...layerFindings(network, features ?? 1, outputs ?? 1, image)];
}

/** Returns at most one finding, because layers after one that does not fit have no shape. */
function layerFindings(network: Network, features: number, outputs: number, image: ImageShape | undefined): Finding[] {
  const { layers, paths } = placedLayers(network);
  // Without images, the input is always a row of numbers.
  let shape = image ? inputShape(layers, features, image) : row(features);
  for (const layer of layers) {
    const after = fitting(network, layer, shape, outputs, paths);
    if ('severity' in after) return [after];
    shape = after;
  }
  return [];
}

function fitting(
  network: Network,
  layer: LayerSpecification,
  shape: Shape,
  outputs: number,
  paths: PlacedLayers['paths'],
): Shape | Finding {
  try {
    return shapeAfter(layer, shape, outputs);
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
    const place = paths.get(problem.layer) ?? [];
    const named = layerNamed(layer, problem.layer);
    const path = propertyPath(network, place, named, problem.property);
    return error(path, problem.message, problem.property === 'groups' ? groupRemedies(path, named, outputs) : []);
  }
}

/** The largest number of groups up to the given one that divides the units or channels of the layer. */
function groupRemedies(path: Path, layer: LayerSpecification, outputs: number): Remedy[] {
  if (!('normalization' in layer) || layer.normalization.kind !== 'group') return [];
  const channels =
    layer.kind === 'dense' ? (layer.units ?? outputs) : layer.kind === 'convolution' ? layer.channels : 1;
  let groups = Math.min(layer.normalization.groups ?? 1, channels);
  while (channels % groups !== 0) groups--;
  return [setTo(path, groups)];
}

/** Finds the layer of a name: the given layer or one inside it. */
function layerNamed(layer: LayerSpecification, name: string): LayerSpecification {
  const inner = layer.kind === 'residual' ? layer.layers.find((each) => each.name === name) : undefined;
  return inner ?? layer;
}

/** Location of the wrong value. */
function propertyPath(
  network: Network,
  place: Path,
  layer: LayerSpecification,
  property: ShapeError['property'],
): (string | number)[] {
  switch (property) {
    case 'kernel':
    case 'padding':
      return [...place, property];
    case 'groups':
      return [...normalizationPath(network, place, layer), 'groups'];
    case 'normalization':
      return normalizationPath(network, place, layer);
    case 'image':
    case 'size':
    case 'layers':
      return [...place];
    default:
      return unexpected(property);
  }
}

/** Location of a layer's normalization. A layer without its own inherits the network's, which must then be corrected. */
export function normalizationPath(network: Network, place: Path, layer: LayerSpecification): (string | number)[] {
  const own = 'normalization' in layer ? layer.normalization : undefined;
  const inherited = layer.name !== 'output' && JSON.stringify(own) === JSON.stringify(network.normalization);
  return [...(inherited ? ['network'] : place), 'normalization'];
}

function paddingFindings(
  layers: readonly ResolvedLayer[],
  above: (string | number)[] = ['network', 'layers'],
): Finding[] {
  return layers.flatMap((layer, index): Finding[] => {
    const path = [...above, index];
    if ('residual' in layer) return paddingFindings(layer.residual, [...path, 'residual']);
    if (!('conv' in layer) || layer.padding !== 'same' || layer.kernel % 2 === 1) return [];
    const message = l10n.t`with padding "same" the kernel must be odd: use ${layer.kernel + 1}, or set padding to a number`;
    const remedies = [
      setTo([...path, 'kernel'], layer.kernel + 1),
      optional(setTo([...path, 'padding'], layer.kernel / 2)),
    ];
    return [error([...path, 'kernel'], message, remedies)];
  });
}
