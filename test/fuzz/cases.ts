/** Content of a case: files in a separate folder, and the commands that read them. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { presets } from '../../src/experiment/presets';
import { checksumBytes, framed, headerBytes } from '../../src/runs/log/records';
import { damagedBytes, damagedJson, damagedText } from './damage';
import type { Dice } from './dice';
import { makeFifo, writeData } from './files';
import { writeImagesCase } from './images';
import { writeSettingsCase } from './settings';

export const kinds = ['experiment', 'settings', 'data', 'images', 'folder', 'logs'] as const;
export type Kind = (typeof kinds)[number];

export interface Place {
  /** An empty folder for the case. */
  cwd: string;
  /** Run folders written by `bnexp run`, to be copied and damaged. */
  templates: readonly string[];
  /** Whether FIFOs may be made: a program that opens one blocks and has to be killed. */
  fifos: boolean;
}

const checks = (file: string) => [
  ['check', file],
  ['check', file, '--json'],
  ['run', file, '--steps', '2', '--seeds', '1', '--jobs', '1', '--quiet', '--out', 'out'],
];

/** @returns The commands, each a list of arguments. */
export function makeCase(kind: Kind, dice: Dice, place: Place): string[][] {
  switch (kind) {
    case 'experiment':
      return experimentCase(dice, place);
    case 'settings':
      return settingsCase(dice, place);
    case 'data':
      return dataCase(dice, place);
    case 'images':
      writeImagesCase(dice, place);
      return checks('x.bnexp.json');
    case 'folder':
      return folderCase(dice, place);
    case 'logs':
      return logsCase(dice, place);
    default:
      return kind satisfies never;
  }
}

function experimentCase(dice: Dice, { cwd }: Place): string[][] {
  const { text } = dice.pick(presets);
  const times = dice.between(1, 3);
  const file = dice.pick(['x.bnexp.json', 'x.bnexp.json', '$(flame) [a](command:b) \u202e\u001b[2J.bnexp.json']);
  let damaged = text;
  // JSON.parse does not accept the comments of presets, and value-level damage needs none.
  if (dice.chance(0.4)) {
    let json: unknown = JSON.parse(text.replace(/^\s*\/\/.*$|\s\/\/[^"\n]*$/gm, ''));
    for (let k = 0; k < times; k++) json = damagedJson(json, dice);
    damaged = JSON.stringify(json, null, 1) ?? '';
  } else {
    for (let k = 0; k < times; k++) damaged = damagedText(damaged, dice);
  }
  writeFileSync(join(cwd, file), dice.chance(0.1) ? damagedBytes(Buffer.from(damaged), dice) : damaged);
  return checks(file);
}

function settingsCase(dice: Dice, place: Place): string[][] {
  writeSettingsCase(dice, place);
  const file = 'x.bnexp.json';
  const commands = [
    ['check', file, '--json'],
    ['run', file, '--seeds', dice.pick(['1', '1', '1-2']), '--jobs', '1', '--yes', '--quiet', '--out', 'out'],
    ['verdict', 'out'],
    ['export', 'csv', 'out', '-'],
    ['export', 'html', 'out', 'page.html'],
    ['export', 'pytorch', file, 'program.py'],
  ];
  return commands.filter((_, k) => k < 2 || dice.chance(0.4));
}

function table(dice: Dice): string {
  const delimiter = dice.pick([',', ',', ';', '\t', ' ', '|']);
  const end = dice.pick(['\n', '\r\n', '\r']);
  const words = ['a', 'b', '"a b"', '"x ""y"""', 'é', ''];
  const number = () =>
    dice.pick(['1', '2.5', '-3e2', '0', '1,5', '1.234,5', '$3', '12 %', '−4', ' 7', '', 'NaN', '1e999']);
  const rows = Array.from({ length: dice.between(0, 60) }, (_, k) => {
    const plain = dice.chance(0.9);
    return [
      plain ? String(k / 7) : number(),
      plain ? String(k % 5) : number(),
      dice.pick(words),
      dice.pick(['p', 'q']),
    ];
  });
  const lines = [['x', 'y', 'word', 'class'], ...rows].map((cells) => cells.join(delimiter));
  return `${dice.pick(['', '', '\ufeff', 'sep=;\n', '# note\n', '\n\n'])}${lines.join(end)}${dice.pick(['', end])}`;
}

function idx(dice: Dice, count: number, images: boolean): Buffer {
  const sizes = images ? [count, 4, 4] : [count];
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x800 + sizes.length, 0);
  sizes.forEach((size, k) => {
    header.writeUInt32BE(dice.chance(0.05) ? dice.pick([0, 1, 0xffffffff, 5e8]) : size, 4 + 4 * k);
  });
  return Buffer.concat([header, Buffer.from(Array.from({ length: images ? count * 16 : count }, (_, k) => k % 10))]);
}

function dataCase(dice: Dice, place: Place): string[][] {
  const { cwd } = place;
  const written = (name: string, bytes: Buffer) => {
    writeData(name, bytes, dice, place);
    return name;
  };
  let data: object;
  if (dice.chance(0.6)) {
    let text = table(dice);
    if (dice.chance(0.5))
      text = damagedText(text, dice, [';', ',,,', '\t', '"', "'", '""', '\r', '1e999', '#', 'x'.repeat(70_000)]);
    const bytes = dice.chance(0.1)
      ? Buffer.from(`\ufeff${text}`, 'utf16le')
      : Buffer.from(text, dice.pick(['utf8', 'utf8', 'latin1']));
    const path = written(dice.pick(['t.csv', 't.csv', '$(flame) \u001b[2J\u202e.csv']), bytes);
    data = { kind: 'csv', path, target: dice.pick(['class', 'class', 'y', 'nothing', '']) };
    if (dice.chance(0.2)) data = { ...data, delimiter: dice.pick([',', ';', '\t', ' ', 'x', '']) };
    if (dice.chance(0.2)) data = { ...data, task: 'regression' };
  } else {
    const ending = dice.pick(['', '.gz']);
    const count = dice.between(1, 40);
    const files = ['trainImages', 'trainLabels', 'testImages', 'testLabels'].map((name, k) => [
      name,
      written(`${name}${ending}`, idx(dice, dice.chance(0.9) ? count : count + 1, k % 2 === 0)),
    ]);
    data = { kind: 'idx', ...Object.fromEntries(files) };
  }
  const network = { layers: [{ dense: 4 }], normalization: { kind: dice.pick(['batch', 'none', 'layer']) } };
  const experiment = { name: 'Fuzz', data, network, training: { batchSize: 8, steps: 2, seeds: [1] } };
  writeFileSync(join(cwd, 'x.bnexp.json'), JSON.stringify(experiment, null, 2));
  return checks('x.bnexp.json');
}

function folderCase(dice: Dice, place: Place): string[][] {
  const folder = join(place.cwd, 'runs');
  cpSync(dice.pick(place.templates), folder, { recursive: true });
  const times = dice.between(1, 3);
  for (let k = 0; k < times; k++) damageFolder(folder, dice, place.fifos);
  const commands = [
    ['verdict', 'runs'],
    ['verdict', 'runs', '--json'],
    ['verdict', 'runs', '--markdown', '--html', 'report.html'],
    ['export', 'csv', 'runs', '-'],
    ['export', 'html', 'runs', 'page.html'],
  ];
  return commands.filter((_, k) => k === 0 || dice.chance(0.6));
}

/** Event files that PyTorch, Keras and TensorFlow wrote. */
const eventFiles = 'test/fixtures/logs';

function logsCase(dice: Dice, { cwd, fifos }: Place): string[][] {
  const folder = join(cwd, 'logs');
  cpSync(eventFiles, folder, { recursive: true });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('tfevents'))
    .sort();
  const times = dice.between(1, 4);
  for (let k = 0; k < times; k++) {
    const path = join(folder, dice.pick(files));
    if (isRegular(path)) writeFileSync(path, damagedRecords(readFileSync(path), dice));
  }
  if (dice.chance(0.3)) damageFolder(folder, dice, fifos);
  return [
    ['logs', 'logs'],
    ['logs', 'logs', '--json'],
    ['export', 'csv', 'logs', '-'],
  ];
}

/** Damages the content of a record and computes its checksums again, so that the damage is not found by them; or any bytes. */
function damagedRecords(bytes: Buffer, dice: Dice): Buffer {
  if (dice.chance(0.3)) return damagedBytes(bytes, dice);
  const records: Buffer[] = [];
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + headerBytes, at + headerBytes + length));
    at += headerBytes + length + checksumBytes;
  }
  if (records.length === 0) return damagedBytes(bytes, dice);
  const damaged = dice.below(records.length);
  const content = records.map((record, k) => framed(k === damaged ? damagedBytes(record, dice) : record));
  return Buffer.concat(content);
}

function damageFolder(folder: string, dice: Dice, fifos: boolean): void {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  if (all.length === 0) return;
  const path = join(folder, dice.pick(all));
  const isFile = isRegular(path);
  const otherName = join(
    dirname(path),
    dice.pick([`._${basename(path)}`, `${basename(path)} 2`, `${basename(path)}.tmp`]),
  );
  switch (dice.below(9)) {
    case 0:
    case 1:
    case 2:
      if (isFile && path.endsWith('.json') && dice.chance(0.7)) damageJsonFile(path, dice);
      else if (isFile) writeFileSync(path, damagedBytes(readFileSync(path), dice));
      return;
    case 3:
      rmSync(path, { recursive: true, force: true });
      return;
    case 4:
      if (isFile) writeFileSync(path, '');
      return;
    case 5:
      // A copy as sync tools and other systems leave it, sometimes of one byte.
      if (!isFile || existsSync(otherName)) return;
      writeFileSync(otherName, dice.chance(0.5) ? 'x' : readFileSync(path));
      return;
    case 6:
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      return;
    case 7:
      rmSync(path, { recursive: true, force: true });
      if (fifos && dice.chance(0.5)) makeFifo(path);
      else symlinkSync(dice.pick([path, 'nowhere', '..', '/dev/zero', folder]), path);
      return;
    default: {
      const other = join(folder, dice.pick(all));
      const nested = other.startsWith(`${path}/`) || path.startsWith(`${other}/`) || other === path;
      if (nested || !existsSync(other) || !existsSync(path)) return;
      try {
        renameSync(other, `${folder}-moved`);
        renameSync(path, other);
        renameSync(`${folder}-moved`, path);
      } catch {
        // Links have made one of them a part of the other.
      }
    }
  }
}

function isRegular(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Missing, or a circular link.
    return false;
  }
}

function damageJsonFile(path: string, dice: Dice): void {
  const text = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, JSON.stringify(damagedJson(JSON.parse(text), dice), null, 2) ?? '');
  } catch {
    // Already damaged.
    writeFileSync(path, damagedText(text, dice));
  }
}
