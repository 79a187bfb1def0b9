/** What `bnexp check` does. */
import * as l10n from '@vscode/l10n';
import { planInWords } from '../../experiment/plan';
import { diskInWords, diskUse } from '../../runs/session/diskUse';
import { checkFile } from '../checkFile';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { dataLines } from '../dataText';
import { exitCode } from '../exit';
import { type FileDiagnostic, hasError, printDiagnostics, shownName } from '../printDiagnostics';

export async function check(files: string[], { json }: { json?: boolean }, context: Context): Promise<number> {
  const { console } = context;
  const all: FileDiagnostic[] = [];
  for (const file of files) {
    const { plan, diagnostics, data } = await checkFile(file, {}, context);
    all.push(...diagnostics);
    if (json) continue;
    printDiagnostics(diagnostics, console);
    if (plan)
      console.out(
        `${printable(shownName(file))}: ${console.outColours.green(l10n.t('ok'))} (${planInWords(plan)}, ${diskInWords(diskUse(plan))})`,
      );
    if (plan) for (const line of dataLines(data)) console.out(`  ${printable(line)}`);
  }
  if (json) console.out(jsonText(all, 2));
  return hasError(all) ? exitCode.wrongInput : exitCode.done;
}
