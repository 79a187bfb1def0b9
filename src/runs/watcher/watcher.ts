/** The Python file that watches PyTorch networks, and the lines that use it. */
import content from './batchnorm_lab.py';

export const watcherName = 'batchnorm_lab.py';
export const watcherText = content;

/** Line before the training loop, and line after each update. */
export const watchLine = 'lab = watch(model, "runs/my-network", every=50)'; // not translated: Python
export const stepLine = 'lab.step(loss=loss, accuracy=accuracy)'; // not translated: Python

/** Name by which Python imports a file; null if it cannot. */
export function moduleName(file: string): string | null {
  return /(?:^|[\\/])([A-Za-z_]\w*)\.py$/.exec(file)?.[1] ?? null;
}

/** Lines to add to a training script. @param module Name of the module that contains the watcher. */
export function watcherLines(module = 'batchnorm_lab'): string {
  return [
    `from ${module} import watch`, // not translated: Python
    '',
    `${watchLine}  # before the training loop`, // not translated: Python
    `${stepLine}  # once after optimizer.step()`, // not translated: Python
    '',
  ].join('\n');
}
