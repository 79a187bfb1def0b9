/** What `bnexp logs` does. */
import { resolve } from 'node:path';
import { LogFolder } from '../../runs/folder/logs/logFolder';
import { damageRemarks, readingRemarks } from '../../runs/folder/logs/logRemarks';
import { unreadable } from '../../runs/folder/systemErrors';
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
    throw new UsageError(`${printable(folder)} ${unreadable(cause)}: specify a folder with event files`);
  }
  if (found.runs.length === 0) {
    throw new UsageError(
      `${printable(folder)} and its subfolders have no event files: specify a folder with files named *tfevents*`,
    );
  }
  let next = Date.now() + millisecondsBetweenLines;
  while (found.read(sliceBytes)) {
    // Ctrl+C is handled in between.
    await new Promise((resolve) => setImmediate(resolve));
    if (Date.now() < next) continue;
    console.err(`${formatPercent(found.bytesRead / found.bytes, 0)} read`);
    next = Date.now() + millisecondsBetweenLines;
  }
  const damage = damageRemarks(found);
  if (json) console.out(jsonText(logsJson(found), 2));
  else {
    console.out(logsText(found, console.outColours));
    for (const remark of damage) console.err(`${console.errColours.yellow('warning:')} ${printable(remark)}`);
    for (const remark of readingRemarks(found)) console.err(`note: ${printable(remark)}`);
  }
  return damage.length > 0 ? exitCode.failed : exitCode.done;
}
