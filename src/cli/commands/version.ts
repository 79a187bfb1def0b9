/** `bnexp version`: prints the version, the runtime, and the kernels that train on this machine. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import { kernelsInWords } from '../../experiment/words';
import type { Context } from '../context';
import { exitCode } from '../exit';
import { version } from '../version';

export function addVersion(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('version')
    .summary(l10n.t('print the version and the kernels that train on this machine'))
    .description(
      l10n.t(`Prints the version, the runtime, and the kernels that train on this machine: SIMD in registers of 256 or 128 bits, or the
reference where WebAssembly has no SIMD. 256-bit registers are used only when a self-check finds the right bits.`),
    )
    .option('--json', l10n.t('print one JSON object'))
    .action(async ({ json }: { json?: boolean }) => {
      const { console, runtime } = context;
      const kernels = await context.kernels();
      const { node, v8, platform, arch } = runtime;
      if (json) {
        console.out(JSON.stringify({ version, node, v8, platform, arch, kernels }));
      } else {
        console.out(`bnexp ${version}`);
        console.out(l10n.t`Node ${node} (V8 ${v8}) on ${platform} ${arch}`);
        console.out(l10n.t`Trains with ${kernelsInWords(kernels)}`);
      }
      finish(exitCode.done);
    });
}
