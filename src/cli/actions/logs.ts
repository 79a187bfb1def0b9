/** What `bnexp logs` does. */

import { basename, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { LogFolder } from '../../runs/folder/logs/logFolder';
import { damageRemarks, readingRemarks } from '../../runs/folder/logs/logRemarks';
import { unreadable } from '../../runs/folder/systemErrors';
import { isRunLogName } from '../../runs/log/encodeRunLog';
import { count } from '../../shared/counts';
import { formatPercent } from '../../shared/numbers';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { logsJson, logsText } from '../logsText';

/** Bytes that are read between looks at the clock. */
const sliceBytes = 1 << 24;
const millisecondsBetweenLines = 2000;

export async function logs(folder: string, { json }: { json?: boolean }, { console, cwd }: Context): Promise<number> {
  const found = new LogFolder(resolve(cwd, folder));
  try {
    found.look();
  } catch (cause) {
    throw new UsageError(l10n.t`${printable(folder)} ${unreadable(cause)}: specify a folder with event files`);
  }
  if (found.runs.length === 0) {
    throw new UsageError(
      l10n.t`no event files were found in ${printable(folder)}: specify a folder with files named *tfevents*, or such a file`,
    );
  }
  let next = Date.now() + millisecondsBetweenLines;
  while (found.read(sliceBytes)) {
    // Ctrl+C is handled in between.
    await new Promise((resolve) => setImmediate(resolve));
    if (Date.now() < next) continue;
    console.err(l10n.t`${formatPercent(found.bytesRead / found.bytes, 0)} read`);
    next = Date.now() + millisecondsBetweenLines;
  }
  const damage = damageRemarks(found);
  if (json) console.out(jsonText(logsJson(found), 2));
  else {
    console.out(logsText(found, console.outColours));
    for (const remark of damage) console.err(`${console.errColours.yellow('warning:')} ${printable(remark)}`);
    for (const note of [...readingRemarks(found), ...ownLogs(found)]) console.err(l10n.t`note: ${printable(note)}`);
  }
  return damage.length > 0 ? exitCode.failed : exitCode.done;
}

/** A remark if there are run logs of this program, of which only the part for TensorBoard is listed. */
function ownLogs({ files }: LogFolder): string[] {
  const own = files.filter(({ path }) => isRunLogName(basename(path))).length;
  if (own === 0) return [];
  const found =
    own === 1
      ? l10n.t`${count(own, 'file')} is a run log of BatchNorm Lab: only the values that TensorBoard shows are listed.`
      : l10n.t`${count(own, 'file')} are run logs of BatchNorm Lab: only the values that TensorBoard shows are listed.`;
  return [`${found} ${l10n.t('The panel and bnexp export have all frames.')}`];
}
