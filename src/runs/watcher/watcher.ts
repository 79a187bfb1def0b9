/** The Python file that watches PyTorch networks, and the lines that use it. */
import * as l10n from '@vscode/l10n';
import content from './batchnorm_lab.py';

export const watcherName = 'batchnorm_lab.py';
export const watcherText = content;

/** Line before the training loop, and line after each update. */
export const watchLine = l10n.t('lab = watch(model, "runs/my-network", every=50)');
export const stepLine = l10n.t('lab.step(loss=loss, accuracy=accuracy)');

/** Name by which Python imports a file; null if it cannot. */
export function moduleName(file: string): string | null {
  return /(?:^|[\\/])([A-Za-z_]\w*)\.py$/.exec(file)?.[1] ?? null;
}

/** Lines to add to a training script. @param module Name of the module that contains the watcher. */
export function watcherLines(module = 'batchnorm_lab'): string {
  return [
    l10n.t`from ${module} import watch`,
    '',
    l10n.t`${watchLine}  # before the training loop`,
    l10n.t`${stepLine}  # once after optimizer.step()`,
    '',
  ].join('\n');
}
