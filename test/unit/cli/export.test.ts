/** `bnexp export`: a run folder as a page, and as a table of all its frames. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { parse } from 'papaparse';
import { readExperiment } from '../../../src/experiment/read';
import { replayFiles } from '../../../src/runs/export/replayFiles';
import { beginRun, writeSummary } from '../../../src/runs/folder/runFiles';
import { runLogOf } from '../../../src/runs/folder/runLogFiles';
import { RunLogWriter } from '../../../src/runs/folder/runLogWriter';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { safetensorsBytes } from '../../../src/runs/model/writeSafetensors';
import { indexOf } from '../../../src/runs/session/runIndex';
import { shortestDecimal } from '../../../src/shared/numbers';
import { small, summaryOf, World } from './support';

const channels = ['network/train/loss', 'hidden1/activated/std'].map((name) => {
  const [layer, tap, quantity] = name.split('/');
  return { layer, tap: tap as 'train', quantity, name };
});
/** More frames than a chart keeps in memory. */
const frames = 5000;
const valueAt = (seed: number, step: number, channel: number) =>
  Math.fround(step === 7 && channel === 1 ? Number.NaN : Math.sin(seed + step / 100) / (channel + 3));

const weights = safetensorsBytes([{ name: 'output.bias', type: 'F32', shape: [2], values: Float32Array.of(1, 2) }]);

describe('bnexp export', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    mkdirSync(join(world.cwd, 'dist'));
    for (const name of replayFiles) {
      writeFileSync(join(world.cwd, 'dist', name), `/* ${name} */`);
    }
  });
  afterEach(() => world.remove());

  function keep(arm = 'without', seeds = [1, 2]): string {
    const file = { ...small, arms: { [arm]: {} } };
    const { plan } = readExperiment(JSON.stringify(file), { seeds });
    assert.ok(plan);
    const folder = join(world.cwd, 'kept');
    mkdirSync(folder);
    writeIndex(folder, indexOf(plan, 'small.bnexp.json', '0.1.0'));
    for (const run of plan.runs) {
      const own = beginRun(folder, run);
      const log = new RunLogWriter(own, {
        engine: '0.1.0',
        run: run.id,
        watched: { channels, histograms: [], scene: null },
      });
      for (let step = 0; step < frames; step++) {
        const values = Float32Array.from(channels, (_, channel) => valueAt(run.seed, step, channel));
        log.frame({ step, values, histograms: null, predictions: null });
      }
      if (run.seed === 1) log.weights(weights);
      log.close();
      writeSummary(folder, run, summaryOf(run.arm, run.seed));
    }
    return folder;
  }

  const written = (name: string) => readFileSync(join(world.cwd, name), 'utf8');

  it('writes every frame of every run as CSV, exactly, with an empty cell where nothing was measured', async () => {
    keep();
    const { code, out, err } = await world.run('export', 'csv', 'kept');
    assert.equal(code, 0, err);
    assert.match(out, /^Wrote small\.csv: Small, \d+ kB\n$/);
    const { data, errors } = parse<string[]>(written('small.csv').trimEnd());
    assert.deepEqual(errors, []);
    assert.deepEqual(data[0], ['arm', 'seed', 'step', ...channels.map(({ name }) => name)]);
    assert.equal(data.length, 1 + 2 * frames);
    for (const [row, [arm, seed, step, ...cells]] of data.slice(1).entries()) {
      assert.deepEqual([arm, Number(step)], ['without', row % frames]);
      cells.forEach((cell, channel) => {
        const value = valueAt(Number(seed), Number(step), channel);
        if (Number.isNaN(value)) assert.equal(cell, '');
        else assert.equal(Math.fround(Number(cell)), value);
      });
    }
    // Lines end as in RFC 4180.
    assert.equal(written('small.csv').split('\r\n').length, 1 + 1 + 2 * frames);
  });

  it('writes CSV to standard output, and quotes names that need it', async () => {
    keep('=a, "b"', [1]);
    const { out } = await world.run('export', 'csv', 'kept', '-');
    assert.match(out, /^arm,seed,step,/);
    assert.match(out, /\n"'=a, ""b""",1,0,/);
  });

  it('exports what is readable of a log with a torn end, a damaged one and a missing one, and reports the rest', async () => {
    const folder = keep('without', [1, 2, 3]);
    const log = (seed: number) => runLogOf(join(folder, `without/seed-${seed}`)) as string;
    truncateSync(log(1), readFileSync(log(1)).length - 3);
    appendFileSync(log(2), 'garbage of more than twelve bytes');
    writeFileSync(log(3), 'not a log of anything at all, and never was one');
    const { code, err } = await world.run('export', 'csv', 'kept');
    assert.equal(code, 0);
    assert.match(
      err,
      /without\/seed-1: its run log ends within a record: [\d,]+ bytes after byte \d+ cannot be read, and 4,992 /,
    );
    assert.match(err, /without\/seed-2: its run log is damaged after byte \d+: .*, and 5,000 whole frames before that/);
    assert.match(err, /without\/seed-3: its run log is damaged after byte 0: .*, and it has no whole frame/);
    const rows = written('small.csv').trimEnd().split('\r\n').slice(1);
    const of = (seed: number) => rows.filter((row) => row.startsWith(`without,${seed},`)).length;
    assert.deepEqual([of(1), of(2), of(3)], [4992, frames, 0]);
  });

  it('writes JSON Lines, and long tables of chosen channels and of one run', async () => {
    keep();
    const rows = async (...args: string[]) => {
      const { code, out, err } = await world.run('export', ...args);
      assert.equal(code, 0, err);
      return out.trimEnd().split(/\r?\n/);
    };
    const wide = (await rows('jsonl', 'kept', '-')).map((line) => JSON.parse(line));
    assert.equal(wide.length, 2 * frames);
    assert.deepEqual(Object.keys(wide[0]), ['arm', 'seed', 'step', ...channels.map(({ name }) => name)]);
    for (const { arm, seed, step, ...values } of wide) {
      assert.equal(arm, 'without');
      channels.forEach(({ name }, k) => {
        const value = valueAt(seed, step, k);
        const read = values[name];
        assert.ok(read === null ? Number.isNaN(value) : Object.is(Math.fround(read), value), `${name} at ${step}`);
      });
    }
    const long = await rows('jsonl', 'kept', '-', '--long', '--run', 'without/seed-2', '--channels', 'hidden*/**');
    assert.equal(long.length, frames - 1, 'one value was not measured');
    assert.equal(
      long[0],
      `{"arm":"without","seed":2,"step":0,"channel":"hidden1/activated/std","value":${shortestDecimal(valueAt(2, 0, 1))}}`,
    );
    const csv = await rows('csv', 'kept', '-', '--long', '--channels', '*/activated/std', '--channels', 'network/**');
    assert.deepEqual(csv.slice(0, 2), [
      'arm,seed,step,channel,value',
      `without,1,0,network/train/loss,${shortestDecimal(valueAt(1, 0, 0))}`,
    ]);
    assert.equal(csv.length, 1 + 4 * frames - 2);
    assert.deepEqual((await rows('csv', 'kept', '-', '--channels', '*/*/loss'))[0], 'arm,seed,step,network/train/loss');
    for (const [args, message] of [
      [['--run', 'without/seed-9'], /has no run "without\/seed-9"/],
      [['--channels', 'network/*'], /no channel matches "network\/\*": .*such as "network\/train\/loss"/],
    ] as const) {
      const { code, err } = await world.run('export', 'jsonl', 'kept', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(existsSync(join(world.cwd, 'small.jsonl')), false);
    }
    assert.match((await world.run('export', 'html', 'kept', '--long')).err, /--long, --channels and --run are for csv/);
  });

  it('has the point of the sweep in its own columns, and null for numbers that JSON does not have', async () => {
    const sweep = { '/training/optimizer': [{ kind: 'adam' }, { kind: 'sgd', learningRate: 0.5 }] };
    const { plan } = readExperiment(JSON.stringify({ ...small, sweep, arms: { own: {} } }), {
      seeds: [1],
    });
    assert.ok(plan);
    const folder = join(world.cwd, 'swept');
    mkdirSync(folder);
    writeIndex(folder, indexOf(plan, 'swept.bnexp.json', '0.1.0'));
    for (const run of plan.runs) {
      const own = beginRun(folder, run);
      const log = new RunLogWriter(own, {
        engine: '0.1.0',
        run: run.id,
        watched: { channels, histograms: [], scene: null },
      });
      const values = Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
      log.frame({ step: 3, values, histograms: null, predictions: null });
      log.close();
      writeSummary(folder, run, summaryOf(run.arm, run.seed, { point: run.point, steps: 4, status: 'diverged' }));
    }
    const csv = parse<string[]>((await world.run('export', 'csv', 'swept', '-')).out.trimEnd()).data;
    assert.deepEqual(csv, [
      ['arm', 'seed', 'optimizer', 'step', 'network/train/loss', 'hidden1/activated/std'],
      ['own', '1', '{"kind":"adam"}', '3', 'inf', '-inf'],
      ['own', '1', '{"kind":"sgd","learningRate":0.5}', '3', 'inf', '-inf'],
    ]);
    const lines = (await world.run('export', 'jsonl', 'swept', '-', '--long')).out.trimEnd().split('\n');
    assert.deepEqual(JSON.parse(lines[3]), {
      arm: 'own',
      seed: 1,
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      step: 3,
      channel: 'hidden1/activated/std',
      value: null,
    });
  });

  it('writes HTML as one file with page, style and run', async () => {
    keep();
    const { code, out, err } = await world.run('export', 'html', 'kept', 'replay.html');
    assert.equal(code, 0, err);
    assert.match(out, /^Wrote replay\.html: Small, \d+ kB\n$/);
    const html = written('replay.html');
    for (const part of [
      '/* replay.js */',
      '/* panel.js */',
      '/* panel.css */',
      '/* replayNotices.txt */',
      "default-src 'none'",
    ]) {
      assert.ok(html.includes(part), part);
    }
    assert.doesNotMatch(html, /https?:/);
    const [, packed] = /type="application\/octet-stream">([^<]+)</.exec(html) ?? [];
    const unpacked = inflateRawSync(Buffer.from(packed, 'base64')).toString('latin1');
    assert.ok(unpacked.includes('without/seed-1'));
    assert.ok(!unpacked.includes(world.cwd), 'the path of the folder is private');
  });

  it('overwrites nothing without --force', async () => {
    keep();
    world.write('small.csv', 'mine');
    const refused = await world.run('export', 'csv', 'kept');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /small\.csv already exists: choose a different file, or overwrite it with --force/);
    assert.equal(written('small.csv'), 'mine');
    assert.equal((await world.run('export', 'csv', 'kept', '--force')).code, 0);
    assert.match(written('small.csv'), /^arm,/);
  });

  it('copies the trained weights of one run', async () => {
    const folder = keep();
    const { code, out } = await world.run('export', 'safetensors', 'kept', '--run', 'without/seed-1');
    assert.equal(code, 0);
    assert.match(out, /^Wrote without-seed-1\.safetensors: trained weights of without\/seed-1, \d+ bytes\n$/);
    assert.deepEqual(new Uint8Array(readFileSync(join(world.cwd, 'without-seed-1.safetensors'))), weights);
    const refused = async (message: RegExp, ...args: string[]) => {
      const { code, err } = await world.run('export', 'safetensors', 'kept', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    };
    await refused(/without-seed-1\.safetensors already exists/, '--run', 'without/seed-1');
    await refused(/kept has 2 runs: choose one with --run, such as --run "without\/seed-1"/);
    await refused(/kept has no run "without\/seed-3": did you mean/, '--run', 'without/seed-3');
    await refused(/without\/seed-2 has no weights\.safetensors: .*Train it again/, '--run', 'without/seed-2');
    truncateSync(join(folder, 'without/seed-1/weights.safetensors'), 40);
    await refused(
      /weights\.safetensors is damaged: .*Train without\/seed-1 again/,
      '--force',
      '--run',
      'without/seed-1',
    );
  });

  it('writes the network of a run as an ONNX model, and refuses weights that do not fit', async () => {
    const folder = keep();
    const args = ['export', 'onnx', 'kept', '--run', 'without/seed-1'];
    const { code, err } = await world.run(...args);
    assert.equal(code, 2);
    assert.match(
      err,
      /weights\.safetensors cannot be exported: it lacks hidden1\.weight, .*otherwise train it again with bnexp run/,
    );
    const shapes = { 'hidden1.weight': [4, 2], 'hidden1_norm.weight': [4], 'hidden1_norm.bias': [4] };
    const others = { 'hidden1_norm.running_mean': [4], 'hidden1_norm.running_var': [4], 'output.weight': [2, 4] };
    const tensors = Object.entries({ ...shapes, ...others, 'output.bias': [2] }).map(([name, shape]) => {
      return { name, type: 'F32' as const, shape, values: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5) };
    });
    writeFileSync(join(folder, 'without/seed-1/weights.safetensors'), safetensorsBytes(tensors));
    assert.match(
      (await world.run(...args)).out,
      /^Wrote without-seed-1\.onnx: network of without\/seed-1, [\d.]+ (bytes|kB)\n$/,
    );
    assert.match((await world.run(...args, 'f.onnx', '--fold')).out, /, 1 normalization folded\n$/);
    assert.match(
      (await world.run('inspect', 'without-seed-1.onnx')).out,
      /^without-seed-1\.onnx: ONNX, 1 normalization\n/,
    );
    assert.match((await world.run(...args)).err, /without-seed-1\.onnx already exists/);
    assert.match((await world.run(...args.slice(0, 3), '--run', 'without/seed-2')).err, /has no weights\.safetensors/);
  });

  it('refuses what it cannot export, with a remedy', async () => {
    keep();
    for (const [args, message] of [
      [
        ['cvs', 'kept'],
        /unknown format "cvs": use "html", "csv", "jsonl", "safetensors", "onnx", "tensorboard" or "pytorch"/,
      ],
      [['csv', 'nowhere'], /nowhere is not a run folder/],
      [['csv', 'kept', 'no/where.csv'], /the folder "no" does not exist: create it first/],
      [['csv', 'kept', 'kept'], /kept is a folder: specify a file in it/],
    ] as const) {
      const { code, err } = await world.run('export', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
    assert.equal(existsSync(join(world.cwd, 'small.csv')), false);
  });
});
