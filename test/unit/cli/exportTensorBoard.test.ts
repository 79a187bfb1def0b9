/**
 * `bnexp export tensorboard`, by a decoder of protobuf's wire format that knows only the published field numbers of event.proto,
 * summary.proto, and of TensorBoard's plugin `hparams`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { tiny, trainedInto } from '../runs/folder/support/folders';
import { temporaryFolder } from '../runs/support/experiments';
import { World } from './support';

type Message = Map<number, (number | Uint8Array)[]>;

function decoded(bytes: Uint8Array): Message {
  const reader = new BinaryReader(bytes);
  const fields: Message = new Map();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const value =
      wire === WireType.Varint
        ? Number(reader.uint64())
        : wire === WireType.Bit64
          ? reader.double()
          : wire === WireType.Bit32
            ? reader.float()
            : reader.bytes();
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
const messages = (message: Message | undefined, field: number) =>
  (message?.get(field) ?? []).map((value) => decoded(value as Uint8Array));
const text = (message: Message | undefined, field: number) =>
  Buffer.from((message?.get(field)?.[0] ?? []) as Uint8Array).toString('utf8');
const number = (message: Message | undefined, field: number) => message?.get(field)?.[0] as number;

/** Summary values of an event file, with their steps. */
function valuesIn(folder: string): { step: number; value: Message }[] {
  const [name] = readdirSync(folder).filter((each) => each.includes('tfevents'));
  const file = readFileSync(join(folder, name));
  const values: { step: number; value: Message }[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const event = decoded(file.subarray(at + 12, at + 12 + length));
    if (at === 0) assert.equal(text(event, 3), 'brain.Event:2');
    for (const summary of messages(event, 5))
      for (const value of messages(summary, 1)) values.push({ step: number(event, 2) ?? 0, value });
    at += 16 + length;
  }
  return values;
}

describe('bnexp export tensorboard', () => {
  const folder = temporaryFolder();
  let world: World;
  const arms = {
    slow: { training: { optimizer: { kind: 'sgd', learningRate: 0.01 } } },
    fast: {},
  };
  before(async () => {
    await trainedInto(folder.path('runs'), { ...tiny, notes: '# What to *look* for', arms, claim: undefined });
  });
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it('writes the settings that differ, the results, the notes and all frames of the chosen channels', async () => {
    const { code, out, err } = await world.run('export', 'tensorboard', folder.path('runs'), 'logs');
    assert.equal(code, 0, err);
    assert.equal(out, 'Wrote logs: 4 runs. Show them with tensorboard --logdir logs\n');
    const [experiment, notes] = valuesIn(join(world.cwd, 'logs')).map(({ value }) => value);
    assert.equal(text(experiment, 1), '_hparams_/experiment');
    const [plugin] = messages(messages(experiment, 9)[0], 1);
    assert.equal(text(plugin, 1), 'hparams');
    const [described] = messages(messages(plugin, 2)[0], 2);
    assert.deepEqual(
      messages(described, 4).map((info) => [text(info, 1), number(info, 4)]),
      [
        ['arm', 1],
        ['seed', 3],
        ['training.optimizer.learningRate', 3],
      ],
    );
    assert.deepEqual(
      messages(described, 5).map((info) => text(messages(info, 1)[0], 2)),
      ['final/trainLoss', 'final/testLoss', 'final/trainAccuracy', 'final/testAccuracy'],
    );
    assert.equal(text(notes, 1), 'notes/text_summary');
    assert.equal(text(messages(notes, 8)[0], 8), '# What to *look* for');
    assert.equal(text(messages(messages(notes, 9)[0], 1)[0], 1), 'text');

    for (const { id, arm, seed, final, channels, frames } of readRunFolder(folder.path('runs')).runs) {
      const values = valuesIn(join(world.cwd, 'logs', id));
      const data = (place: number, field: number) =>
        messages(messages(messages(messages(values.at(place)?.value, 9)[0], 1)[0], 2)[0], field)[0];
      const start = data(0, 3);
      assert.deepEqual(
        messages(start, 1).map((entry) => {
          const [value] = messages(entry, 2);
          return [text(entry, 1), value.has(2) ? number(value, 2) : text(value, 3)];
        }),
        [
          ['arm', arm],
          ['seed', seed],
          ['training.optimizer.learningRate', arm === 'slow' ? 0.01 : 0.1],
        ],
      );
      assert.equal(text(start, 4), arm, 'seeds are one group');
      assert.equal(number(data(-1, 4), 1), 1, 'success');
      const scalars = (tag: string) =>
        values.filter(({ value }) => text(value, 1) === tag).map(({ step, value }) => [step, number(value, 2)]);
      assert.deepEqual(scalars('final/testLoss'), [[tiny.training.steps, Math.fround(final?.testLoss ?? 0)]]);
      const place = channels.findIndex(({ name }) => name === 'network/train/loss');
      const expected = Array.from(frames.steps, (step, row) => [step, frames.values[row * channels.length + place]]);
      assert.deepEqual(
        scalars('network/train/loss'),
        expected.filter(([, value]) => !Number.isNaN(value)),
      );
      assert.deepEqual(scalars('hidden1/activated/std'), []);
    }
  });

  it('writes other channels if they are chosen, and only to a new folder', async () => {
    const { code } = await world.run(
      'export',
      'tensorboard',
      folder.path('runs'),
      'logs',
      '--channels',
      '*/activated/std',
    );
    assert.equal(code, 0);
    const tags = new Set(valuesIn(join(world.cwd, 'logs/fast/seed-1')).map(({ value }) => text(value, 1)));
    assert.ok(tags.has('hidden1/activated/std') && !tags.has('network/train/loss'));
    const again = await world.run('export', 'tensorboard', folder.path('runs'), 'logs');
    assert.equal(again.code, 2);
    assert.match(again.err, /logs is not empty: choose another folder/);
    mkdirSync(join(world.cwd, 'nothing'));
    for (const [args, message] of [
      [['nothing', 'out'], /nothing is not a run folder/],
      [[folder.path('runs')], /name a folder to write/],
      [[folder.path('runs'), 'out', '--long'], /--long and --run are for tables/],
    ] as const) {
      const { code, err } = await world.run('export', 'tensorboard', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});
