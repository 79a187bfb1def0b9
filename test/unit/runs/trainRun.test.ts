/** One run, trained in slices. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { DataError } from '../../../src/engine/data/dataset';
import type { FromWorker, StartRun } from '../../../src/protocol';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { isRunLogName } from '../../../src/runs/log/encodeRunLog';
import { parametersHash } from '../../../src/runs/worker/parametersHash';
import { type RunHost, RunTraining } from '../../../src/runs/worker/trainRun';
import { fullDetail } from '../../../src/shared/logDetail';
import { smallDataset } from '../engine/support/datasets';
import { planOf, small, temporaryFolder } from './support/experiments';
import { hostOf, outcome } from './support/inProcess';
import { tensorsIn } from './support/tensors';

const [run] = planOf(small).runs;

function request(changes: Partial<StartRun> = {}): StartRun {
  return { type: 'start', run, files: {}, logFolder: null, sendFrames: true, ...changes };
}

function trained(milliseconds: number, changes: Partial<StartRun> = {}, host: Partial<RunHost> = {}) {
  const world = hostOf(host);
  const training = new RunTraining(request(changes), world);
  let slices = 1;
  while (!training.slice(milliseconds)) slices++;
  const { messages } = world;
  const ended = messages.at(-1);
  assert.ok(ended?.type === 'ended');
  return { messages, summary: ended.summary, slices };
}

function framesOf(messages: readonly FromWorker[]) {
  const blocks = messages.flatMap((message) => (message.type === 'frames' ? [message.frames] : []));
  return { steps: blocks.flatMap(({ steps }) => [...steps]), values: blocks.flatMap(({ values }) => [...values]) };
}

describe('a run in slices', () => {
  const folder = temporaryFolder();

  it('sends its channels, its frames, and its result', () => {
    const { messages, summary } = trained(1e9);
    assert.equal(messages[0].type, 'started');
    const { steps, values } = framesOf(messages);
    assert.deepEqual(steps, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    const channels = messages[0].type === 'started' ? messages[0].channels : [];
    assert.equal(values.length, steps.length * channels.length);
    assert.equal(summary.status, 'completed');
    assert.equal(summary.steps, 60);
    assert.deepEqual(
      summary.layers.map(({ name }) => name),
      ['hidden1', 'hidden2', 'output'],
    );
    assert.equal(typeof summary.layers[0].activated, 'object');
    assert.ok((summary.final?.testAccuracy ?? -1) >= 0);
    assert.match(summary.parametersHash ?? '', /^[0-9a-f]{64}$/);
  });

  it('has the same result in many small slices', () => {
    const whole = trained(1e9);
    const sliced = trained(1);
    assert.ok(sliced.slices > 20);
    assert.deepEqual(outcome(sliced.summary), outcome(whole.summary));
    assert.deepEqual(framesOf(sliced.messages), framesOf(whole.messages));
  });

  it('has the same result whether its frames are sent, logged or not watched at all', () => {
    const sent = trained(1e9).summary;
    mkdirSync(folder.path('logged'));
    const logged = trained(1e9, { sendFrames: false, logFolder: folder.path('logged') });
    assert.deepEqual(outcome(logged.summary), outcome(sent));
    assert.equal(framesOf(logged.messages).steps.length, 0);
    const unwatched = structuredClone(run);
    Object.assign(unwatched.specification.watch, { every: 60, evaluateEvery: 60, layers: [] });
    assert.equal(trained(1e9, { run: unwatched }).summary.parametersHash, sent.parametersHash);
  });

  it('logs the same frames that it sends', () => {
    mkdirSync(folder.path('same'));
    const { messages } = trained(3, { logFolder: folder.path('same') });
    const [name] = readdirSync(folder.path('same')).filter(isRunLogName);
    const { heading, frames } = readLogFile(folder.path('same', name));
    assert.equal(heading?.run, run.id);
    assert.deepEqual({ steps: [...frames.steps], values: [...frames.values] }, framesOf(messages));
  });

  it('saves its weights beside its log, as PyTorch names them, unless told not to', () => {
    mkdirSync(folder.path('weights'));
    const normalized = planOf(small).runs[1];
    const { summary } = trained(1e9, { run: normalized, logFolder: folder.path('weights') });
    const { tensors } = tensorsIn(readFileSync(folder.path('weights', 'weights.safetensors')));
    const values = new Map(tensors.map((tensor) => [tensor.name, Float32Array.from(tensor.values())]));
    const inOrder = ['hidden1', 'hidden2'].flatMap((name) =>
      ['.weight', '_norm.weight', '_norm.bias', '_norm.running_mean', '_norm.running_var'].map((end) => name + end),
    );
    const state = [...inOrder, 'output.weight', 'output.bias'].map((name) => values.get(name) ?? new Float32Array(0));
    assert.equal(parametersHash(state), summary.parametersHash);
    assert.deepEqual([...(values.get('hidden1_norm.num_batches_tracked') ?? [])], [60]);

    mkdirSync(folder.path('without weights'));
    trained(1e9, { logFolder: folder.path('without weights'), detail: { ...fullDetail, weights: false } });
    assert.deepEqual(
      readdirSync(folder.path('without weights')).filter((name) => !isRunLogName(name)),
      [],
    );
  });

  it('that diverges is a result, with the place', () => {
    const wild = structuredClone(run);
    wild.specification.training.optimizer.learningRate = 1e38;
    const { summary } = trained(1e9, { run: wild });
    assert.equal(summary.status, 'diverged');
    assert.equal(summary.divergedAt?.step, summary.steps);
    assert.equal(summary.final, null);
    assert.equal(summary.error, undefined);
  });

  it('keeps its partial result when cancelled, also before its first slice', () => {
    const world = hostOf();
    const training = new RunTraining(request(), world);
    training.slice(10);
    training.cancel();
    training.cancel();
    assert.equal(training.slice(10), true);
    const [ended, ...more] = world.messages.filter((message) => message.type === 'ended');
    assert.equal(more.length, 0);
    assert.equal(ended.summary.status, 'cancelled');
    assert.ok(ended.summary.steps > 0 && ended.summary.steps < 60);
    assert.equal(ended.summary.layers.length, 3);

    const idle = hostOf();
    new RunTraining(request(), idle).cancel();
    assert.deepEqual(
      idle.messages.map(({ type }) => type),
      ['ended'],
    );
  });

  it('trains a regression if the data are one', () => {
    const { summary } = trained(1e9, {}, { dataset: () => smallDataset('regression', 100, 50) });
    assert.equal(summary.status, 'completed');
    assert.deepEqual(Object.keys(summary.final ?? {}), ['trainLoss', 'testLoss']);
  });

  it('fails with a readable message, whatever is thrown', () => {
    const throwing = (cause: unknown) => ({
      dataset: () => {
        throw cause;
      },
    });
    const system = (code: string) => Object.assign(new Error(`${code}: it cannot be`), { code });
    const cases: [Partial<RunHost>, RegExp][] = [
      [throwing(new DataError('t.csv:3: has no target', 'path')), /^data: t\.csv:3: has no target$/],
      [throwing(new RangeError('Array buffer allocation failed')), /^memory ran out: give smaller layers/],
      [
        throwing(new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')),
        /^memory ran out: give smaller layers/,
      ],
      [
        throwing(new WebAssembly.RuntimeError('memory access out of bounds')),
        /^the WebAssembly that trains stopped \(memory access out of bounds\): a fault of this program/,
      ],
      [throwing(new Error('no such thing')), /^no such thing$/],
      [
        {
          openLog: () => {
            throw system('EACCES');
          },
        },
        /^its run log could not be written: its permissions do not allow writing\. Change them/,
      ],
      [
        {
          openLog: () => ({
            close() {},
            frame() {
              throw system('ENOSPC');
            },
            change() {},
            weights() {},
          }),
        },
        /^its run log could not be written: the disk is full/,
      ],
      [
        {
          openLog: () => ({
            frame() {},
            change() {},
            weights() {},
            close() {
              throw system('EIO');
            },
          }),
        },
        /^its run log could not be written: the disk reports an error\. Check it/,
      ],
      [
        {
          openLog: () => ({
            frame() {},
            change() {},
            close() {},
            weights() {
              throw system('ENOSPC');
            },
          }),
        },
        /^its weights could not be written: the disk is full/,
      ],
    ];
    for (const [host, words] of cases) {
      const { summary } = trained(1e9, { logFolder: folder.path('failing') }, host);
      assert.equal(summary.status, 'failed');
      assert.match(summary.error ?? '', words);
    }
  });

  it('reports its pace a few times a second', () => {
    // A millisecond per step: 60 steps are too few for a report, 1000 give about five.
    const long = structuredClone(run);
    long.specification.training.steps = 1000;
    const reports = trained(20, { run: long }).messages.filter((message) => message.type === 'progress');
    assert.ok(reports.length >= 4 && reports.length <= 6, String(reports.length));
    assert.ok(reports.every(({ step, stepsPerSecond }) => step > 0 && Math.abs(stepsPerSecond - 1000) < 100));
  });
});
