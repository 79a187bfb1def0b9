/**
 * Reading of event files: `logs.js write FOLDER MEGABYTES` writes what PyTorch's `add_scalar` would, 200 tags over a million steps
 * in four runs; `logs.js read FOLDER` reads a folder of event files as `bnexp logs` does. Prints one line of JSON.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogFolder } from '../src/runs/folder/logs/logFolder';
import { framed } from '../src/runs/log/records';

const runs = 4;
const tags = 200;
const steps = 1_000_000;
const start = 1_700_000_000;

/** The event of one scalar: wall time, step, and a summary with one value. */
function scalarEvent(tag: Uint8Array, step: number, value: number): Uint8Array {
  const stepBytes: number[] = [];
  for (let rest = step; ; rest = Math.floor(rest / 128)) {
    stepBytes.push(rest >= 128 ? (rest % 128) | 128 : rest);
    if (rest < 128) break;
  }
  const valueLength = 2 + tag.length + 5;
  const event = new Uint8Array(9 + 1 + stepBytes.length + 2 + 2 + valueLength);
  const view = new DataView(event.buffer);
  event[0] = 0x09;
  view.setFloat64(1, start + step / 100, true);
  event[9] = 0x10;
  event.set(stepBytes, 10);
  let at = 10 + stepBytes.length;
  event.set([0x2a, valueLength + 2, 0x0a, valueLength, 0x0a, tag.length], at);
  at += 6;
  event.set(tag, at);
  at += tag.length;
  event[at] = 0x15;
  view.setFloat32(at + 1, value, true);
  return event;
}

function write(folder: string, megabytes: number): object {
  const encoder = new TextEncoder();
  const names = Array.from({ length: tags }, (_, k) =>
    encoder.encode(`layer${k >> 2}/activated/${'mean std p15 p85'.split(' ')[k & 3]}`),
  );
  // Length of a record, about.
  const perRun = (megabytes * 1e6) / runs / 62;
  const stride = Math.max(1, Math.round((steps * tags) / perRun));
  for (let run = 0; run < runs; run++) {
    const own = join(folder, `run-${run}`);
    mkdirSync(own, { recursive: true });
    const file = openSync(join(own, `events.out.tfevents.${start}.bench.${run}`), 'w');
    const block = new Uint8Array(1 << 20);
    let filled = 0;
    for (let step = 0; step < steps; step += stride) {
      for (let tag = 0; tag < tags; tag++) {
        const record = framed(scalarEvent(names[tag], step, Math.sin(step / 1e4 + tag) + run));
        if (filled + record.length > block.length) {
          writeSync(file, block, 0, filled);
          filled = 0;
        }
        block.set(record, filled);
        filled += record.length;
      }
    }
    writeSync(file, block, 0, filled);
    closeSync(file);
  }
  return { stride };
}

function read(path: string): object {
  const begin = performance.now();
  const folder = new LogFolder(path);
  folder.look();
  let first = 0;
  while (folder.read(1 << 23)) {
    // What the panel could show after the first part.
    first ||= performance.now() - begin;
  }
  const { user, system } = process.cpuUsage();
  return {
    megabytes: folder.bytesRead / 1e6,
    seconds: (performance.now() - begin) / 1000,
    cpuSeconds: (user + system) / 1e6,
    firstSeconds: first / 1000,
    values: folder.runs.flatMap(({ tags }) => tags).reduce((sum, { values }) => sum + values, 0),
    tags: folder.runs.flatMap(({ tags }) => tags).length,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
  };
}

const [what, folder, megabytes] = process.argv.slice(2);
console.log(JSON.stringify(what === 'write' ? write(folder, Number(megabytes)) : read(folder)));
