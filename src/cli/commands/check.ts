/** `bnexp check`: checks experiment files and their data files. */
import type { Command } from 'commander';
import type { Plan } from '../../experiment/plan';
import { count } from '../../experiment/words';
import { diskInWords, diskUse } from '../../runs/session/diskUse';
import { checkFile } from '../checkFile';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { dataLines } from '../dataText';
import { exitCode } from '../exit';
import { type FileDiagnostic, hasError, printDiagnostics, shownName } from '../printDiagnostics';

export function addCheck(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('check')
    .summary('check experiment files')
    .description(
      'Checks experiment files and their data files without training. Errors are printed to stderr as\n' +
        'path:line:column: error: message.',
    )
    .argument('<files...>', 'experiment files; - reads one from standard input')
    .option('--json', 'print the diagnostics as a JSON array')
    .addHelpText(
      'after',
      `
Exit code: 2 if there is an error, otherwise 0 (warnings do not count).

Examples:
  bnexp check first.bnexp.json
  bnexp check *.bnexp.json --json`,
    )
    .action(async (files: string[], options: { json?: boolean }) => finish(await check(files, options, context)));
}

async function check(files: string[], { json }: { json?: boolean }, context: Context): Promise<number> {
  const { console } = context;
  const all: FileDiagnostic[] = [];
  for (const file of files) {
    const { plan, diagnostics, data } = await checkFile(file, {}, context);
    all.push(...diagnostics);
    if (json) continue;
    printDiagnostics(diagnostics, console);
    if (plan)
      console.out(
        `${printable(shownName(file))}: ${console.outColours.green('ok')} (${planInWords(plan)}, ${diskInWords(diskUse(plan))})`,
      );
    if (plan) for (const line of dataLines(data)) console.out(`  ${printable(line)}`);
  }
  if (json) console.out(jsonText(all, 2));
  return hasError(all) ? exitCode.wrongInput : exitCode.done;
}

/** `2 arms × 3 seeds = 6 runs`. */
function planInWords({ arms, seeds, pointCount, runs }: Plan): string {
  const factors = [count(arms.length, 'arm')];
  if (pointCount > 1) factors.push(count(pointCount, 'point'));
  factors.push(count(seeds.length, 'seed'));
  return `${factors.join(' × ')} = ${count(runs.length, 'run')}`;
}
