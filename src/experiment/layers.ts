/** Converts the layers of a resolved experiment to those of the engine, with names and paths in the file. */
import { watchable } from '../engine/channels';
import type { ConvolutionSpecification, LayerSpecification } from '../engine/specification';
import type { Experiment, ResolvedConvolution, ResolvedLayer } from './schema';

type Path = readonly (string | number)[];

export interface PlacedLayers {
  /** Hidden layers, then the output layer. */
  layers: LayerSpecification[];
  /** Path of each layer in the file, by name. */
  paths: ReadonlyMap<string, Path>;
}

/** Prefixes of layer names. Each prefix has its own counter. */
type Stem = 'hidden' | 'conv' | 'pool' | 'flatten' | 'dropout' | 'residual';

export function placedLayers(network: Experiment['network']): PlacedLayers {
  const paths = new Map<string, Path>();
  const counts = new Map<Stem, number>();
  const named = (stem: Stem, path: Path) => {
    const number = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, number);
    const name = `${stem}${number}`;
    paths.set(name, path);
    return name;
  };
  const placed = (layers: readonly ResolvedLayer[], above: Path): LayerSpecification[] =>
    layers.map((layer, index) => {
      const path = [...above, index];
      if ('dense' in layer) {
        const { dense, ...rest } = layer;
        return { kind: 'dense', name: named('hidden', path), units: dense, ...rest };
      }
      if ('conv' in layer) return convolution(layer, named('conv', path));
      if ('maxPool' in layer) return pooling('max-pool', named('pool', path), layer.maxPool, layer.stride);
      if ('averagePool' in layer) return pooling('average-pool', named('pool', path), layer.averagePool, layer.stride);
      if ('flatten' in layer) return { kind: 'flatten', name: named('flatten', path) };
      if ('dropout' in layer) return { kind: 'dropout', name: named('dropout', path), rate: layer.dropout };
      const name = named('residual', path);
      const { activation, residual } = layer;
      return { kind: 'residual', name, activation, layers: placed(residual, [...path, 'residual']) };
    });
  const hidden = placed(network.layers, ['network', 'layers']);
  paths.set('output', ['network', 'output']);
  return { layers: [...hidden, { kind: 'dense', name: 'output', units: null, ...network.output }], paths };
}

function convolution({ conv, padding, ...rest }: ResolvedConvolution, name: string): ConvolutionSpecification {
  const zeros = padding === 'same' ? Math.floor((rest.kernel - 1) / 2) : padding;
  return { kind: 'convolution', name, channels: conv, ...rest, padding: zeros };
}

function pooling(kind: 'max-pool' | 'average-pool', name: string, size: number | 'all', stride?: number) {
  return { kind, name, size: size === 'all' ? null : size, stride: stride ?? (size === 'all' ? 1 : size) };
}

/** Names of all layers that can be watched, from the input to the output. */
export function layerNames(network: Experiment['network']): string[] {
  return [...watchable(placedLayers(network).layers)].map(({ name }) => name);
}
