/** Runs exported models in ONNX Runtime and compares them with the engine; checks them with the checker of ONNX. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { type Dataset, numbersOf } from '../../../../src/engine/data/dataset';
import { makeDataset } from '../../../../src/engine/data/make';
import { fastestKernels } from '../../../../src/engine/kernels/fastest';
import { partOf } from '../../../../src/engine/objective';
import { positionsOf } from '../../../../src/engine/shape';
import { Trainer } from '../../../../src/engine/trainer';
import type { Plan, Run } from '../../../../src/experiment/plan';
import { presets } from '../../../../src/experiment/presets';
import { withTask } from '../../../../src/experiment/runSpecification';
import { NotExpressible } from '../../../../src/runs/export/notExpressible';
import { exportOnnx } from '../../../../src/runs/export/onnx/exportOnnx';
import { ModelProtoSchema } from '../../../../src/runs/model/onnx_pb';
import { torchState, torchTensors } from '../../../../src/runs/model/torchState';
import { safetensorsBytes, type WrittenTensor } from '../../../../src/runs/model/writeSafetensors';
import { filesOf } from '../../../../src/runs/session/planFiles';
import { onnxRuntime } from '../../../support/onnxRuntime';
import { absence, python } from '../../../support/python';
import { skip } from '../../../support/skip';
import { planOf, temporaryFolder } from '../support/experiments';
import { mnistFiles } from '../support/mnist';
import { networkTables, withFewExamples } from '../support/networkTables';
import { tensorsIn } from '../support/tensors';

const steps = 3;
/** Examples that are evaluated. */
const examples = 8;
const tolerance = 1e-5;

interface Trained {
  run: Run;
  dataset: Dataset;
  weights: WrittenTensor[];
  /** Test examples as the model reads them, and the outputs of the engine. */
  input: Float32Array;
  shape: number[];
  outputs: Float32Array;
  /** Difference of the outputs after one rounding error in each number of the input. */
  sensitivity: number;
}

const kernels = fastestKernels();
const datasets = new Map<string, Dataset>();

function train(run: Run): Trained {
  const key = JSON.stringify([run.data, run.seed]);
  const dataset = datasets.get(key) ?? makeDataset(run.data, run.seed, filesOf(run, mnistFiles()));
  datasets.set(key, dataset);
  const specification = withTask(run.specification, dataset.task);
  const watch = { ...specification.watch, layers: [], histograms: [], units: 0, predictions: false, probes: [] };
  kernels.release();
  const trainer = new Trainer({ ...specification, watch }, dataset, kernels);
  for (let step = 0; step < steps; step++) trainer.advance('never');
  const { network } = trainer;
  const state = torchState(specification.layers, network.input, network.outputs);
  const weights = torchTensors(state, trainer.parameters(), { passes: steps, changes: [] });
  const pass = network.pass(examples);
  const forward = () => kernels.read(network.forward(pass, { mode: 'evaluation', step: steps })).slice();
  const indices = Uint32Array.from({ length: examples }, (_, k) => k);
  kernels.gatherRows(partOf(kernels, specification.loss, dataset, dataset.test).features, indices, pass.input);
  const outputs = forward();
  kernels.write(
    pass.input,
    kernels.read(pass.input).map((value, k) => value * (1 + (k % 2 === 0 ? 1 : -1) * 2 ** -23)),
  );
  const sensitivity = difference(forward(), outputs);
  const { height, width, channels } = network.input;
  const image = positionsOf(network.input) > 1 ? [channels, height, width] : [channels];
  // The data of the tests have images of one channel, whose pixels have the same order in both programs.
  const input = Float32Array.from(numbersOf(dataset.test, 0, examples * dataset.featureCount));
  return { run, dataset, weights, input, shape: [examples, ...image], outputs, sensitivity };
}

function exported({ run, dataset, weights }: Trained, fold: boolean) {
  const { tensors } = tensorsIn(safetensorsBytes(weights));
  return exportOnnx(run, dataset, tensors, { fold, version: '1.2.3', steps });
}

/** Runs of all presets and tables, one for each arm. */
function* runsOfAll(): Iterable<{ name: string; run: Run }> {
  const plans: [string, Plan][] = [
    ...presets.map(({ id, text }): [string, Plan] => [id, withFewExamples(text)]),
    ...Object.entries(networkTables).map(([id, experiment]): [string, Plan] => [id, planOf(experiment)]),
    ['more layers', planOf(moreLayers)],
  ];
  for (const [id, plan] of plans) {
    const networks = new Set<string>();
    for (const run of plan.samples) {
      // Arms and points that differ in their training alone have the same graph.
      const network = JSON.stringify(run.specification.layers.map((layer) => ({ ...layer, initialization: null })));
      if (networks.has(network)) continue;
      networks.add(network);
      yield { name: `${id}, ${run.arm}`, run };
    }
  }
}

/** Layers and combinations that no table has. */
const moreLayers = {
  name: 'More layers',
  data: { kind: 'digits', train: 40, test: 10 },
  network: {
    layers: [
      { conv: 3, kernel: 5, stride: 4, padding: 0 },
      { averagePool: 2, stride: 1 },
      { conv: 4, kernel: 3, padding: 0 },
      { dropout: 0.5 },
      { conv: 4, kernel: 3 },
      { maxPool: 'all' },
      { residual: [{ dense: 4 }, { dense: 4 }] },
      { dense: 5, activation: 'linear' },
      { dense: 3 },
    ],
    activation: 'tanh',
    normalization: { kind: 'batch', noise: true },
  },
  training: { batchSize: 10, steps: 3 },
  arms: {
    before: {},
    after: { network: { normalization: { placement: 'after-activation' } } },
    'after, without shift': {
      network: { normalization: { placement: 'after-activation', shift: false, scale: false } },
    },
    'average of all': {
      network: { layers: [{ conv: 3, kernel: 4, padding: 0 }, { averagePool: 'all' }, { dense: 3 }] },
    },
  },
};

/** Largest difference, relative to max(1, |value|). */
function difference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]) / Math.max(1, Math.abs(b[k]))), 0);
}

describe('export to ONNX', () => {
  it('computes in ONNX Runtime what the engine computes, for every preset, and for all normalizations at both places', async function () {
    this.timeout(120_000);
    const runModel = await onnxRuntime(this);
    const wrong: string[] = [];
    const amplified: string[] = [];
    let models = 0;
    let folded = 0;
    for (const { name, run } of runsOfAll()) {
      const trained = train(run);
      if (trained.outputs.some((value) => !Number.isFinite(value))) continue;
      const plain = exported(trained, false);
      const foldedOnes = exported(trained, true);
      folded += foldedOnes.folded.length;
      const both = foldedOnes.folded.length === 0 ? [plain] : [plain, foldedOnes];
      for (const [k, { bytes }] of both.entries()) {
        models++;
        const output = await runModel(bytes, trained.input, trained.shape);
        const most = difference(output.data, trained.outputs);
        const what = `${name}${k === 1 ? ', folded' : ''}: ${most}`;
        if (most <= tolerance) continue;
        // Rounding errors of a network that amplifies them are larger than the tolerance.
        if (most <= 10 * trained.sensitivity) amplified.push(what);
        else wrong.push(what);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(amplified.length < models / 50, amplified.join('\n'));
    assert.ok(models > 200 && folded > 100, `${models} models, ${folded} folded normalizations`);
  });

  const folder = temporaryFolder();
  const trainedFirst = (experiment: object) => train(planOf(experiment).runs[0]);
  const moreArm = (arm: string) => train(planOf(moreLayers).runs.find((run) => run.arm === arm)!);
  const graphOf = (bytes: Uint8Array) => {
    const model = fromBinary(ModelProtoSchema, bytes);
    return { model, graph: model.graph!, operators: model.graph!.node.map(({ opType }) => opType) };
  };

  it('passes the checker of ONNX, with the inference of all shapes', async function () {
    this.timeout(60_000);
    const reason = absence(['onnx']);
    if (reason) skip(this, reason);
    let count = 0;
    for (const { run } of runsOfAll()) {
      if (!['Dense', 'More layers'].includes(run.experiment.name)) continue;
      const trained = train(run);
      for (const fold of [false, true]) writeFileSync(folder.path(`${count++}.onnx`), exported(trained, fold).bytes);
    }
    const script = `
import sys, onnx
from onnx.shape_inference import infer_shapes
for k in range(int(sys.argv[2])):
    model = onnx.load(f"{sys.argv[1]}/{k}.onnx")
    onnx.checker.check_model(model, full_check=True)
    inferred = infer_shapes(model, strict_mode=True, data_prop=True).graph
    known = {value.name for value in [*inferred.value_info, *inferred.output]}
    assert known >= {node.output[0] for node in inferred.node}, k
print("checked")
`;
    const { stdout, stderr } = spawnSync(python, ['-c', script, folder.path(), String(count)], { encoding: 'utf8' });
    assert.equal(stdout.trim(), 'checked', stderr);
    assert.ok(count > 150);
  });

  it('names values like channels and constants like PyTorch, keeps BatchNormalization and says what the numbers are', () => {
    const trained = trainedFirst({ ...networkTables.dense, arms: undefined, notes: 'Look.' });
    const { model, graph, operators } = graphOf(exported({ ...trained }, false).bytes);
    assert.deepEqual(operators, ['Gemm', 'Relu', 'Gemm', 'Tanh', 'Gemm']);
    assert.deepEqual(
      graph.node.map(({ name }) => name),
      ['hidden1/linear', 'hidden1/activated', 'hidden2/linear', 'hidden2/activated', 'output/linear'],
    );
    assert.deepEqual(graph.initializer.map(({ name }) => name).slice(0, 3), [
      'hidden1.weight',
      'hidden1.bias',
      'hidden2.weight',
    ]);
    assert.deepEqual([model.irVersion, model.opsetImport[0].version], [8n, 17n]);
    assert.deepEqual([model.producerName, model.producerVersion, model.docString], ['BatchNorm Lab', '1.2.3', 'Dense']);
    assert.equal(graph.docString, 'Look.');
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
    assert.equal(metadata.steps, '3');
    assert.equal(metadata['output.classes'], JSON.stringify(trained.dataset.classNames));
    assert.match(metadata.output, /^Logits /);
    const normalized = graphOf(exported(moreArm('before'), false).bytes);
    assert.equal(normalized.operators.filter((operator) => operator === 'BatchNormalization').length, 7);
    assert.equal(normalized.operators.includes('Dropout'), false);
    const names = normalized.graph.node.map(({ name }) => name);
    assert.ok(names.includes('residual1/sum') && names.includes('pool2') && names.includes('conv1/normalized'));
  });

  it('states the scale of standardized features and targets', () => {
    const rows = Array.from({ length: 40 }, (_, k) => `${k},${['a', 'b'][k % 2]},${3 * k + 1}`);
    const file = new TextEncoder().encode(['x,word,y', ...rows].join('\n'));
    const data = { kind: 'csv', path: 't.csv', target: 'y', standardizeTarget: true };
    const [run] = planOf({ ...networkTables.dense, arms: undefined, data }).runs;
    const dataset = makeDataset(run.data, run.seed, { path: { path: 't.csv', bytes: file } });
    const weights = torchTensors(
      torchState(run.specification.layers, { height: 1, width: 1, channels: 3 }, 1),
      [[8, 3], [8], [6, 8], [6], [1, 6], [1]].map((shape) => new Float32Array(shape.reduce((a, b) => a * b))),
      { passes: 0, changes: [] },
    );
    const { tensors } = tensorsIn(safetensorsBytes(weights));
    const { bytes } = exportOnnx(run, dataset, tensors, { fold: false, version: '1', steps: null });
    const metadata = Object.fromEntries(graphOf(bytes).model.metadataProps.map(({ key, value }) => [key, value]));
    assert.equal(metadata['input.features'], '["x","word=a","word=b"]');
    const [mean, std] = [JSON.parse(metadata['input.mean']), JSON.parse(metadata['input.std'])];
    // Undoes the scale of one training row.
    const [first] = dataset.train.features;
    assert.ok(Number.isInteger(Number((first * std[0] + mean[0]).toFixed(4))));
    assert.deepEqual(
      [mean.slice(1), std.slice(1)],
      [
        [0, 0],
        [1, 1],
      ],
    );
    assert.equal(metadata['output.mean'], String(dataset.table?.target.numbers?.mean));
    assert.match(metadata.output, /^Prediction of y, standardized: value = output · output\.std \+ output\.mean$/);
    assert.ok(!('steps' in metadata));
  });

  it('folds where that is exact, and says where it is not', () => {
    const before = exported(moreArm('before'), true);
    assert.deepEqual([before.folded.length, before.notFolded], [7, []]);
    assert.equal(graphOf(before.bytes).operators.includes('BatchNormalization'), false);
    const { folded, notFolded } = exported(moreArm('after'), true);
    assert.deepEqual(folded, ['conv1_norm', 'residual1.hidden1_norm', 'hidden3_norm', 'hidden4_norm']);
    assert.deepEqual(notFolded, [
      { norm: 'conv2_norm', because: 'conv3 pads its result with zeros' },
      { norm: 'conv3_norm', because: 'pool2 is between it and the next linear layer' },
      { norm: 'residual1.hidden2_norm', because: 'no linear layer is behind it' },
    ]);
    const withoutShift = exported(moreArm('after, without shift'), true);
    assert.equal(withoutShift.notFolded[0].norm, 'conv2_norm');
  });

  it('refuses weights that do not fit, and groups that PyTorch orders differently', () => {
    const trained = trainedFirst({ ...networkTables.dense, arms: undefined });
    const refusal = (weights: WrittenTensor[]) => {
      try {
        exported({ ...trained, weights }, false);
      } catch (error) {
        return (error as Error).message;
      }
      return null;
    };
    const changed = (name: string, change: Partial<WrittenTensor>) =>
      trained.weights.map((tensor) => (tensor.name === name ? ({ ...tensor, ...change } as WrittenTensor) : tensor));
    const nan = changed('output.bias', { values: Float32Array.of(1, Number.NaN, 2) });
    assert.equal(refusal(nan), 'has NaN in output.bias');
    assert.equal(refusal(trained.weights.filter(({ name }) => name !== 'output.bias')), 'lacks output.bias');
    assert.equal(
      refusal(changed('output.bias', { name: 'other' })),
      'lacks output.bias; has other, which the network does not have',
    );
    assert.equal(
      refusal(changed('output.bias', { shape: [1, 3] })),
      'has output.bias of shape [1, 3], and the network needs [3]',
    );
    assert.equal(
      refusal(changed('output.bias', { type: 'I32', values: Int32Array.of(1, 2, 3) })),
      'has output.bias as I32, and the network needs F32 (float32)',
    );
    const groups = {
      ...networkTables['after-flattening'],
      network: { ...networkTables['after-flattening'].network, normalization: { kind: 'group', groups: 3 } },
    };
    const layers = [
      { conv: 3, kernel: 5, stride: 5 },
      { maxPool: 2 },
      { flatten: true },
      { residual: [{ dense: 6 }, { dense: 27 }] },
      { dense: 6 },
    ];
    const grouped = trainedFirst({ ...groups, network: { ...groups.network, layers } });
    assert.throws(
      () => exported(grouped, false),
      (error) =>
        error instanceof NotExpressible && /the groups of hidden2 are not channels side by side/.test(error.message),
    );
  });
});
