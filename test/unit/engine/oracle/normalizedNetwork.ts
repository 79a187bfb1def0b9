/** Runs a case of the normalization fixtures on the engine: one pass with all gradients, running statistics, evaluation. */
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import type { ActivationKind, BatchNormalizationSpecification, Tap } from '../../../../src/engine/specification';
import type { LayerParameters } from '../support/fixtures';
import { activation, batch, filled, layer, network, valuesOf } from '../support/networks';

/** Inputs and parameters of all cases; a batch is a list of rows. */
export interface Shared {
  batches: number[][][];
  evaluation: number[][];
  labels: number[];
  targets: number[][];
  hidden1: Record<string, number[] | number[][]>;
  output: Record<string, number[] | number[][]>;
  projection: number[];
}

/** A row of the fixtures' table of normalizations. */
export type Tabled = { kind: 'none' } | BatchNormalizationSpecification;

export interface Choice {
  normalization: Tabled;
  activation: ActivationKind;
  lossKind: 'cross-entropy' | 'mean-squared-error';
  bias: boolean;
}

/** Numbers by layer and tap, or by layer and parameter. */
export type ByLayer = Record<string, Record<string, ArrayLike<number>>>;

export interface Outcome {
  loss: number;
  values: ByLayer;
  gradients: ByLayer;
  parameterGradients: ByLayer;
  running?: { mean: ArrayLike<number>; variance: ArrayLike<number> };
  evaluation: ArrayLike<number>;
}

function flattened(parameters: Shared['hidden1']): LayerParameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.flat()]));
}

export function runCase(kernels: Kernels, shared: Shared, choice: Choice): Outcome {
  const { normalization, lossKind, bias } = choice;
  const rows = shared.batches[0].length;
  const outputs = shared.targets[0].length;
  const net = network(
    kernels,
    [
      layer('hidden1', shared.hidden1.weights.length, {
        bias,
        activation: activation(choice.activation),
        normalization: normalization.kind === 'none' ? normalization : batch(normalization),
      }),
      layer('output', null),
    ],
    shared.batches[0][0].length,
    outputs,
    { hidden1: flattened(shared.hidden1), output: flattened(shared.output) },
  );
  const pass = net.pass(rows);
  kernels.write(pass.input, shared.batches[0].flat());
  const { value, gradient } = {
    value: net.forward(pass, { mode: 'training', step: 0 }),
    gradient: net.output(pass).gradient,
  };
  const { loss } =
    lossKind === 'cross-entropy'
      ? kernels.softmaxCrossEntropy(value, Int32Array.from(shared.labels), gradient)
      : kernels.meanSquaredError(
          value,
          filled(kernels, rows, outputs, Float32Array.from(shared.targets.flat())),
          gradient,
        );
  net.backward(pass);

  const [hidden] = net.blocks;
  const taps: Tap[] = normalization.kind === 'none' ? ['linear', 'activated'] : ['linear', 'normalized', 'activated'];
  const tapped = (what: 'value' | 'gradient') => ({
    hidden1: Object.fromEntries(taps.map((tap) => [tap, valuesOf(kernels, pass.blocks[0].tap(tap)![what])])),
    output: { activated: valuesOf(kernels, pass.blocks[1].tap('activated')![what]) },
  });
  const parameterGradients = Object.fromEntries(
    net.blocks.map((block) => [
      block.name,
      Object.fromEntries(block.parameters().map((p) => [p.name, valuesOf(kernels, p.gradient)])),
    ]),
  );
  const outcome = { loss, values: tapped('value'), gradients: tapped('gradient'), parameterGradients };

  for (const batch of shared.batches.slice(1)) {
    kernels.write(pass.input, batch.flat());
    net.forward(pass, { mode: 'training', step: 0 });
  }
  const running = hidden.normalization && {
    mean: valuesOf(kernels, hidden.normalization.running!.mean),
    variance: valuesOf(kernels, hidden.normalization.running!.spread),
  };
  const evaluation = net.pass(shared.evaluation.length);
  kernels.write(evaluation.input, shared.evaluation.flat());
  net.forward(evaluation, { mode: 'evaluation', step: 0 });
  return {
    ...outcome,
    ...(running && { running }),
    evaluation: valuesOf(kernels, net.output(evaluation).value),
  };
}
