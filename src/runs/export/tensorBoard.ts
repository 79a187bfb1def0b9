/**
 * Exports a run folder for TensorBoard: a folder of event files with all frames of the chosen channels as scalars, the settings in which the
 * runs differ with their results (HParams), and the notes (Text). Field numbers are those of TensorFlow's summary.proto, and of api.proto and
 * plugin_data.proto of TensorBoard's plugin `hparams`.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as l10n from '@vscode/l10n';
import type { FinalResults } from '../../protocol';
import { withSource } from '../folder/byteSource';
import { damageInWords, inspectingRun } from '../folder/inspectRun';
import { isInside, RunFolderError, writing } from '../folder/layout';
import { readIndex } from '../folder/readIndex';
import { SavedExperiments } from '../folder/savedExperiments';
import { runLogItems } from '../log/readRunLog';
import { framed } from '../log/records';
import { atOnce } from '../pieces';
import type { IndexedRun } from '../session/runIndex';
import { channelMatcher, type ReportProblem } from './framesTable';

/** Values of enumerations of TensorFlow and of the plugin. */
const textType = 7;
const tensorClass = 2;
const success = 1;
const failure = 2;
const hparamTypes = { string: 1, boolean: 2, number: 3 };

type Setting = string | number | boolean;
type Settings = Map<string, Setting>;

/**
 * @param target A new or empty folder.
 * @param patterns Patterns of the channels.
 * @returns Number of runs.
 * @throws RunFolderError
 */
export function exportTensorBoard(
  folder: string,
  target: string,
  patterns: readonly string[],
  report: ReportProblem,
  index = readIndex(folder),
): number {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new RunFolderError(l10n.t`${target} is not empty: choose another folder`);
  for (const remark of index.remarks ?? []) report(remark);
  const started = Date.parse(index.started ?? '') / 1000 || 0;
  const experiments = new SavedExperiments(folder);
  const runs = index.runs.filter(({ id }) => isInside(id) && existsSync(join(folder, id)));
  const settings = differing(runs.map((run) => [run, settingsOf(experiments, run)]));
  const names = [...new Set([...settings.values()].flatMap((own) => [...own.keys()]))];
  const wanted = patterns.map(channelMatcher);
  return writing(target, () => {
    mkdirSync(target, { recursive: true });
    const heading = [
      summaryEvent([hparams('experiment', experiment(index.name, names, settings))], 0, started),
      ...(index.notes === '' ? [] : [summaryEvent([textValue('notes', index.notes)], 0, started)]),
    ];
    write(join(target, fileName(started)), [versionEvent(started), ...heading]);
    for (const run of runs) {
      const { logFile, summary, damage } = atOnce(inspectingRun(folder, run, experiments, false));
      if (damage.length > 0) report(damageInWords(run.id, damage));
      const own = join(target, run.id);
      mkdirSync(own, { recursive: true });
      const file = join(own, fileName(started));
      const hparamsOfRun = sessionStart(settings.get(run.id) ?? new Map(), groupOf(run), started);
      write(file, [versionEvent(started), summaryEvent([hparams('session_start_info', hparamsOfRun)], 0, started)]);
      const end = started + (summary?.seconds ?? 0);
      // Steps take about the same time.
      const timeOf = (step: number) => started + ((end - started) * step) / Math.max(1, summary?.steps ?? 1);
      if (logFile !== null) writeFrames(file, logFile, wanted, timeOf, (problem) => report(`${run.id}: ${problem}`));
      const hasResult = summary?.status === 'completed' || summary?.status === 'diverged';
      write(file, [
        ...(summary?.final ? [summaryEvent(finalValues(summary.final), summary.steps, end)] : []),
        summaryEvent([hparams('session_end_info', sessionEnd(hasResult, end))], summary?.steps ?? 0, end),
      ]);
    }
    return runs.length;
  });
}

/** Seeds of an arm at a point are one group, whose results TensorBoard averages. */
function groupOf({ arm, point }: IndexedRun): string {
  return [arm, ...Object.values(point).map((value) => JSON.stringify(value))].join(', ');
}

/** The name that TensorBoard needs, other than that of a run log. */
function fileName(seconds: number): string {
  return `events.out.tfevents.${String(Math.floor(seconds)).padStart(10, '0')}.export`;
}

function write(file: string, records: readonly Uint8Array[]): void {
  for (const record of records) appendFileSync(file, record);
}

const framesPerPiece = 256;

function writeFrames(
  file: string,
  log: string,
  wanted: readonly RegExp[],
  timeOf: (step: number) => number,
  report: ReportProblem,
): void {
  let waiting: Uint8Array[] = [];
  const flush = () => {
    appendFileSync(file, Buffer.concat(waiting));
    waiting = [];
  };
  try {
    let channels: { name: string; place: number }[] = [];
    for (const item of withSource(log, runLogItems)) {
      if ('heading' in item) {
        channels = item.heading.channels
          .map((name, place) => ({ name, place }))
          .filter(({ name }) => wanted.some((matches) => matches.test(name)));
      }
      if (!('step' in item)) continue;
      const measured = channels.filter(({ place }) => !Number.isNaN(item.values[place]));
      if (measured.length === 0) continue;
      const values = measured.map(({ name, place }) => scalar(name, item.values[place]));
      waiting.push(summaryEvent(values, item.step, timeOf(item.step)));
      if (waiting.length === framesPerPiece) flush();
    }
  } catch (cause) {
    report((cause as Error).message);
  }
  flush();
}

/** The settings of a run that trained it, by their path; without seeds, name and notes. */
function settingsOf(experiments: SavedExperiments, { id }: IndexedRun): Settings {
  const settings: Settings = new Map();
  const flatten = (value: unknown, path: string): void => {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') settings.set(path, value);
    else if (Array.isArray(value)) settings.set(path, JSON.stringify(value));
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) flatten(item, path === '' ? name : `${path}.${name}`);
  };
  try {
    const { data, network, training } = JSON.parse(experiments.read(id).toString('utf8'));
    flatten({ data, network, training: { ...training, seeds: undefined } }, '');
  } catch {
    // Reported among the damage of the run.
  }
  return settings;
}

/** By id, the settings that are not the same in all runs, after arm and seed. */
function differing(runs: readonly (readonly [IndexedRun, Settings])[]): Map<string, Settings> {
  const names = new Set(runs.flatMap(([, settings]) => [...settings.keys()]));
  const isDifferent = (name: string) => new Set(runs.map(([, settings]) => settings.get(name))).size > 1;
  const kept = [...names].filter(isDifferent);
  return new Map(
    runs.map(([{ id, arm, seed }, settings]) => [
      id,
      new Map<string, Setting>([
        ['arm', arm],
        ['seed', seed],
        ...kept.flatMap((name): [string, Setting][] => {
          const value = settings.get(name);
          return value === undefined ? [] : [[name, value]];
        }),
      ]),
    ]),
  );
}

const metrics = ['trainLoss', 'testLoss', 'trainAccuracy', 'testAccuracy'] as const;
const metricTag = (name: string) => `final/${name}`;

function finalValues(final: FinalResults): Uint8Array[] {
  return metrics.flatMap((name) => {
    const value = final[name];
    return typeof value === 'number' ? [scalar(metricTag(name), value)] : [];
  });
}

//#region Messages

const bytesOf = (fill: (writer: BinaryWriter) => void) => {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
};

function message(writer: BinaryWriter, field: number, content: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(content);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function versionEvent(wallTime: number): Uint8Array {
  return framed(
    bytesOf((event) => {
      event.tag(1, WireType.Bit64).double(wallTime);
      text(event, 3, 'brain.Event:2');
    }),
  );
}

/** @param values Encoded `Summary.Value`s. */
function summaryEvent(values: readonly Uint8Array[], step: number, wallTime: number): Uint8Array {
  const summary = bytesOf((writer) => {
    for (const value of values) message(writer, 1, value);
  });
  return framed(
    bytesOf((event) => {
      event.tag(1, WireType.Bit64).double(wallTime);
      event.tag(2, WireType.Varint).int64(step);
      message(event, 5, summary);
    }),
  );
}

function scalar(tag: string, value: number): Uint8Array {
  return bytesOf((writer) => {
    text(writer, 1, tag);
    writer.tag(2, WireType.Bit32).float(value);
  });
}

/** @param content Data of the plugin. */
function metadata(plugin: string, content: Uint8Array | null, dataClass: number): Uint8Array {
  const pluginData = bytesOf((writer) => {
    text(writer, 1, plugin);
    if (content) message(writer, 2, content);
  });
  return bytesOf((writer) => {
    message(writer, 1, pluginData);
    if (dataClass !== 0) writer.tag(4, WireType.Varint).int32(dataClass);
  });
}

function textValue(tag: string, markdown: string): Uint8Array {
  const tensor = bytesOf((writer) => {
    writer.tag(1, WireType.Varint).int32(textType);
    message(writer, 2, new Uint8Array(0));
    text(writer, 8, markdown);
  });
  return bytesOf((writer) => {
    text(writer, 1, `${tag}/text_summary`);
    message(writer, 8, tensor);
    message(writer, 9, metadata('text', null, tensorClass));
  });
}

/** @param field Number of the `oneof` of `HParamsPluginData`, by name. */
function hparams(name: keyof typeof hparamsFields, content: Uint8Array): Uint8Array {
  const data = bytesOf((writer) => message(writer, hparamsFields[name], content));
  return bytesOf((writer) => {
    text(writer, 1, `_hparams_/${name}`);
    message(writer, 9, metadata('hparams', data, 0));
  });
}

const hparamsFields = { experiment: 2, session_start_info: 3, session_end_info: 4 };

function experiment(
  description: string,
  names: readonly string[],
  settings: ReadonlyMap<string, Settings>,
): Uint8Array {
  return bytesOf((writer) => {
    text(writer, 1, description);
    for (const name of names) {
      const values = [...new Set([...settings.values()].flatMap((own) => own.get(name) ?? []))];
      const kinds = new Set(values.map((value) => typeof value));
      const [kind] = kinds;
      message(
        writer,
        4,
        bytesOf((info) => {
          text(info, 1, name);
          info
            .tag(4, WireType.Varint)
            .int32(hparamTypes[kinds.size === 1 ? (kind as keyof typeof hparamTypes) : 'string']);
        }),
      );
    }
    for (const name of metrics) {
      const metricName = bytesOf((metric) => text(metric, 2, metricTag(name)));
      message(
        writer,
        5,
        bytesOf((info) => message(info, 1, metricName)),
      );
    }
  });
}

function sessionStart(settings: Settings, group: string, started: number): Uint8Array {
  return bytesOf((writer) => {
    for (const [name, value] of settings) {
      message(
        writer,
        1,
        bytesOf((entry) => {
          text(entry, 1, name);
          message(entry, 2, settingValue(value));
        }),
      );
    }
    text(writer, 4, group);
    writer.tag(5, WireType.Bit64).double(started);
  });
}

/** `google.protobuf.Value`. */
function settingValue(value: Setting): Uint8Array {
  return bytesOf((writer) => {
    if (typeof value === 'number') writer.tag(2, WireType.Bit64).double(value);
    else if (typeof value === 'string') text(writer, 3, value);
    else writer.tag(4, WireType.Varint).bool(value);
  });
}

function sessionEnd(hasResult: boolean, end: number): Uint8Array {
  return bytesOf((writer) => {
    writer.tag(1, WireType.Varint).int32(hasResult ? success : failure);
    writer.tag(2, WireType.Bit64).double(end);
  });
}

//#endregion
