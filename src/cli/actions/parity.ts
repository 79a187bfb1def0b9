/** What `bnexp parity` does. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import { fastestKernels } from '../../engine/kernels/fastest';
import { NotExpressible } from '../../runs/export/notExpressible';
import type { Certificate, Outcome, TensorVerdict } from '../../runs/export/pytorch/certificate';
import { NoPyTorch, runParity } from '../../runs/export/pytorch/runParity';
import { loadPlanData } from '../../runs/loadData';
import { count } from '../../shared/counts';
import { formatCount } from '../../shared/numbers';
import { checkFile } from '../checkFile';
import { type Console, jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { hasError, printDiagnostics, shownName } from '../printDiagnostics';
import { type Column, table } from '../textTable';

export interface ParityOptions {
  steps: number;
  arm: string[];
  seeds?: number[];
  python: string;
  json?: boolean;
}

export async function parity(
  file: string,
  { steps, arm, seeds, python, json = false }: ParityOptions,
  context: Context,
): Promise<number> {
  const checked = await checkFile(file, { arms: arm, seeds }, context);
  printDiagnostics(checked.diagnostics, context.console);
  if (!checked.plan || hasError(checked.diagnostics)) return exitCode.wrongInput;
  const { plan, baseFolder } = checked;
  try {
    const files = await loadPlanData(plan, baseFolder);
    const experiment = { id: 'experiment', plan, files };
    const certificates = await runParity([experiment], { python, steps, kernels: fastestKernels() });
    if (json) context.console.out(jsonText({ experiment: plan.name, runs: certificates.map(withoutExperiment) }));
    else for (const certificate of certificates) print(certificate, context.console);
    return certificates.some(({ outcome }) => outcome === 'differs') ? exitCode.failed : exitCode.done;
  } catch (error) {
    if (error instanceof NoPyTorch) throw new UsageError(error.message);
    if (error instanceof NotExpressible) {
      throw new UsageError(l10n.t`${shownName(file)} cannot be exported to PyTorch: ${error.message}`);
    }
    if (error instanceof DataError) throw new UsageError(l10n.t`${shownName(file)}: data: ${error.message}`);
    throw error;
  }
}

function withoutExperiment({ experiment: _, ...certificate }: Certificate) {
  return { ...certificate, agrees: certificate.outcome === 'agrees' };
}

const columns: Column[] = [
  { title: `  ${l10n.t('tensor')}`, align: 'left' },
  { title: l10n.t('difference'), align: 'right' },
  { title: l10n.t('relative'), align: 'right' },
  { title: l10n.t('tolerance'), align: 'right' },
  { title: '', align: 'left' },
];

const outcomes: Record<Outcome, string> = {
  agrees: l10n.t('agrees'),
  'ill-conditioned': l10n.t('ill-conditioned'),
  differs: l10n.t('differs'),
};

function print(certificate: Certificate, console: Console): void {
  const { arm, seed, steps, pytorch, tensors, problem, withoutNoise } = certificate;
  const run = l10n.t`${arm}, seed ${seed}, after ${count(steps, 'step')}, PyTorch ${pytorch}`;
  console.out(`${printable(run)}: ${coloured(certificate.outcome, console)}`);
  if (withoutNoise)
    console.out(
      `  ${l10n.t('Dropout and noise are replaced by their means, because the two programs draw different numbers.')}`,
    );
  if (problem !== null) console.out(printable(`  ${l10n.t`PyTorch could not train it: ${problem}`}`));
  const unsure = tensors.filter(({ outcome }) => outcome === 'ill-conditioned');
  if (unsure.length > 0) {
    const most = Math.max(...unsure.map(({ amplification }) => amplification ?? 0)).toExponential(1);
    const share = `${formatCount(unsure.length)}/${formatCount(tensors.length)}`;
    const found = l10n.t`Ill-conditioned tensors: ${share}. Rounding errors grow up to ${most} times there, and hide smaller faults.`;
    console.out(steps === 1 ? `  ${found}` : `  ${found} ${l10n.t('Compare fewer steps.')}`);
  }
  const rows = tensors.map((tensor) => [
    printable(`  ${tensor.name}`),
    number(tensor.difference),
    number(tensor.relative),
    number(tensor.tolerance),
    printable(explanation(tensor)),
  ]);
  console.out(table(columns, rows));
  console.out('');
}

function coloured(outcome: Outcome, { outColours }: Console): string {
  const colour = { agrees: outColours.green, 'ill-conditioned': outColours.yellow, differs: outColours.red }[outcome];
  return colour(outcomes[outcome]);
}

function number(value: number | null): string {
  if (value === null) return '';
  return value === 0 ? '0' : value.toExponential(1);
}

function explanation({ outcome, reason }: TensorVerdict): string {
  if (reason === null || outcome === 'agrees') return reason ?? '';
  return `${outcomes[outcome]}: ${reason}`;
}
