// @ts-check
/** A person trains a PyTorch network in the workbench's terminal, and watches its logs in the panel. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/files.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

export const trainingScript = 'train.py';

/** Settings for a terminal with the system's Python and the same prompt on every machine, and for a folder of its own for each row of the explorer. */
export const terminalSettings = {
  'explorer.compactFolders': false,
  'terminal.integrated.defaultProfile.linux': 'plain',
  'terminal.integrated.profiles.linux': {
    plain: { path: '/bin/bash', args: ['--noprofile', '--norc'], env: { PS1: '$ ', PATH: '/usr/bin:/bin' } },
  },
  'terminal.integrated.shellIntegration.enabled': false,
};

/** The example's training, which goes on until Ctrl+C, at most 100 steps a second, and prints its loss. */
const changes = [
  ['import sys\n', 'import sys\nimport time\n'],
  ['for step in range(200):', 'for step in range(1_000_000):'],
  [
    /( +)lab\.step\(.*\n/,
    '$&$1if step % 100 == 0:\n$1    print(f"step {step}: loss {loss.item():.3f}", flush=True)\n$1time.sleep(0.01)\n',
  ],
];

/**
 * Writes the training script, and the file that watches its network.
 * @param {string} folder
 */
export function writeTraining(folder) {
  let text = readFileSync(join(root, 'examples/python/pytorch.py'), 'utf8');
  for (const [there, instead] of changes) {
    const changed = text.replace(there, /** @type {string} */ (instead));
    if (changed === text) throw new Error(`examples/python/pytorch.py has no ${there}.`);
    text = changed;
  }
  writeFileSync(join(folder, trainingScript), text);
  copyFileSync(join(root, 'src/runs/watcher/batchnorm_lab.py'), join(folder, 'batchnorm_lab.py'));
}

/**
 * Types a command in the terminal that has the focus.
 * @param {Workbench} workbench
 * @param {string} command
 */
export async function typeCommand({ page }, command) {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
}

/**
 * Opens a terminal, starts the training script there, and watches its logs when they exist.
 * @param {Workbench} workbench
 * @param {string} python
 */
export async function trainAndWatch(workbench, python = 'python3') {
  const { page } = workbench;
  await workbench.runCommand('Terminal: Create New Terminal');
  await page.locator('.terminal-wrapper.active .xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await typeCommand(workbench, `${python} ${trainingScript}`);
  const runs = page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^runs$/ });
  await workbench.chooseFromMenu(runs, 'Watch Training Logs…');
  await workbench.waitForPanel('following');
}
