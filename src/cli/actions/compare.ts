/** What `bnexp compare` does. */

import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { comparing } from '../../experiment/comparison/compare';
import { quote } from '../../experiment/words';
import { type ComparedFolder, comparedArms } from '../../runs/folder/comparedFolders';
import { RunFolderError } from '../../runs/folder/layout';
import { damageOf, loadingExperiment } from '../../runs/folder/readRunFolder';
import { atOnce } from '../../runs/pieces';
import { comparisonText } from '../comparisonText';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';

export interface CompareOptions {
  /** Empty for all arms. */
  arm: string[];
  json?: boolean;
}

export function compare(folders: readonly string[], { arm, json }: CompareOptions, { console, cwd }: Context): number {
  try {
    const paths = [...new Set(folders.map((folder) => resolve(cwd, folder)))];
    const loaded = paths.map((path) => atOnce(loadingExperiment(path, { frames: false })));
    const nowhere = arm.find((name) => !loaded.some(({ index }) => index.arms.includes(name)));
    if (nowhere !== undefined) throw new RunFolderError(l10n.t`no run has the arm ${quote(nowhere)}`);
    const compared = loaded.map((each): ComparedFolder => {
      const own = arm.filter((name) => each.index.arms.includes(name));
      return { loaded: each, label: null, arms: arm.length > 0 ? own : null };
    });
    const comparison = atOnce(comparing(comparedArms(compared)));
    for (const problem of loaded.flatMap(damageOf)) console.err(printable(problem));
    console.out(json ? jsonText(comparison, 2) : comparisonText(comparison, console.outColours));
    return exitCode.done;
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}
