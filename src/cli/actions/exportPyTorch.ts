/** What `bnexp export pytorch` does. */

import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import { fastestKernels } from '../../engine/kernels/fastest';
import { bytesInWords, count, quote } from '../../experiment/words';
import { NotExpressible } from '../../runs/export/notExpressible';
import { exportPyTorch } from '../../runs/export/pytorch/exportPyTorch';
import { recordedStart } from '../../runs/export/pytorch/recordedStart';
import { slashedPath } from '../../runs/folder/paths';
import { loadPlanData } from '../../runs/loadData';
import { watcherName } from '../../runs/watcher/watcher';
import { checkFile } from '../checkFile';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { hasError, printDiagnostics, shownName } from '../printDiagnostics';
import { stem } from '../readFile';
import { writeNew } from '../writeNew';
import { writeWatcherFile } from './watch';

export interface PyTorchExportOptions {
  exact?: boolean;
  arm: string[];
  seeds?: number[];
  force?: boolean;
}

export async function exportToPyTorch(
  file: string,
  out: string | undefined,
  { exact = false, force = false, arm, seeds }: PyTorchExportOptions,
  context: Context,
): Promise<number> {
  const { console, cwd } = context;
  const checked = await checkFile(file, { arms: arm, seeds }, context);
  printDiagnostics(checked.diagnostics, console);
  if (!checked.plan || hasError(checked.diagnostics)) return exitCode.wrongInput;
  // Recorded starts of 20 seeds would be large, and one shows that the two agree.
  const plan = exact && !seeds ? firstSeed(checked.plan) : checked.plan;
  const target = out ?? `${stem(file)}.py`;
  if (!target.endsWith('.py')) {
    throw new UsageError(l10n.t`${quote(target)} is not a Python file: choose a name that ends in .py`);
  }
  const folder = dirname(resolve(cwd, target));
  const fromFolder = (path: string) => (isAbsolute(path) ? path : slashedPath(folder, join(checked.baseFolder, path)));
  try {
    const kernels = fastestKernels();
    const planFiles = await loadPlanData(plan, checked.baseFolder);
    const made = exportPyTorch(plan, planFiles, {
      name: basename(target, '.py'),
      start: exact ? (run, dataset, files) => recordedStart(run, dataset, kernels, files) : null,
      dataPath: fromFolder,
    });
    writeNew(resolve(cwd, target), target, made.script, force);
    writeWatcherFile(join(dirname(target), watcherName), force, cwd);
    let bytes = 0;
    for (const { path, bytes: content } of made.files) {
      const written = content();
      writeNew(join(folder, path), path, written, force);
      bytes += written.length;
    }
    const train = l10n.t`Train with: python3 ${target}`;
    if (made.files.length === 0) {
      console.out(printable(`${l10n.t`Wrote ${target} and ${watcherName}.`} ${train}`));
      return exitCode.done;
    }
    const own = dirname(target) === '.' ? '' : `${dirname(target)}/`;
    const starts = `${own}${made.files[0].path.split('/')[0]}`;
    const files = `${count(made.files.length, 'file')} (${bytesInWords(bytes)})`;
    console.out(printable(`${l10n.t`Wrote ${target}, ${files} in ${starts} and ${watcherName}.`} ${train}`));
    return exitCode.done;
  } catch (error) {
    if (error instanceof NotExpressible) {
      throw new UsageError(l10n.t`${shownName(file)} cannot be exported to PyTorch: ${error.message}`);
    }
    if (error instanceof DataError) throw new UsageError(l10n.t`${shownName(file)}: data: ${error.message}`);
    throw error;
  }
}

function firstSeed<T extends { seeds: number[]; runs: readonly { seed: number }[] }>(plan: T): T {
  const [seed] = plan.seeds;
  return { ...plan, seeds: [seed], runs: plan.runs.filter((run) => run.seed === seed) };
}
