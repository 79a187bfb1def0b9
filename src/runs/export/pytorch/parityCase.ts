/** One case of a parity test: a run of the lab whose values, gradients and parameters PyTorch should reproduce. */
import type { Dataset } from '../../../engine/data/dataset';
import type { Kernels, Tensor } from '../../../engine/kernels/kernels';
import { BlockPass } from '../../../engine/layers/block';
import { partOf } from '../../../engine/objective';
import { clippingFactor, gradientNorm } from '../../../engine/optimizer';
import { positionsOf, type Shape } from '../../../engine/shape';
import type { LayerSpecification, RunSpecification } from '../../../engine/specification';
import { Trainer } from '../../../engine/trainer';
import { normalizationName, type TorchTensor, torchState, torchTensors } from '../../model/torchState';
import type { WrittenTensor } from '../../model/writeSafetensors';
import type { RunFiles } from '../../session/planFiles';
import { startOf } from '../../startOf';
import { minibatchOrder } from './recordedStart';

/**
 * The same run without random numbers in its passes, which differ between the two programs: dropout and noise are replaced by their
 * means, as in evaluation.
 */
export function withoutNoise(run: RunSpecification): RunSpecification {
  return { ...run, layers: run.layers.map(quiet) };
}

function quiet(layer: LayerSpecification): LayerSpecification {
  switch (layer.kind) {
    case 'dropout':
      return { ...layer, rate: 0 };
    case 'residual':
      return { ...layer, layers: layer.layers.map(quiet) };
    case 'dense':
    case 'convolution': {
      const { normalization } = layer;
      if (!('noise' in normalization) || !normalization.noise) return layer;
      return { ...layer, normalization: { ...normalization, noise: { meanRange: 0, stdRange: 1, jitter: 0 } } };
    }
    default:
      return layer;
  }
}

/** Whether a run draws random numbers in its passes. */
export function hasNoise(run: RunSpecification): boolean {
  return JSON.stringify(withoutNoise(run).layers) !== JSON.stringify(run.layers);
}

/**
 * Trains the first steps. Tensors are named `value/MODULE` (first forward pass), `gradient/PARAMETER` (first backward pass),
 * `parameter/NAME` (after the last step) and `loss/of each step`.
 * @param run With the task of the data, and without noise.
 * @returns The tensors, and the number of trained steps: fewer if the run diverges.
 */
export function parityTensors(
  run: RunSpecification,
  dataset: Dataset,
  kernels: Kernels,
  steps: number,
  files: RunFiles,
): { steps: number; tensors: WrittenTensor[] } {
  const watch = { ...run.watch, every: 1, layers: [], histograms: [], units: 0, predictions: false, probes: [] };
  const trainer = new Trainer({ ...run, watch }, dataset, kernels, startOf(run, dataset, files));
  const { network } = trainer;
  const state = torchState(run.layers, network.input, network.outputs);
  const values = firstValues(run, dataset, kernels, trainer, state);
  const lossChannel = trainer.channels.findIndex(({ name }) => name === 'network/train/loss');
  const losses: number[] = [];
  let gradients: WrittenTensor[] = [];
  for (let step = 0; step < steps; step++) {
    const frame = trainer.advance('always');
    losses.push(frame?.values[lossChannel] ?? Number.NaN);
    // PyTorch would go on from here.
    if (trainer.divergence) return parityTensors(run, dataset, kernels, step, files);
    if (step === 0) gradients = gradientsOf(trainer, kernels, state, run.training.maxGradientNorm);
  }
  const trained = { passes: trainer.step, changes: trainer.changes };
  const parameters = torchTensors(state, trainer.parameters(), trained);
  const tensors: WrittenTensor[] = [
    ...values,
    ...gradients,
    ...parameters.map((tensor) => ({ ...tensor, name: `parameter/${tensor.name}` })),
    // not translated: a name
    { name: 'loss/of each step', type: 'F32', shape: [losses.length], values: Float32Array.from(losses) },
  ];
  return { steps, tensors };
}

/** @param maxNorm The gradients of PyTorch are those after clipping. */
function gradientsOf(
  { network }: Trainer,
  kernels: Kernels,
  state: readonly TorchTensor[],
  maxNorm: number | undefined,
): WrittenTensor[] {
  const norm = gradientNorm(kernels, network.parameters());
  const factor = maxNorm === undefined ? 1 : clippingFactor(norm, maxNorm);
  const learned = state.filter(({ name, source }) => typeof source === 'number' && !name.includes('.running_'));
  return network.parameters().map(({ gradient }, k) => {
    const { name, shape, order } = learned[k];
    return {
      name: `gradient/${name}`,
      type: 'F32',
      shape,
      values: ordered(kernels.read(gradient), order).map((v) => factor * v),
    };
  });
}

function ordered(values: Float32Array, order: Uint32Array | null): Float32Array {
  return order ? Float32Array.from(order, (k) => values[k]) : values.slice();
}

/** What leaves each module in a forward pass over the first minibatch. */
function firstValues(
  run: RunSpecification,
  dataset: Dataset,
  kernels: Kernels,
  { network }: Trainer,
  state: readonly TorchTensor[],
): WrittenTensor[] {
  const [batchSize] = [
    run.training.changes?.find(({ at, batchSize: size }) => at === 0 && size)?.batchSize ?? run.training.batchSize,
  ];
  const pass = network.pass(batchSize);
  const indices = Uint32Array.from(minibatchOrder(run, dataset.train.count, 1));
  kernels.gatherRows(partOf(kernels, run.loss, dataset, dataset.train).features, indices, pass.input);
  const frozen = run.training.changes?.some(({ at, freezeStatistics }) => at === 0 && freezeStatistics) ?? false;
  network.forward(pass, { mode: 'watching', step: 0, frozen });
  const prefixes = new Map(prefixesOf(run.layers));
  const activations = new Map(activationsOf(run.layers));
  const rowsOf = (name: string) =>
    state.find((tensor) => tensor.name === `${name}.bias` || tensor.name.startsWith(`${normalizationName(name)}.`))
      ?.order ?? null;
  const tensors: WrittenTensor[] = [];
  for (const place of pass.watched) {
    const name = `${prefixes.get(place.name)}${place.name}`;
    const isActive = activations.get(place.name) !== 'linear';
    if (place instanceof BlockPass) {
      const { shape } = place.block;
      const add = (end: string, tensor: Tensor) =>
        tensors.push(
          moduleValue(
            `${name}${end}`,
            kernels.read(tensor),
            shape,
            batchSize,
            rowsOf(name),
            place.block.specification.kind,
          ),
        );
      add('', place.linear.value);
      if (place.normalized) add(normalizationName(''), place.normalized.value);
      if (isActive) add('_activation', place.activation.value);
    }
  }
  return tensors;
}

/** PyTorch has [examples × channels × height × width] of a convolution, and [examples × units] of a dense layer. */
function moduleValue(
  module: string,
  values: Float32Array,
  { height, width, channels }: Shape,
  examples: number,
  rows: Uint32Array | null,
  kind: 'dense' | 'convolution',
): WrittenTensor {
  const positions = positionsOf({ height, width, channels });
  const reordered = new Float32Array(values.length);
  for (let b = 0; b < examples; b++) {
    for (let p = 0; p < positions; p++) {
      for (let c = 0; c < channels; c++) {
        reordered[(b * channels + c) * positions + p] = values[(b * positions + p) * channels + (rows?.[c] ?? c)];
      }
    }
  }
  const shape = kind === 'convolution' ? [examples, channels, height, width] : [examples, channels];
  return { name: `value/${module}`, type: 'F32', shape, values: reordered };
}

function* prefixesOf(layers: readonly LayerSpecification[], prefix = ''): Iterable<[string, string]> {
  for (const layer of layers) {
    yield [layer.name, prefix];
    if (layer.kind === 'residual') yield* prefixesOf(layer.layers, `${prefix}${layer.name}.`);
  }
}

function* activationsOf(layers: readonly LayerSpecification[]): Iterable<[string, string]> {
  for (const layer of layers) {
    if ('activation' in layer) yield [layer.name, layer.activation.kind];
    if (layer.kind === 'residual') yield* activationsOf(layer.layers);
  }
}
