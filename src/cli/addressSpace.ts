/** A limited address space, in which Node.js cannot train although the machine has enough memory. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as l10n from '@vscode/l10n';

/** Addresses that Node.js reserves for itself and for each run, in bytes; measured on Linux. Node.js 24 adapts to a limit. */
const reserved = (major: number) => (major >= 24 ? { base: 2.5e9, run: 0.5e9 } : { base: 2.5e9, run: 11e9 });

/** What the kernel says of this process's limits; empty where there is no such file. */
function processLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

/**
 * Warns where training would fail because the address space is limited, as "ulimit -v" does: V8 then ends the process or refuses
 * memory to WebAssembly, although the machine has enough.
 * @param limits Text of `/proc/self/limits`.
 * @param node Version of Node.js.
 * @returns Null where the limit is high enough.
 */
export function addressSpaceWarning(
  node: string,
  limits = processLimits(),
  cores = availableParallelism(),
): string | null {
  const limit = Number(/^Max address space\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const { base, run } = reserved(Number.parseInt(node, 10));
  if (limit >= base + run * cores) return null;
  const limited = l10n.t`this process may use ${Number((limit / 1e9).toPrecision(2))} GB of addresses ("ulimit -v"), and Node.js ${node} reserves ${(base + run) / 1e9} GB of addresses for one run at a time, and ${run / 1e9} GB for each further one.`;
  const remedy =
    run > 1e9
      ? l10n.t(
          'If training fails, enter "ulimit -v unlimited" first, or use --jobs 1 and Node.js 24, which needs 3 GB.',
        )
      : l10n.t('If training fails, enter "ulimit -v unlimited" first, or use --jobs 1.');
  return `warning: ${limited} ${remedy}`;
}
