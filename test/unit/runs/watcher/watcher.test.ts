/**
 * batchnorm_lab.py watches PyTorch networks: its run logs are read back with the lab's own reader. The networks are trained by
 * test/oracle/watched.py, in one process.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Batches } from '../../../../src/engine/batches';
import { binCount } from '../../../../src/engine/bins';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import { streams } from '../../../../src/engine/random';
import type { Frame } from '../../../../src/engine/results';
import type { LayerSpecification } from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { withSource } from '../../../../src/runs/folder/byteSource';
import { logNamesIn } from '../../../../src/runs/folder/runLogFiles';
import { isRunLogName } from '../../../../src/runs/log/encodeRunLog';
import type { RunLogHeading } from '../../../../src/runs/log/heading';
import { runLogItems } from '../../../../src/runs/log/readRunLog';
import type { RecordsEnd } from '../../../../src/runs/log/records';
import { atOnce } from '../../../../src/runs/pieces';
import { absence, python } from '../../../support/python';
import { skip } from '../../../support/skip';
import { runOf, smallDataset } from '../../engine/support/datasets';
import { draws } from '../../engine/support/draws';
import { activation, batch, layer } from '../../engine/support/networks';
import { temporaryFolder } from '../support/experiments';

const [steps, units, learningRate] = [4, 3, 0.1];
/** Relative to the largest value of a tap, or 0.1: gradients of a bias before BatchNorm are rounding errors. */
const tolerance = 1e-5;

const dense: LayerSpecification[] = [
  layer('hidden1', 20, { bias: false, normalization: batch() }),
  layer('hidden2', 12, { activation: activation('tanh'), normalization: batch({ placement: 'after-activation' }) }),
  layer('hidden3', 9, { activation: activation('sigmoid') }),
  layer('hidden4', 9, { activation: activation('gelu'), normalization: batch({ momentum: 0.3, epsilon: 1e-3 }) }),
  layer('output', null),
];

const convolution = (name: string, channels: number, stride: number): LayerSpecification => ({
  ...layer(name, null, { activation: activation('relu'), normalization: batch() }),
  kind: 'convolution',
  channels,
  kernel: 3,
  stride,
  padding: 1,
});
const images: LayerSpecification[] = [
  convolution('conv1', 5, 1),
  convolution('conv2', 6, 2),
  { kind: 'flatten', name: 'flatten' } as LayerSpecification,
  layer('output', null),
];
const side = 6;

function imageDataset(): Dataset {
  const examples = (count: number, seed: number) => ({
    count,
    features: draws(seed).normals(count * side * side),
    labels: Int32Array.from({ length: count }, (_, k) => k % 3),
    targets: new Float32Array(0),
  });
  return {
    ...smallDataset('classification'),
    featureCount: side * side,
    featureNames: [],
    image: { width: side, height: side, channels: 1 },
    train: examples(96, 5),
    test: examples(9, 6),
  };
}

/** A net of the engine with what PyTorch needs to train the same one, and the engine's frames. */
function mirrored(layers: LayerSpecification[], dataset: Dataset) {
  const kernels = new ReferenceKernels();
  const histograms = ['linear', 'activated', 'normalizedGradient', 'weights', 'weightsGradient'] as const;
  const saturation = 0.06;
  const run = runOf({
    layers,
    training: { batchSize: 32, steps },
    watch: { units, histograms: [...histograms], saturation, probes: ['effectiveRate'] },
  });
  const trainer = new Trainer(run, dataset, kernels);
  const parameters = Object.fromEntries(
    trainer.network.blocks.map((block) => [
      block.name,
      Object.fromEntries(block.parameters().map(({ name, value }) => [name, Array.from(kernels.read(value))])),
    ]),
  );
  const order = new Batches(dataset.train.count, 32, streams(run.seed)('batches'));
  const width = dataset.featureCount;
  const batches = Array.from({ length: steps }, () => {
    const rows = Array.from(order.next());
    return {
      features: rows.map((row) => Array.from(dataset.train.features.subarray(row * width, (row + 1) * width))),
      labels: rows.map((row) => dataset.train.labels[row]),
    };
  });
  const frames = batches.map(() => trainer.advance('always') as Frame);
  const flat = layers.map((each) => (each.kind === 'flatten' ? { ...each, features: 6 * (side / 2) ** 2 } : each));
  const { image } = dataset;
  const given = {
    layers: flat,
    parameters,
    batches,
    inputs: width,
    learningRate,
    units,
    saturation,
    ...(image && { image: [image.height, image.width, image.channels] }),
  };
  return { given, frames, channels: trainer.channels, places: trainer.histograms };
}

interface Log {
  file: string;
  heading: RunLogHeading;
  frames: Frame[];
  end: RecordsEnd;
}

/** The frames of a file, with each number by its channel. */
function readLog(file: string): Log {
  let heading: RunLogHeading | null = null;
  const frames: Frame[] = [];
  const end = atOnce(
    withSource(file, function* (source) {
      const items = runLogItems(source);
      for (;;) {
        const next = items.next();
        if (next.done) return next.value;
        if ('heading' in next.value) heading = next.value.heading;
        else if ('step' in next.value) frames.push(next.value);
        yield;
      }
    }),
  );
  assert.ok(heading, `${file} has no heading`);
  return { file, heading, frames, end };
}

/** The logs below a folder of one run. */
function logsIn(...folder: string[]): Log[] {
  const path = join(...folder);
  return logNamesIn(path)
    .sort()
    .map((name) => readLog(join(path, name)));
}

function theLog(...folder: string[]): Log {
  const [log, ...others] = logsIn(...folder);
  assert.equal(others.length, 0);
  return log;
}

function series({ heading, frames }: Log, channel: string): number[] {
  const place = heading.channels.indexOf(channel);
  assert.ok(place >= 0, `no channel ${channel} among ${heading.channels.join(', ')}`);
  return frames.map(({ values }) => values[place]);
}

function layersOf({ heading }: Log): string[] {
  return [...new Set(heading.channels.map((name) => name.split('/')[0]))].filter((name) => name !== 'network');
}

function close(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, k) => {
    const difference = Math.abs(value - expected[k]);
    assert.ok(difference <= 1e-5 * Math.max(1e-3, Math.abs(expected[k])), `${what} ${k}: ${value}, not ${expected[k]}`);
  });
}

describe('batchnorm_lab.py', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const nets = { dense: mirrored(dense, smallDataset('classification', 96)), images: mirrored(images, imageDataset()) };
  // biome-ignore lint/suspicious/noExplicitAny: each scenario returns something different, which its test compares.
  let results: Record<string, any> = {};
  const path = (scenario: string, run = 'Sequential/seed-1') => folder.path('logs', scenario, ...run.split('/'));

  const reason = absence(['torch']);
  if (reason) {
    it('writes run logs', function () {
      skip(this, reason);
    });
    return;
  }

  before(() => {
    const script = join(process.cwd(), 'test/oracle/watched.py');
    const input = JSON.stringify(Object.fromEntries(Object.entries(nets).map(([name, { given }]) => [name, given])));
    const { status, stdout, stderr } = spawnSync(python, ['-B', script, folder.path('logs')], {
      encoding: 'utf8',
      input,
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    assert.equal(status, 0, stderr);
    results = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });

  for (const [name, { frames, channels, places }] of Object.entries(nets)) {
    it(`measures the same as the engine in a net of ${name === 'dense' ? 'dense layers' : 'convolutions'}`, () => {
      const log = theLog(path('parity', `${name}/seed-1`));
      assert.equal(log.heading.run, `${name}/seed-1`);
      assert.deepEqual(
        log.frames.map(({ step }) => step),
        [0, 1, 2, 3],
      );
      // The test set, which the loop does not evaluate; activation shares of layers without an activation; the other rates.
      const absent = channels
        .map((channel) => channel.name)
        .filter((each) => !log.heading.channels.includes(each))
        .filter((each) => !/^output\/activated\/(zeros|saturated|dead)$|effectiveRate\/(rate|turn)$/.test(each));
      assert.deepEqual(absent, []);
      const scales = new Map<string, number>();
      const scaleOf = (channel: string) => channel.split('/').slice(0, 2).join('/');
      frames.forEach(({ values }) => {
        channels.forEach((channel, k) => {
          const scale = scaleOf(channel.name);
          if (Number.isFinite(values[k])) scales.set(scale, Math.max(scales.get(scale) ?? 0, Math.abs(values[k])));
        });
      });
      let compared = 0;
      channels.forEach((channel, k) => {
        if (!log.heading.channels.includes(channel.name) || channel.name.startsWith('network/test')) return;
        series(log, channel.name).forEach((value, frame) => {
          const expected = frames[frame].values[k];
          const scale = scales.get(scaleOf(channel.name)) ?? 0;
          assert.ok(
            Math.abs(value - expected) <= tolerance * Math.max(scale, 0.1),
            `${channel.name} at step ${frame}: ${value}, not ${expected}`,
          );
          compared++;
        });
      });
      assert.ok(compared > 4 * 100);
      for (const [place, { name: tag }] of places.entries()) {
        const own = log.heading.histograms.indexOf(tag);
        assert.ok(own >= 0, tag);
        frames.forEach(({ histograms }, frame) => {
          const expected = (histograms as Uint32Array).subarray(place * binCount, (place + 1) * binCount);
          const actual = (log.frames[frame].histograms as Uint32Array).subarray(own * binCount, (own + 1) * binCount);
          const moved = expected.reduce((sum, count, bin) => sum + Math.abs(count - actual[bin]), 0);
          const total = expected.reduce((sum, count) => sum + count, 0);
          assert.equal(
            actual.reduce((sum, count) => sum + count, 0),
            total,
            tag,
          );
          // Rounding moves single numbers across the edge of a bin.
          assert.ok(moved <= Math.max(2, total / 200), `${tag} at step ${frame}: ${moved} of ${total} differ`);
        });
      }
    });
  }

  it('leaves a whole file and no hook after an exception', () => {
    const log = theLog(path('exception'));
    assert.equal(log.end.kind, 'whole');
    assert.deepEqual(
      log.frames.map(({ step }) => step),
      [0, 2],
    );
    assert.equal(results.exception.hooks, 0);
  });

  it('calls no hook on other steps', () => {
    // Four modules, and the network itself.
    assert.deepEqual(
      results.unwatched.calls,
      [0, 5, 10].flatMap((step) => Array(5).fill(step)),
    );
    assert.deepEqual(results.unwatched.hooks, [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    assert.equal(results.unwatched.of_modules, 0);
  });

  it('copies once to the host for each watched step', () => {
    assert.deepEqual(results.transfers, ['cpu']);
  });

  it('does not measure evaluations, and records their results', () => {
    const log = theLog(path('evaluation'));
    const steps = log.frames.map(({ step }) => step);
    assert.deepEqual(steps, [0, 1, 2, 3]);
    close(series(log, 'first/linear/mean').slice(0, 3), results.evaluation, 'mean');
    assert.deepEqual(series(log, 'network/test/accuracy'), [Number.NaN, 0.25, 0.25, 0.25]);
  });

  it('names each call of a shared module', () => {
    const log = theLog(path('shared', 'Shared/seed-1'));
    assert.deepEqual(layersOf(log), ['enter', 'same', 'same:2', 'leave']);
    assert.ok(log.heading.channels.includes('same:2/activated/zeros'));
    assert.ok(!log.heading.channels.includes('same:2/weights/norm'));
  });

  it('begins a new file when a module appears', () => {
    const [before, after, ...others] = logsIn(path('appearing'));
    assert.equal(others.length, 0);
    assert.deepEqual([before, after].map(layersOf), [
      ['first', 'last'],
      ['first', 'added', 'last'],
    ]);
    assert.deepEqual(
      [before, after].map(({ frames }) => frames.map(({ step }) => step)),
      [
        [0, 1],
        [2, 3],
      ],
    );
    assert.ok(series(after, 'added/weights/updateNorm').every((norm) => norm > 0));
  });

  it('measures the first minibatch of a step with several, and the gradients of all', () => {
    const log = theLog(path('accumulation'));
    assert.deepEqual(layersOf(log), ['first', 'last']);
    close(series(log, 'first/linear/mean'), results.accumulation.means, 'mean');
    close(series(log, 'last/weights/gradientNorm'), results.accumulation.norms, 'norm');
  });

  it('measures in float32 under autocast, and takes out the scale of the loss', () => {
    assert.deepEqual(results.precision, { plain: ['torch.bfloat16'], scaled: ['torch.bfloat16'] });
    const [plain, scaled] = ['plain', 'scaled'].map((arm) => theLog(path('precision', `${arm}/seed-1`)));
    assert.deepEqual(plain.heading.channels, scaled.heading.channels);
    // A power of two changes no other bit.
    plain.heading.channels.forEach((channel, k) => {
      assert.equal(scaled.frames[0].values[k], plain.frames[0].values[k], channel);
    });
    const [mean, variance] = ['mean', 'variance'].map((quantity) => series(plain, `first/linear/${quantity}`)[0]);
    // 96 numbers in bfloat16 have a mean that bfloat16 cannot represent.
    const bits = new Uint32Array(Float32Array.of(mean, variance).buffer);
    assert.ok(bits.every((each) => (each & 0xffff) !== 0));
  });

  it('finds the optimizers, and records the rate of the update', () => {
    assert.deepEqual(results.optimizers, [
      [0.01, 0.1],
      [0.01, 0.05],
    ]);
    const log = theLog(path('optimizers', 'given/seed-1'));
    close(series(log, 'network/training/learningRate'), [0.05], 'rate');
    close(series(log, 'network/training/learningRate2'), [0.01], 'rate');
  });

  it('compares batch statistics with running ones on demand, and changes nothing', () => {
    const log = theLog(path('gap'));
    assert.equal(results.gap.unchanged, true);
    close(series(log, 'network/runningStatistics/loss'), [results.gap.running], 'running');
    close(series(log, 'network/batchStatistics/loss'), [results.gap.batch], 'batch');
    assert.ok(log.heading.channels.includes('network/batchStatistics/accuracy'));
  });

  it('lets a network be saved, copied and used in a forked process', () => {
    assert.equal(results.copies.exit, 0);
    const log = theLog(path('copies'));
    assert.equal(log.end.kind, 'whole');
    assert.deepEqual(
      log.frames.map(({ step }) => step),
      [0, 1],
    );
  });

  it('watches 200 normalizations', () => {
    const log = theLog(path('many'));
    assert.equal(log.heading.channels.filter((name) => name.endsWith('/scale/mean')).length, 200);
    assert.ok(log.frames[0].values.length > 10_000);
    assert.equal(layersOf(log).at(-1), '402');
  });

  it('watches every kind of layer', () => {
    const log = theLog(path('kinds', 'Kinds/seed-1'));
    assert.deepEqual(layersOf(log), ['volume', 'back', 'instance', 'line', 'layer', 'out']);
    const { channels } = log.heading;
    for (const channel of [
      'back/normalized/mean',
      'back/batchVariance/mean',
      'instance/runningMean/mean',
      'layer/activated/zeros',
    ])
      assert.ok(channels.includes(channel), channel);
    // weight_norm computes the weights from parameters of its own.
    assert.ok(!channels.some((name) => name.startsWith('out/weights')));
    assert.ok(log.frames[0].values.length === channels.length);
  });

  it('names the layers of a wrapped network as without', () => {
    for (const arm of ['parallel', 'compiled'])
      assert.deepEqual(layersOf(theLog(path('wrappers', `${arm}/seed-1`))), ['first', 'last']);
  });

  it('writes in the first of several processes only', () => {
    assert.deepEqual(results.distributed, [0, 0]);
    const log = theLog(path('distributed'));
    assert.equal(log.frames.length, 3);
    assert.ok(series(log, 'network/runningStatistics/loss').every(Number.isFinite));
  });

  it('warns about a folder that cannot be written, once, and lets the loop go on', () => {
    assert.equal(results.unwritable.length, 1);
    assert.match(results.unwritable[0], /stopped watching, because .*file.* cannot be written/);
  });

  it('explains wrong options, and a network that is never called', () => {
    const [taps, histograms, every, saturation, never, ...others] = results.wrong;
    assert.deepEqual(others, []);
    assert.match(taps, /^taps must be a list of linear, normalized, activated, not \['activations'\]/);
    assert.match(histograms, /^histograms must be a list/);
    assert.match(every, /^every must be at least 1/);
    assert.match(
      saturation,
      /^saturation must be a number above 0, up to 0.5 \(.*0.06 is tanh outside ±0.97\), not 0.97$/,
    );
    assert.match(never, /no forward pass in training mode in 10 steps/);
    assert.ok(!existsSync(path('wrong')));
  });

  it('watches the chosen layers and taps only', () => {
    const log = theLog(path('options', 'some/seed-7'));
    const { channels, histograms } = log.heading;
    assert.deepEqual(layersOf(log), ['last']);
    assert.deepEqual(histograms, []);
    const taps = new Set(channels.map((name) => name.split('/')[1]));
    assert.deepEqual([...taps], ['train', 'test', 'training', 'activated', 'effectiveRate', 'weights', 'bias']);
    // Without gradients at the taps, the pass of the step still ends with its backward pass.
    assert.equal(log.frames.length, 2);
  });

  it('writes files with the names of run logs, one for each run', () => {
    const log = theLog(path('longer'));
    assert.deepEqual(readdirSync(path('longer')).map(isRunLogName), [true]);
    assert.equal(log.frames.at(0)?.step, 100);
    assert.equal(log.frames.length, 40);
    // Results of each frame for TensorBoard, and 16 + 8 + 2 and the last frame in full.
    const bytes = readFileSync(log.file);
    const count = (tag: string) => bytes.toString('latin1').split(tag).length - 1;
    assert.equal(count('network/train/loss'), 40 + 1);
    assert.equal(count('first/linear/mean'), 16 + 8 + 2 + 1);
  });
});
