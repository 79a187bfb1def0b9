/**
 * Frames: the test computes every channel of a run a second time, directly from the tensors of the pass, and looks for the
 * result at the channel's index. It uses only the channels' names.
 */
import assert from 'node:assert/strict';
import { type Channel, channelsOf } from '../../../../src/engine/channels';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import type { Network, Pass } from '../../../../src/engine/network';
import { FrameProbes } from '../../../../src/engine/probes/frameProbes';
import type { DenseSpecification, Tap } from '../../../../src/engine/specification';
import { describeOnAll } from '../implementations';
import { assertClose } from '../support/compare';
import { runOf } from '../support/datasets';
import { draws } from '../support/draws';
import { activation, batch, layer, network, valuesOf } from '../support/networks';

/** One layer of each kind that is watched differently. */
const layers: DenseSpecification[] = [
  layer('hidden1', 5, { bias: false, normalization: batch() }),
  layer('hidden2', 4, {
    activation: activation('sigmoid'),
    normalization: batch({ placement: 'after-activation', shift: false }),
  }),
  layer('hidden3', 6, {
    activation: activation('tanh'),
    normalization: batch({ kind: 'naive', statistics: 'whole-batch', scale: false, shift: false }),
  }),
  layer('hidden4', 3, { activation: activation('gelu') }),
  layer('output', null),
];
const [rows, inputs, outputs] = [9, 3, 2];
/** Not the default, which would be a channel less. */
const saturation = 0.2;
/** Inputs of the network's own channels. */
const results = {
  watch: { saturation },
  train: { loss: 0.5, accuracy: 0.75 },
  training: { learningRate: 0.125 },
};

/** A forward and backward pass with large weights, so that some units saturate. */
function passed(kernels: Kernels): { net: Network; pass: Pass } {
  const random = draws(4);
  const net = network(kernels, layers, inputs, outputs);
  for (const { value } of net.blocks.flatMap((block) => block.parameters())) {
    kernels.write(value, random.normals(value.rows * value.columns, 1.5));
  }
  const pass = net.pass(rows);
  kernels.write(pass.input, random.normals(rows * inputs));
  kernels.softmaxCrossEntropy(
    net.forward(pass, { mode: 'training', step: 0 }),
    Int32Array.from({ length: rows }, (_, r) => r % outputs),
    net.output(pass).gradient,
  );
  net.backward(pass);
  return { net, pass };
}

type Numbers = number[];
const mean = (v: Numbers) => v.reduce((sum, x) => sum + x, 0) / v.length;
const variance = (v: Numbers) => mean(v.map((x) => (x - mean(v)) ** 2));
const norm = (v: Numbers) => Math.hypot(...v);

function percentile(values: Numbers, fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = fraction * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}

function describeNumbers(values: Numbers, quantity: string): number {
  switch (quantity) {
    case 'mean':
      return mean(values);
    case 'variance':
      return variance(values);
    case 'std':
      return Math.sqrt(variance(values));
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'p15':
      return percentile(values, 0.15);
    case 'p50':
      return percentile(values, 0.5);
    case 'p85':
      return percentile(values, 0.85);
    case 'norm':
      return norm(values);
    default:
      throw new Error(`unknown quantity: ${quantity}`);
  }
}

/** The expected value of a channel, from its name. */
function expected(kernels: Kernels, net: Network, pass: Pass, name: string): number {
  const [layerName, tap, quantity] = name.split('/');
  if (layerName === 'network') {
    const known: Record<string, Record<string, number>> = results;
    return known[tap]?.[quantity] ?? Number.NaN;
  }
  const index = net.blocks.findIndex((block) => block.name === layerName);
  const block = net.blocks[index];
  const buffers = pass.blocks[index];
  const numbers = (t: Parameters<Kernels['read']>[0]) => Array.from(valuesOf(kernels, t));
  const places = {
    linear: buffers.linear,
    normalized: buffers.normalized,
    activated: index < net.blocks.length - 1 && layerName === 'hidden2' ? buffers.normalized : buffers.activation,
  };
  if (quantity === 'updateNorm') return Number.NaN;
  const [, unit, percent] = /^unit(\d+)(?:-p(\d+))?$/.exec(quantity) ?? [];
  const ofUnit = (all: Numbers) => {
    const units = block.linear.outputs;
    const own = all.filter((_, k) => k % units === Number(unit) - 1);
    return percent === undefined ? mean(own) : percentile(own, Number(percent) / 100);
  };
  if (quantity === 'dead') {
    const own = numbers(buffers.activation.value);
    const { outputs } = block.linear;
    const units = Array.from({ length: outputs }, (_, unit) => own.filter((_, k) => k % outputs === unit));
    return units.filter((unit) => unit.every((y) => y === 0)).length / outputs;
  }
  if (quantity === 'zeros' || quantity === 'saturated') {
    const own = numbers(buffers.activation.value);
    const { kind } = layers[index].activation;
    const slope = (y: number) => (kind === 'sigmoid' ? 4 * y * (1 - y) : kind === 'tanh' ? 1 - y * y : 1);
    const counted = own.filter((y) => (quantity === 'zeros' ? y === 0 : slope(y) < saturation));
    return counted.length / own.length;
  }
  if (tap in places) {
    const all = numbers(places[tap as Tap]!.value);
    return unit === undefined ? describeNumbers(all, quantity) : ofUnit(all);
  }
  if (tap === 'weightsGradient') return describeNumbers(numbers(block.linear.weights.gradient), quantity);
  if (tap.endsWith('Gradient')) {
    return describeNumbers(numbers(places[tap.replace('Gradient', '') as Tap]!.gradient), quantity);
  }
  const parameter = block.parameters().find((p) => p.name === tap);
  if (parameter) {
    if (unit !== undefined) return ofUnit(numbers(parameter.value));
    return quantity === 'gradientNorm'
      ? norm(numbers(parameter.gradient))
      : describeNumbers(numbers(parameter.value), quantity);
  }
  const statistics = {
    batchMean: () => numbers(buffers.normalization!.mean),
    batchVariance: () => {
      // From the normalized numbers, with the unbiased divisor.
      const source = numbers(layerName === 'hidden2' ? buffers.activation.value : buffers.linear.value);
      const columns = layerName === 'hidden3' ? 1 : block.linear.outputs;
      return Array.from({ length: columns }, (_, c) => {
        const column = columns === 1 ? source : source.filter((_, k) => k % columns === c);
        return (variance(column) * column.length) / (column.length - 1);
      });
    },
    runningMean: () => numbers(block.normalization!.running!.mean),
    runningVariance: () => numbers(block.normalization!.running!.spread),
  };
  const all = statistics[tap as keyof typeof statistics]();
  return unit === undefined ? describeNumbers(all, quantity) : ofUnit(all);
}

describeOnAll('frames', (kernels) => {
  const { net, pass } = passed(kernels);
  const histograms = ['weights' as const, 'weightsGradient' as const];
  const all = channelsOf(runOf({ layers, watch: { histograms, saturation } }), true);
  const frameOf = (channels: readonly Channel[]) =>
    new FrameProbes(kernels, channels, [], saturation).frame(pass, results);

  it('contain every channel at its index', () => {
    const frame = frameOf(all);
    assert.equal(frame.length, all.length);
    all.forEach(({ name }, k) => {
      const value = expected(kernels, net, pass, name);
      if (Number.isNaN(value)) assert.ok(Number.isNaN(frame[k]), `${name} was not measured`);
      else assertClose([frame[k]], [value], { category: 'channels', what: name, tolerance: 1e-6, scale: 0.1 });
    });
    // The network saturates in places, so that the shares are tested.
    const at = (name: string) => frame[all.findIndex((channel) => channel.name === name)];
    for (const name of ['hidden1/activated/zeros', 'hidden2/activated/saturated', 'hidden3/activated/saturated']) {
      assert.ok(at(name) > 0 && at(name) < 1, name);
    }
    assert.equal(at('hidden4/activated/saturated'), 0);
  });

  it('contain NaN for channels not measured at their step', () => {
    const frame = frameOf(all);
    const unmeasured = all.filter((_, k) => Number.isNaN(frame[k])).map(({ name }) => name);
    // The size of an update is known only after the update.
    const updates = net.blocks.map(({ name }) => `${name}/weights/updateNorm`);
    assert.deepEqual(unmeasured, ['network/test/loss', 'network/test/accuracy', ...updates]);
  });

  it('have the same numbers, whatever else is watched', () => {
    const frame = frameOf(all);
    const byName = new Map(all.map(({ name }, k) => [name, frame[k]]));
    for (const watch of [
      { layers: ['hidden2', 'output'] },
      { taps: ['activated'] as Tap[] },
      { taps: ['normalized', 'linear'] as Tap[], gradients: false },
      { layers: [], taps: [] },
      { units: 0 },
      { histograms: [] },
    ]) {
      const channels = channelsOf(runOf({ layers, watch: { saturation, ...watch } }), true);
      assert.deepEqual(
        Array.from(frameOf(channels)),
        channels.map(({ name }) => byName.get(name)),
      );
    }
  });

  it('do not change the tensors that they measure', () => {
    const before = pass.blocks.map(({ linear, activation }) =>
      [linear, activation].map((t) => valuesOf(kernels, t.value)),
    );
    frameOf(all);
    const after = pass.blocks.map(({ linear, activation }) =>
      [linear, activation].map((t) => valuesOf(kernels, t.value)),
    );
    assert.deepEqual(after, before);
  });
});

describeOnAll('summaries', (kernels) => {
  it('list what each layer has, and nothing else', () => {
    const { net, pass } = passed(kernels);
    const summaries = new FrameProbes(kernels, [], [], saturation).summaries(pass);
    assert.deepEqual(
      summaries.map(({ name }) => name),
      layers.map(({ name }) => name),
    );
    const [hidden1, hidden2, hidden3, hidden4] = summaries.map(({ taps }) => Object.keys(taps));
    const statistics = ['runningMean', 'runningVariance'];
    assert.deepEqual(hidden1, ['linear', 'normalized', 'activated', 'weights', 'scale', 'shift', ...statistics]);
    assert.deepEqual(hidden2, ['linear', 'normalized', 'activated', 'weights', 'bias', 'scale', ...statistics]);
    assert.deepEqual(hidden3, ['linear', 'normalized', 'activated', 'weights', 'bias', ...statistics]);
    assert.deepEqual(hidden4, ['linear', 'activated', 'weights', 'bias']);
    for (const { name, taps } of summaries) {
      for (const [tap, quantities] of Object.entries(taps)) {
        for (const [quantity, value] of Object.entries(quantities)) {
          const place = `${name}/${tap}/${quantity}`;
          assertClose([value], [expected(kernels, net, pass, place)], {
            category: 'channels',
            what: place,
            tolerance: 1e-6,
            scale: 0.1,
          });
        }
      }
    }
  });
});

describe('channels', () => {
  it('have unique names, made of layer, tap and quantity', () => {
    const channels = channelsOf(runOf({ layers }), true);
    assert.equal(new Set(channels.map(({ name }) => name)).size, channels.length);
    for (const { layer, tap, quantity, name } of channels) assert.equal(name, `${layer}/${tap}/${quantity}`);
  });

  it('start with the network’s channels; a regression has no accuracy', () => {
    const names = (classification: boolean) =>
      channelsOf(runOf({ layers }), classification)
        .filter(({ layer }) => layer === 'network')
        .map(({ name }) => name);
    assert.deepEqual(names(true), [
      'network/train/loss',
      'network/train/accuracy',
      'network/test/loss',
      'network/test/accuracy',
      'network/training/learningRate',
    ]);
    assert.deepEqual(names(false), ['network/train/loss', 'network/test/loss', 'network/training/learningRate']);
  });

  it('include no channel that does not exist', () => {
    const taps = (name: string) => [
      ...new Set(
        channelsOf(runOf({ layers }), true)
          .filter(({ layer }) => layer === name)
          .map(({ tap }) => tap),
      ),
    ];
    const units = (name: string, units = 3) =>
      channelsOf(runOf({ layers, watch: { units } }), true)
        .filter(({ layer, quantity }) => layer === name && quantity.startsWith('unit'))
        .map(({ tap, quantity }) => `${tap}/${quantity}`);
    const percentiles = (tap: string, unit: number) => [15, 50, 85].map((p) => `${tap}/unit${unit}-p${p}`);
    assert.deepEqual(units('hidden1'), [
      ...percentiles('normalized', 3),
      ...[1, 3, 5].map((unit) => `scale/unit${unit}`),
      ...[1, 3, 5].map((unit) => `shift/unit${unit}`),
      ...['batchMean', 'batchVariance', 'runningMean', 'runningVariance'].map((tap) => `${tap}/unit3`),
    ]);
    // The input of the activation function: the linear map's output if normalization follows it; a whole-batch mean has no units.
    assert.deepEqual(units('hidden2').slice(0, 3), percentiles('linear', 3));
    assert.deepEqual(units('hidden3'), percentiles('normalized', 4));
    assert.deepEqual(units('hidden4'), percentiles('linear', 2));
    assert.deepEqual(units('output'), []);
    assert.deepEqual(units('hidden1', 0), []);
    assert.equal(units('hidden4', 64).length, 3);
    assert.ok(!taps('hidden1').includes('bias'));
    assert.ok(!taps('hidden2').includes('shift') && taps('hidden2').includes('scale'));
    assert.ok(!taps('hidden3').includes('scale') && taps('hidden3').includes('runningMean'));
    assert.ok(!taps('hidden4').includes('normalized') && !taps('hidden4').includes('runningMean'));
  });
});
