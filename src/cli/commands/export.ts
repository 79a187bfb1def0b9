/**
 * `bnexp export`: exports the runs of a folder as an HTML page that replays them, or as a CSV table of all frames; the trained
 * weights of a run; its network as an ONNX model; and an experiment as a script of PyTorch.
 */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import { quote, suggestion } from '../../experiment/words';
import type { ExportOptions } from '../actions/export';
import type { OnnxExportOptions } from '../actions/exportOnnx';
import type { PyTorchExportOptions } from '../actions/exportPyTorch';
import { collect, seedsArgument } from '../arguments';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { type Format, formats } from '../files';

export function addExport(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('export')
    .summary(
      l10n.t(
        'export the runs of a folder as HTML, CSV, JSON Lines, safetensors or ONNX, or an experiment as a PyTorch script',
      ),
    )
    .description(
      l10n.t(`Reads a run folder (--out of bnexp run, or a folder below .bnexp/runs) and writes it as one file:

  html  a page with charts and scrubber that any browser opens offline
  csv   every frame of every run: arm, seed, point of the sweep, step and one column per channel
  jsonl  the same as JSON Lines: one object per row
  safetensors  the trained weights of a run, with the names and layouts of PyTorch
  onnx  the trained network of a run in evaluation form, for ONNX Runtime and other programs
  tensorboard  a folder for TensorBoard: settings that differ and results (HParams), notes (Text), and scalars of all frames

Reads an experiment file and writes a Python script:

  pytorch  trains the same experiment with PyTorch, and logs what the panel shows

A folder of TensorBoard event files of other programs is written as csv too: one row per scalar, with arm, seed, tag,
step, wall time and value.`),
    )
    .argument('<format>', l10n.t('html, csv, jsonl, safetensors, onnx, tensorboard or pytorch'))
    .argument('<source>', l10n.t('a run folder, or for csv a folder of event files; for pytorch an experiment file'))
    .argument(
      '[file]',
      l10n.t('file to write (default: named after the experiment, in the current folder); - writes to standard output'),
    )
    .option('--force', l10n.t('overwrite an existing file'))
    .option('--fold', l10n.t('onnx: make batch normalizations part of the linear layers, where that is exact'))
    .option(
      '--data <dir>',
      l10n.t('onnx: folder that the paths of data files start from (default: where the experiment is, or was)'),
    )
    .option('--run <id>', l10n.t('csv, jsonl, safetensors and onnx: the only run, such as BatchNorm/seed-1'))
    .option('--long', l10n.t('csv and jsonl: one row per measured value, with the columns channel and value'))
    .option(
      '--channels <pattern>',
      l10n.t(
        'csv, jsonl and tensorboard: only these channels, such as "network/**" or "hidden*/activated/std"; * stops at /, ** does not; can be repeated',
      ),
      collect,
      [],
    )
    .option(
      '--exact',
      l10n.t(
        'pytorch: write initial weights, examples and minibatches beside the script, which starts from them (default: the first seed)',
      ),
    )
    .option('--arm <name>', l10n.t('pytorch: export only this arm; can be repeated'), collect, [])
    .option('--seeds <list>', l10n.t("pytorch: override the file's seeds, e.g. 1-20 or 1,5,9"), seedsArgument)
    .addHelpText(
      'after',
      l10n.t(`
The page contains up to 2,048 frames per run, including the extremes. Tables contain all frames. A channel that was not measured at
a step is an empty cell or null, and has no row with --long. Infinity is inf in csv, and null in jsonl, because JSON has no such number.
Damaged or missing parts of the folder are skipped with a warning.

Examples:
  bnexp run first.bnexp.json --out first
  bnexp export html first
  bnexp export csv first - | head
  bnexp export jsonl first --long --channels "network/**"
  bnexp export safetensors first --run BatchNorm/seed-1
  bnexp export onnx first net.onnx --run BatchNorm/seed-1 --fold
  bnexp export tensorboard first logs && tensorboard --logdir logs
  bnexp export pytorch first.bnexp.json first.py --exact`),
    )
    .action(
      async (
        format: string,
        source: string,
        file: string | undefined,
        options: ExportOptions & PyTorchExportOptions & OnnxExportOptions,
      ) => {
        if (format === 'pytorch') {
          const { exportToPyTorch } = await import('../actions/exportPyTorch');
          finish(await exportToPyTorch(source, file, options, context));
          return;
        }
        if (format === 'tensorboard') {
          const { exportToTensorBoard } = await import('../actions/exportTensorBoard');
          exportToTensorBoard(source, file, options, context);
          finish(exitCode.done);
          return;
        }
        if (format === 'safetensors') {
          const { exportWeights } = await import('../actions/exportWeights');
          exportWeights(source, file, options, context);
          finish(exitCode.done);
          return;
        }
        if (format === 'onnx') {
          const { exportToOnnx } = await import('../actions/exportOnnx');
          await exportToOnnx(source, file, options, context);
          finish(exitCode.done);
          return;
        }
        const { exportRuns } = await import('../actions/export');
        exportRuns(formatOf(format), source, file, options, context);
        finish(exitCode.done);
      },
    );
}

function formatOf(text: string): Format {
  const format = formats.find((each) => each === text);
  if (format) return format;
  throw new UsageError(
    l10n.t`unknown format ${quote(text)}${suggestion(text, [...formats, 'safetensors', 'onnx', 'tensorboard', 'pytorch'])}`,
  );
}
