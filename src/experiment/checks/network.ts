/** Whether the layers of a network fit the data and each other. */
import { inputShape, row, type Shape, ShapeError, shapeAfter } from '../../engine/shape';
import type { LayerSpecification } from '../../engine/specification';
import type { ImageShape } from '../../shared/image';
import { unexpected } from '../../shared/unexpected';
import { type DataShape, dataShape } from '../dataShape';
import { error, type Finding } from '../findings';
import { type PlacedLayers, placedLayers } from '../layers';
import type { Experiment, ResolvedLayer } from '../schema';

type Network = Experiment['network'];
type Path = readonly (string | number)[];

/** @param shape What is known of the data: from the file alone, or once they have been read. */
export function networkFindings({ network, data }: Experiment, shape: DataShape = dataShape(data)): Finding[] {
  const { features, outputs, image } = shape;
  const found = paddingFindings(network.layers);
  // A table's columns are counted when it is read; that it has no images is known.
  if (image === null) return found;
  return [...found, ...layerFindings(network, features ?? 1, outputs ?? 1, image)];
}

/** At most one: what comes behind a layer that does not fit has no shape. */
function layerFindings(network: Network, features: number, outputs: number, image: ImageShape | undefined): Finding[] {
  const { layers, paths } = placedLayers(network);
  // Without images nothing but a row of numbers comes in, whatever the layers would read.
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
    return error(propertyPath(network, place, layerNamed(layer, problem.layer), problem.property), problem.message);
  }
}

/** The layer of a name, in a layer or itself. */
function layerNamed(layer: LayerSpecification, name: string): LayerSpecification {
  const inner = layer.kind === 'residual' ? layer.layers.find((each) => each.name === name) : undefined;
  return inner ?? layer;
}

/** Where the value at fault stands. */
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

/** A layer that says nothing of its own has its normalization from the network, where it is to be mended. */
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
    const message = `with padding "same" the kernel must be odd: take ${layer.kernel + 1}, or give padding as a number`;
    return [error([...path, 'kernel'], message)];
  });
}
