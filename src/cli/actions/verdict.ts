/** What `bnexp verdict` does. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { reportHtml } from '../../experiment/report/html';
import { reportMarkdown } from '../../experiment/report/markdown';
import type { Report } from '../../experiment/report/report';
import { surfaces } from '../../experiment/sweep/surface';
import { quote } from '../../experiment/words';
import { RunFolderError } from '../../runs/folder/layout';
import { readIndex } from '../../runs/folder/readIndex';
import { damageOf, hydrationOf, loadingExperiment } from '../../runs/folder/readRunFolder';
import { atOnce } from '../../runs/pieces';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { surfacesText } from '../surfaceText';
import { verdictJson, verdictsText } from '../verdictText';
import { version } from '../version';

export interface VerdictOptions {
  json?: boolean;
  /** File, or true for stdout. */
  markdown?: string | true;
  html?: string | true;
}

export function verdict(folder: string, options: VerdictOptions, { console, cwd }: Context): number {
  const { json, markdown, html } = options;
  if ([json, markdown, html].filter((option) => option === true).length > 1) {
    throw new UsageError(
      l10n.t('only one of --json, --markdown and --html can be printed: specify a file for the others'),
    );
  }
  const path = resolve(cwd, folder);
  const index = read(() => readIndex(path));
  const { claims, engine, remarks = [] } = index;
  if (claims.length === 0) {
    for (const remark of remarks) console.err(remark);
    throw new UsageError(
      l10n.t`the experiment in ${quote(folder)} has no claim: add a "claim" to its file and run it again`,
    );
  }
  if (engine !== version) {
    const by = engine || l10n.t({ message: 'unknown', comment: 'A version' });
    console.err(l10n.t`${folder} was run by version ${by}; this is ${version}. The verdict uses the saved results.`);
  }
  const loaded = read(() => atOnce(loadingExperiment(path, { frames: false, index })));
  const saved = hydrationOf(loaded);
  const damage = damageOf(loaded);
  for (const problem of damage) console.err(printable(problem));
  const { name, notes, arms, axes, runs, conditions, verdicts } = saved;
  const report: Report = {
    name,
    notes,
    engine,
    conditions,
    verdicts,
    surfaces: surfaces(axes, arms, runs),
    remarks: damage,
  };
  const written = [
    write(markdown, () => reportMarkdown(report), { console, cwd }),
    write(html, () => reportHtml(report), { console, cwd }),
  ];
  if (json) console.out(jsonText(verdicts.map(verdictJson), 2));
  else if (!written.includes(true)) {
    const { outColours: colours } = console;
    const parts = [colours.bold(printable(name)), ...surfacesText(axes, arms, runs, colours)];
    console.out([...parts, verdictsText(verdicts, colours)].join('\n\n'));
  }
  return exitCode.done;
}

/** @returns Whether something was written. */
function write(
  target: string | true | undefined,
  make: () => string,
  { console, cwd }: Pick<Context, 'console' | 'cwd'>,
): boolean {
  if (target === undefined) return false;
  if (target === true) {
    console.out(make().replace(/\n$/, ''));
    return true;
  }
  try {
    writeFileSync(resolve(cwd, target), make());
  } catch (cause) {
    throw new UsageError(
      l10n.t`${quote(target)} cannot be written (${(cause as Error).message}): choose a different file`,
    );
  }
  console.err(l10n.t`Written to ${target}`);
  return true;
}

function read<T>(reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}
