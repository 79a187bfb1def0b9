/**
 * Loads the project's scripts into tests. Scripts are ES modules that find files beside themselves, and tests are bundled as
 * CommonJS, so scripts are loaded at run time instead of being bundled:
 *
 *   const { openWorkbench } = await loadScript<typeof import('../../scripts/vscode/workbench.mjs')>('vscode/workbench.mjs');
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads a script by its path under `scripts/`. `Module` is its type, as `typeof import('…')`. */
export function loadScript<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(process.cwd(), 'scripts', path)).href);
}
