/** The spread and the histograms of weights and of their gradients, and the saturated shares, compared with PyTorch and NumPy. */
import assert from 'node:assert/strict';
import { binCount } from '../../../../src/engine/bins';
import { channelsOf, histogramsOf } from '../../../../src/engine/channels';
import { FrameProbes } from '../../../../src/engine/probes/frameProbes';
import type { ActivationKind } from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { runOf } from '../support/datasets';
import { fixture } from '../support/fixtures';
import { activation, layer, network } from '../support/networks';

interface Described {
  mean: number;
  std: number;
  min: number;
  max: number;
  /** Bin and count. */
  bins: [number, number][];
}

interface Fixture {
  inputs: number;
  outputs: number;
  rows: number;
  units: number;
  thresholds: number[];
  cases: {
    activation: ActivationKind;
    /** Weights of both layers, [units × inputs]. */
    weights: number[][];
    x: number[];
    labels: number[];
    /** For each threshold. */
    saturated: number[];
    layers: Record<'weights' | 'weightsGradient', Described>[];
  }[];
}

const { inputs, outputs, rows, units, thresholds, cases } = fixture<Fixture>('watching.json');
const quantities = ['mean', 'std', 'min', 'max'] as const;

describeOnAll('watching compared with PyTorch and NumPy', (kernels) => {
  for (const { activation: kind, weights, x, labels, saturated, layers: expected } of cases) {
    const layers = [
      layer('hidden1', units, { activation: activation(kind), bias: false }),
      layer('output', null, { bias: false }),
    ];
    const net = network(kernels, layers, inputs, outputs);
    net.blocks.forEach(({ linear }, k) => {
      kernels.write(linear.weights.value, Float32Array.from(weights[k]));
    });
    const pass = net.pass(rows);
    kernels.write(pass.input, Float32Array.from(x));
    const y = net.forward(pass, { mode: 'training', step: 0 });
    kernels.softmaxCrossEntropy(y, Int32Array.from(labels), net.output(pass).gradient);
    net.backward(pass);

    const probesOf = (saturation: number) => {
      const run = runOf({ layers, watch: { histograms: ['weightsGradient', 'weights'], saturation } });
      const [channels, places] = [channelsOf(run, true), histogramsOf(run)];
      const probes = new FrameProbes(kernels, channels, places, saturation);
      const frame = probes.frame(pass, {});
      const at = (name: string) => frame[channels.findIndex((channel) => channel.name === name)];
      return { places, at, histograms: probes.histograms(pass) };
    };

    it(`agrees about the weights of a ${kind} net and their gradients`, () => {
      const { at, places, histograms } = probesOf(0.1);
      for (const [k, taps] of expected.entries()) {
        for (const [tap, described] of Object.entries(taps)) {
          const name = `${layers[k].name}/${tap}`;
          for (const quantity of quantities) {
            assertClose([at(`${name}/${quantity}`)], [described[quantity]], {
              category: 'watching',
              what: `${name}/${quantity}`,
              tolerance: slack(kernels) * 1e-6,
              scale: described.std,
            });
          }
          const place = places.findIndex((each) => each.name === name);
          const counts = histograms.subarray(place * binCount, (place + 1) * binCount);
          const filled = Array.from(counts, (count, bin) => [bin, count]).filter(([, count]) => count > 0);
          assert.deepEqual(filled, described.bins, name);
        }
      }
    });

    it(`agrees about the saturated outputs of ${kind} for each threshold`, () => {
      const shares = thresholds.map((threshold) => probesOf(threshold).at('hidden1/activated/saturated'));
      assert.deepEqual(
        shares,
        saturated.map((share) => Math.fround(share)),
      );
    });
  }
});
