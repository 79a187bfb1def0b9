/** Scripts of PyTorch: what they contain, and their style. `parity.test.ts` trains with them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { cifarTestFile, cifarTrainFiles } from '../../../../src/engine/data/cifar10';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { makeDataset } from '../../../../src/engine/data/make';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import { inputShape } from '../../../../src/engine/shape';
import type { RunSpecification } from '../../../../src/engine/specification';
import { parseText } from '../../../../src/experiment/parse';
import { presets } from '../../../../src/experiment/presets';
import { readExperiment } from '../../../../src/experiment/read';
import { NotExpressible } from '../../../../src/runs/export/notExpressible';
import { exportPyTorch, type PyTorchOptions } from '../../../../src/runs/export/pytorch/exportPyTorch';
import { recordedData } from '../../../../src/runs/export/pytorch/recordedData';
import { recordedStart } from '../../../../src/runs/export/pytorch/recordedStart';
import { readLogFile, runLogOf } from '../../../../src/runs/folder/runLogFiles';
import { loadPlanData } from '../../../../src/runs/loadData';
import type { RunFiles } from '../../../../src/runs/session/planFiles';
import { filesOf } from '../../../../src/runs/session/planFiles';
import { watcherName, watcherText } from '../../../../src/runs/watcher/watcher';
import { absence, python } from '../../../support/python';
import { skip } from '../../../support/skip';
import { planOf, small, temporaryFolder } from '../support/experiments';
import { mnistFiles } from '../support/mnist';

function exported(
  experiment: object | string,
  { exact = false, ...options }: Partial<PyTorchOptions> & { exact?: boolean } = {},
) {
  const plan = typeof experiment === 'string' ? readExperiment(experiment).plan : planOf(experiment);
  assert.ok(plan);
  const start = exact
    ? (run: RunSpecification, dataset: Dataset, files: RunFiles) =>
        recordedStart(run, dataset, new ReferenceKernels(), files)
    : null;
  return exportPyTorch(plan, mnistFiles(), { name: 'small', start, dataPath: (path) => path, ...options });
}

describe('a script of PyTorch', () => {
  const folder = temporaryFolder();

  it('compiles for every preset, with and without recorded starts, in the style of PEP 8', function () {
    const wrong: string[] = [];
    mkdirSync(folder.path('presets'));
    for (const { id, text } of presets) {
      for (const exact of [false, true]) {
        const { script } = exported(text, { name: id, exact });
        writeFileSync(folder.path('presets', `${id}${exact ? '_exact' : ''}.py`), script);
        script.split('\n').forEach((line, k) => {
          if (/\s$|\t/.test(line) || (line.length > 79 && !line.endsWith('  # noqa: E501')))
            wrong.push(`${id}:${k + 1}: ${line}`);
        });
        assert.ok(!script.includes('undefined') && !script.includes('§'), id);
      }
    }
    assert.deepEqual(wrong, []);
    const { status, stderr, error } = spawnSync(python, ['-m', 'compileall', '-q', folder.path('presets')], {
      encoding: 'utf8',
    });
    if (error) skip(this, `${python} does not run (${error.message})`);
    assert.equal(status, 0, stderr);
  });

  it('contains only what its experiment needs', () => {
    const { script } = exported(small);
    for (const name of [
      'digits',
      'VariantBatchNorm',
      'RMSNorm',
      'load_safetensors',
      'freeze',
      'Residual',
      'cosine_rate',
    ]) {
      assert.ok(!script.includes(name), name);
    }
    assert.match(script, /^ {4}net\["hidden1_norm"\] = nn\.BatchNorm1d\(8\)$/m);
    assert.match(script, /^ {4}"without": Arm\(network=without_network\),$/m);
    assert.match(script, /^ {4}data: Callable = partial\(spiral, classes=2, turns=1, noise=0\.05\)$/m);
    assert.match(script, /^SEEDS = range\(1, 4\)$/m);
  });

  it('writes equal layers as a loop', () => {
    const layers = Array.from({ length: 12 }, () => ({ dense: 8 }));
    const { script } = exported({ ...small, network: { layers, normalization: { kind: 'batch' } }, arms: undefined });
    assert.match(
      script,
      /for k in range\(2, 13\):\n {8}net\[f"hidden\{k\}"\] = nn\.Linear\(8, 8, bias=False\)\n {8}net\[f"hidden\{k\}_norm"\]/,
    );
  });

  it('is refused with the place and a remedy where PyTorch computes something different', () => {
    const changes = [
      { at: 5, momentum: 0 },
      { at: 9, momentum: 0.5 },
    ];
    const optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0.9 };
    assert.throws(
      () => exported({ ...small, training: { ...small.training, optimizer, changes } }),
      (error) =>
        error instanceof NotExpressible && /training\.changes at step 9.*use a small momentum/.test(error.message),
    );
    const sweep = { '/training/optimizer/learningRate': Array.from({ length: 60 }, (_, k) => 0.01 * (k + 1)) };
    const layers = [{ conv: 3, kernel: 5, stride: 9 }, { flatten: true }, { residual: [{ dense: 48 }] }];
    const network = { layers, normalization: { kind: 'group', groups: 3 } };
    const data = { kind: 'digits', train: 40, test: 10 };
    assert.throws(
      () => exported({ ...small, data, network, arms: undefined }),
      (error) => error instanceof NotExpressible && /the groups of hidden1 are not/.test(error.message),
    );
    assert.throws(() => exported({ ...small, sweep }), /120 arms at points of the sweep.*--arm/);
  });

  it('trains, prints its results, and logs what the panel reads', function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    mkdirSync(folder.path('run'));
    const evaluated = { ...small, watch: { every: 5, evaluateEvery: 20 } };
    writeFileSync(folder.path('run', 'small.py'), exported(evaluated).script);
    writeFileSync(folder.path('run', watcherName), watcherText);
    const options = { cwd: folder.path('run'), encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(python, ['small.py', '--arm', 'BatchNorm', '--seeds', '3'], options);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^BatchNorm, seed 3, training: loss \d+\.\d{4}, accuracy \d\.\d{4}\nBatchNorm, seed 3, test: loss/,
    );
    const log = runLogOf(folder.path('run', 'runs', 'small', 'BatchNorm', 'seed-3'));
    assert.ok(log);
    const { heading, frames } = readLogFile(log);
    assert.deepEqual([...frames.steps], [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    for (const channel of [
      'hidden1/normalized/std',
      'hidden2/scale/mean',
      'output/weights/norm',
      'network/test/accuracy',
    ]) {
      assert.ok(heading?.channels.includes(channel), channel);
    }
  });

  it('reads image files from the folder of the script, as the lab does', async function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    mkdirSync(folder.path('idx', 'mnist'), { recursive: true });
    mkdirSync(folder.path('idx', 'cifar'));
    for (const [path, { bytes }] of mnistFiles()) writeFileSync(folder.path('idx', path), gzipSync(bytes));
    const { cifar } = JSON.parse(readFileSync('test/fixtures/pictures/pictures.json', 'utf8'));
    for (const name of [...cifarTrainFiles, cifarTestFile]) {
      writeFileSync(folder.path('idx', 'cifar', name), Buffer.from(cifar.file, 'base64'));
    }
    const { text } = presets.find(({ id }) => id === 'paper-mnist') ?? { text: '' };
    const colour = { kind: 'cifar-10', folder: 'cifar', train: 7, test: 2, standardize: true };
    const { value } = parseText(text) as { value: object };
    const plan = planOf({
      ...value,
      training: { batchSize: 4, steps: 1, seeds: [1] },
      arms: {
        binarized: {},
        lying: { data: { binarize: null, standardize: true, transpose: true } },
        colour: { data: colour },
        'colour, convolution': { data: colour, network: { layers: [{ conv: 2 }], activation: 'relu' } },
      },
      claim: undefined,
    });
    const files = await loadPlanData(plan, folder.path('idx'));
    const { script } = exportPyTorch(plan, files, { name: 'small', start: null, dataPath: (path) => path });
    writeFileSync(folder.path('idx', 'mnist.py'), script);
    const code = [
      'import sys, types, json, torch',
      'sys.modules["batchnorm_lab"] = types.SimpleNamespace(watch=None)',
      `sys.path.insert(0, ${JSON.stringify(folder.path('idx'))})`,
      'import mnist',
      'def summed(x):',
      '    return (x[:3].double() * torch.arange(1, x.shape[1] + 1)).sum(1).tolist()',
      'print(json.dumps([[[summed(x), y.tolist()] for x, y in arm.data(arm.sizes, None)] for arm in mnist.ARMS.values()]))',
    ].join('\n');
    const { stdout, stderr } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    assert.equal(stderr, '');
    const read = JSON.parse(stdout) as [number[], number[]][][];
    plan.runs.forEach((run, arm) => {
      const dataset = makeDataset(run.data, 1, filesOf(run, files));
      const input = inputShape(run.specification.layers, dataset.featureCount, dataset.image);
      const [train, , test] = recordedData(run.specification, dataset, input);
      [train, test].forEach(({ values, shape: [, width] }, part) => {
        const [sums, labels] = read[arm][part];
        assert.deepEqual(labels, [...[dataset.train, dataset.test][part].labels], run.arm);
        sums.forEach((sum, row) => {
          const own = (values as Float32Array).subarray(width * row, width * (row + 1));
          const [wanted, size] = own.reduce(
            ([total, all], number, k) => [total + number * (k + 1), all + Math.abs(number) * (k + 1)],
            [0, 0],
          );
          assert.ok(Math.abs(sum - wanted) < 1e-6 * size, `${run.arm}: ${sum} instead of ${wanted}`);
        });
      });
    });
  });

  it('is refused for training images that are changed at random', () => {
    const plan = planOf({
      ...small,
      data: { kind: 'fashion-mnist', augment: { shift: 2 } },
      training: { ...small.training, batchSize: 10 },
    });
    assert.throws(
      () => exportPyTorch(plan, new Map(), { name: 'small', start: null, dataPath: (path) => path }),
      /training images of "without" are changed at random \(data\.augment\).*remove "augment"/,
    );
  });

  it('draws digits like those of the lab', function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const data = { kind: 'digits', train: 300, test: 10, noise: 0.1 };
    const { script } = exported({ ...small, data, training: { ...small.training, steps: 1 } });
    writeFileSync(folder.path('drawn.py'), script);
    const code = [
      'import sys, types, torch, json',
      'sys.modules["batchnorm_lab"] = types.SimpleNamespace(watch=None)',
      `sys.path.insert(0, ${JSON.stringify(folder.path())})`,
      'import drawn',
      '(x, y), _ = drawn.digits((300, 10), torch.Generator().manual_seed(1), 0.1)',
      'print(json.dumps([x[y == k].mean().item() for k in range(10)] + [x.std().item()]))',
    ].join('\n');
    const { stdout, stderr } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    assert.equal(stderr, '');
    const plan = planOf({ ...small, data });
    const { train } = makeDataset(plan.runs[0].data, 1, {});
    const ours = Array.from({ length: 10 }, (_, k) => {
      const rows = [...train.labels.keys()].filter((row) => train.labels[row] === k);
      return (
        rows.reduce((sum, row) => sum + meanOf(train.features.subarray(784 * row, 784 * (row + 1))), 0) / rows.length
      );
    });
    const drawn: number[] = JSON.parse(stdout);
    // The ink of a digit varies by a fifth; the mean of 30 digits by about 4 %.
    ours.forEach((mean, k) => {
      assert.ok(Math.abs(drawn[k] / mean - 1) < 0.2, `${k}: ${drawn[k]} instead of ${mean}`);
    });
    const std = Math.sqrt(meanOf(train.features.map((v) => v * v)) - meanOf(train.features) ** 2);
    assert.ok(Math.abs(drawn[10] / std - 1) < 0.05, `${drawn[10]} instead of ${std}`);
  });
});

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
