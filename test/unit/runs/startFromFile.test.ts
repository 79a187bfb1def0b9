/** Initial weights from a file: the same bits as where they came from, the same values as in PyTorch, and refused files. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataset } from '../../../src/engine/data/make';
import { fastestKernels } from '../../../src/engine/kernels/fastest';
import { Trainer } from '../../../src/engine/trainer';
import { filesRead } from '../../../src/experiment/dataFiles';
import type { Run } from '../../../src/experiment/plan';
import { readExperiment } from '../../../src/experiment/read';
import { exportPyTorch } from '../../../src/runs/export/pytorch/exportPyTorch';
import { runParity } from '../../../src/runs/export/pytorch/runParity';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { isSamePlan } from '../../../src/runs/folder/loadedRuns';
import { readResumed } from '../../../src/runs/folder/resume';
import { checkPlanData, loadPlanData } from '../../../src/runs/loadData';
import { torchState, torchTensors } from '../../../src/runs/model/torchState';
import { safetensorsBytes, type WrittenTensor } from '../../../src/runs/model/writeSafetensors';
import { filesOf, identified } from '../../../src/runs/session/planFiles';
import { startOf } from '../../../src/runs/startOf';
import { datasetMaker } from '../../../src/runs/worker/datasets';
import { parametersHash } from '../../../src/runs/worker/parametersHash';
import { absence, python } from '../../support/python';
import { onlyPosix, skip } from '../../support/skip';
import { fifo } from './folder/support/folders';
import { planOf, temporaryFolder } from './support/experiments';
import { inProcess, sessionOf } from './support/inProcess';

const kernels = fastestKernels();
const remedy =
  'use the weights of a run of the same network that did not diverge, or give the layer its own initialization';
const fromFile = { kind: 'file', path: 'start.safetensors' };

/** Layers of all kinds with state, in which the layouts of the two programs differ. */
const network = {
  layers: [
    { conv: 3, kernel: 5, stride: 5, normalization: { kind: 'batch-renorm' } },
    { maxPool: 2 },
    { residual: [{ conv: 3, normalization: { kind: 'batch', statistics: 'whole-batch' } }] },
    { flatten: true },
    { residual: [{ dense: 5 }, { dense: 27, normalization: { kind: 'rms' } }] },
    { dense: 6, normalization: { kind: 'weight' } },
    { dropout: 0.3 },
    { dense: 4, normalization: { kind: 'batch', noise: true, scale: false } },
  ],
};
const experiment = {
  name: 'Start',
  data: { kind: 'digits', train: 40, test: 20 },
  network,
  training: { batchSize: 10, steps: 6, optimizer: { kind: 'sgd', learningRate: 0.05 } },
};
const started = (changes: object = {}) => ({
  ...experiment,
  network: { ...network, initialization: fromFile },
  ...changes,
});

describe('initial weights from a file', () => {
  const folder = temporaryFolder();
  const base = () => folder.path('base');
  before(() => mkdirSync(base()));

  it('is a file that the experiment reads, wherever it is named: a workspace that is not trusted may not', () => {
    const inLayer = { layers: [{ dense: 4 }, { residual: [{ dense: 4, initialization: fromFile }] }] };
    const inOutput = { layers: [{ dense: 4 }], output: { initialization: fromFile } };
    for (const network of [started().network, inLayer, inOutput]) {
      const [{ experiment }] = planOf({ ...started(), network }).samples;
      assert.deepEqual(
        filesRead(experiment).map(({ property, path }) => [property, path]),
        [['path', 'start.safetensors']],
      );
    }
  });

  async function trainerOf(run: Run): Promise<Trainer> {
    const plan = { ...planOf(experiment), runs: [run], samples: [run] };
    const files = filesOf(run, await loadPlanData(plan, base()));
    const dataset = makeDataset(run.data, run.seed, files);
    kernels.release();
    return new Trainer(run.specification, dataset, kernels, startOf(run.specification, dataset, files));
  }

  /** Writes the weights of a trainer as the worker does. */
  function save(trainer: Trainer, { specification }: Run, name = 'start.safetensors'): void {
    const state = torchState(specification.layers, trainer.network.input, trainer.network.outputs);
    const tensors = torchTensors(state, trainer.parameters(), { passes: trainer.step, changes: [] });
    writeFileSync(join(base(), name), safetensorsBytes(tensors));
  }

  it('start where the other run ended, to the last bit', async () => {
    const [run] = planOf(experiment).runs;
    const trainer = await trainerOf(run);
    while (!trainer.finished) trainer.advance('never');
    const [end, hash] = [trainer.finalResults(), parametersHash(trainer.parameters())];
    save(trainer, run);
    const next = await trainerOf(planOf(started()).runs[0]);
    assert.equal(parametersHash(next.parameters()), hash);
    assert.deepEqual(next.finalResults(), end);
    next.advance('never');
    assert.notEqual(parametersHash(next.parameters()), hash);
  });

  it('leave data, minibatches, dropout and noise as they are, and the weights of layers with their own initialization', async () => {
    const [run] = planOf(experiment).runs;
    const drawn = await trainerOf(run);
    save(drawn, run);
    while (!drawn.finished) drawn.advance('never');
    const hash = parametersHash(drawn.parameters());
    const layers = network.layers.map((layer, k) => (k === 5 ? { ...layer, initialization: 'he' } : layer));
    for (const same of [started(), started({ network: { ...network, layers, initialization: fromFile } })]) {
      const trainer = await trainerOf(planOf(same).runs[0]);
      while (!trainer.finished) trainer.advance('never');
      assert.equal(parametersHash(trainer.parameters()), hash);
    }
  });

  const fixtures = join('test', 'fixtures', 'models');
  it('have the values of PyTorch', async () => {
    copyFileSync(join(fixtures, 'start.safetensors'), join(base(), 'torch.safetensors'));
    const { outputs } = JSON.parse(readFileSync(join(fixtures, 'start.json'), 'utf8')) as { outputs: number[][] };
    const torch = {
      ...experiment,
      network: {
        layers: [
          { conv: 2, kernel: 5, stride: 9, padding: 0, normalization: 'batch' },
          { residual: [{ conv: 2, activation: 'linear', normalization: 'layer' }] },
          { dense: 4, activation: 'tanh', bias: true, normalization: 'batch' },
        ],
        initialization: { kind: 'file', path: 'torch.safetensors' },
      },
    };
    const trainer = await trainerOf(planOf(torch).runs[0]);
    const pass = trainer.network.pass(4);
    kernels.write(
      pass.input,
      Float32Array.from({ length: 4 * 784 }, (_, k) => ((37 * Math.floor(k / 784) + 11 * (k % 784)) % 64) / 64),
    );
    const values = kernels.read(trainer.network.forward(pass, { mode: 'evaluation', step: 0 }));
    outputs.flat().forEach((value, k) => {
      assert.ok(Math.abs(values[k] - value) < 1e-5, `${values[k]} is not ${value}`);
    });
  });

  async function findings(text: object) {
    const reading = readExperiment(JSON.stringify(text));
    assert.ok(reading.plan, JSON.stringify(reading.diagnostics));
    return (await checkPlanData(reading, base())).findings.map(({ severity, message, path }) => ({
      severity,
      message,
      path: path.join('/'),
    }));
  }

  it('are checked: each tensor that is missing, unknown or does not fit is named at the place of the path', async function () {
    const [run] = planOf(experiment).runs;
    const trainer = await trainerOf(run);
    const state = torchState(run.specification.layers, trainer.network.input, trainer.network.outputs);
    const tensors = torchTensors(state, trainer.parameters(), { passes: 0, changes: [] });
    const checked = async (changed: WrittenTensor[]) => {
      writeFileSync(join(base(), 'start.safetensors'), safetensorsBytes(changed));
      return findings(started());
    };
    assert.deepEqual(await checked(tensors), []);
    const path = 'network/initialization/path';
    assert.deepEqual(await checked(tensors.filter(({ name }) => name !== 'conv1_norm.running_std')), [
      { severity: 'error', message: `start.safetensors lacks conv1_norm.running_std: ${remedy}`, path },
    ]);
    assert.deepEqual(
      await checked([...tensors, { name: 'x.weight', type: 'F32', shape: [1], values: Float32Array.of(1) }]),
      [{ severity: 'warning', message: 'start.safetensors has x.weight, which the network does not have', path }],
    );
    const nan = tensors.map((tensor) =>
      tensor.name === 'output.bias'
        ? { ...tensor, type: 'F32' as const, values: new Float32Array(10).fill(Number.NaN) }
        : tensor,
    );
    assert.match(
      (await checked(nan))[0].message,
      /^start\.safetensors has NaN in output\.bias: use the weights of a run .*did not diverge/,
    );
    writeFileSync(join(base(), 'start.safetensors'), 'no tensors');
    assert.match(
      (await findings(started()))[0].message,
      /cannot be used\. This is not a safetensors file.*Save its tensors again/,
    );
    const at = async (initialization: object) =>
      (await findings({ ...experiment, network: { ...network, output: { initialization } } }))[0];
    const pickle = await at({ kind: 'file', path: 'net.pt' });
    assert.equal(pickle.path, 'network/output/initialization/path');
    assert.match(pickle.message, /^net\.pt is not used\. Files of type \.pt can contain a pickle.*safetensors/);
    assert.match((await at({ kind: 'file', path: 'none.safetensors' })).message, /is not in the experiment's folder/);
    if (process.platform === 'win32') skip(this, onlyPosix);
    fifo(join(base(), 'fifo.safetensors'));
    assert.match((await at({ kind: 'file', path: 'fifo.safetensors' })).message, /is a FIFO .* not a regular file/);
    const { diagnostics } = readExperiment(
      JSON.stringify(started({ network: { ...network, initialization: { kind: 'file', path: '../x.safetensors' } } })),
    );
    assert.match(diagnostics[0].message, /leaves the experiment's folder/);
  });

  it('identify a run by their content: a folder is resumed with the same file, and refused with a different one', async () => {
    const [run] = planOf(experiment).runs;
    save(await trainerOf(run), run);
    const out = newRunFolder('start.bnexp.json', folder.path('out'));
    const planned = planOf(started());
    const files = await loadPlanData(planned, base());
    const plan = identified(planned, files);
    const { session } = sessionOf(plan, {
      folder: out,
      files,
      startWorker: inProcess(() => ({ dataset: datasetMaker() })),
    });
    session.start();
    const [summary] = await session.ended;
    assert.equal(summary.error, undefined);
    assert.equal(readResumed(out, plan, '0.1.0', { baseFolder: base() }).complete.size, 1);
    const saved = JSON.parse(readFileSync(join(out, plan.runs[0].id, 'experiment.json'), 'utf8'));
    const { sha256 } = saved.network.initialization;
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.equal(saved.network.layers[0].initialization.sha256, sha256);
    assert.ok(isSamePlan(planned, plan));
    // The date alone is not a change.
    utimesSync(join(base(), 'start.safetensors'), 4e9, 4e9);
    const again = identified(planned, await loadPlanData(planned, base()));
    assert.equal(readResumed(out, again, '0.1.0', { baseFolder: base() }).complete.size, 1);

    const trainer = await trainerOf(
      planOf({ ...experiment, training: { ...experiment.training, seeds: [7] } }).runs[0],
    );
    save(trainer, run);
    const other = identified(planned, await loadPlanData(planned, base()));
    assert.throws(
      () => readResumed(out, other, '0.1.0', { baseFolder: base() }),
      /trained with different settings: .*sha256/,
    );
    const { findings: changed } = await checkPlanData({ plan, checkClaims: () => [] }, base());
    assert.match(changed[0].message, /^start\.safetensors has changed: its SHA-256 begins with .* Restore the file/);
    await assert.rejects(trainerOf(plan.runs[0]), /initial weights: start\.safetensors has changed/);
  });

  it('are loaded by an exported script of PyTorch', async function () {
    this.timeout(30_000);
    const [run] = planOf(experiment).runs;
    save(await trainerOf(run), run);
    const plan = planOf(
      started({ network: { ...network, initialization: fromFile, output: { initialization: 'he' } } }),
    );
    const files = await loadPlanData(plan, base());
    const options = { name: 'start', start: null, dataPath: (path: string) => `../data/${path}` };
    const { script } = exportPyTorch(plan, files, options);
    assert.match(script, /load_layers\(network, "\.\.\/data\/start\.safetensors", layers\)/);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const local = exportPyTorch(plan, files, { ...options, dataPath: (path) => path });
    writeFileSync(join(base(), 'start.py'), local.script);
    const check = `
import start, torch
network = start.start_network() if hasattr(start, "start_network") else next(iter(start.ARMS.values())).network()
state = network.state_dict()
for name, value in start.load_safetensors("start.safetensors").items():
    same = torch.equal(state[name], value)
    assert same != name.startswith("output.weight"), name
print("same")
`;
    const { spawnSync } = await import('node:child_process');
    writeFileSync(join(base(), 'batchnorm_lab.py'), readFileSync('src/runs/watcher/batchnorm_lab.py'));
    const { stdout, stderr } = spawnSync(python, ['-c', check], { cwd: base(), encoding: 'utf8' });
    assert.equal(stdout.trim(), 'same', stderr);
    // Recorded starts contain the weights.
    const [{ problem, tensors }] = await runParity([{ id: 'start', plan, files }], { python, steps: 2, kernels });
    assert.equal(problem, null);
    const differs = tensors.filter(({ outcome }) => outcome === 'differs').map(({ name }) => name);
    assert.deepEqual(differs, []);
  });
});
