/** What `bnexp inspect` does. */

import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectModelFile } from '../../runs/folder/modelFile';
import type { Normalization } from '../../runs/model/normalization';
import { ModelFileError } from '../../runs/model/tensor';
import { count } from '../../shared/counts';
import {
  type InspectedModel,
  type InspectedNormalization,
  kindInWords,
  rangeInWords,
} from '../../shared/inspectedModel';
import { formatValue } from '../../shared/numbers';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode } from '../exit';
import { type Column, table } from '../textTable';

export function inspect(file: string, { json }: { json?: boolean }, { console, cwd }: Context): number {
  let model: ReturnType<typeof inspectModelFile>;
  try {
    model = inspectModelFile(resolve(cwd, file));
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    console.err(`${printable(file)}: ${console.errColours.red('error:')} ${printable(error.message)}`);
    return exitCode.wrongInput;
  }
  if (json) {
    console.out(jsonText(asJson(model), 2));
    return exitCode.done;
  }
  const { format, normalizations, problems, remarks } = model;
  const { bold, yellow } = console.outColours;
  console.out(`${bold(printable(file))}: ${format}, ${count(normalizations.length, 'normalization')}`);
  if (normalizations.length > 0) {
    const rows = normalizations.map(row);
    console.out(table(columns, rows, bold));
  }
  const found = normalizations.flatMap(({ name, findings }) => findings.map((finding) => `${name}: ${finding}`));
  for (const line of [...found, ...problems]) console.out(`${yellow('!')} ${printable(line)}`);
  for (const line of remarks) console.out(printable(line));
  return exitCode.done;
}

const columns: Column[] = [
  { title: l10n.t('name') },
  { title: l10n.t('kind') },
  ...[
    l10n.t('features'),
    l10n.t('scale'),
    l10n.t('shift'),
    l10n.t('running mean'),
    l10n.t('running variance'),
    'ε',
    l10n.t('factor'),
  ].map((title): Column => ({ title, align: 'right' })),
  { title: l10n.t('folds into') },
];

function row(one: InspectedNormalization): string[] {
  const { name, kind, features, scale, shift, mean, variance, epsilon, factor, foldsInto } = one;
  return [
    printable(name),
    kindInWords(kind),
    features === 0 ? '' : String(features),
    ...[scale, shift, mean, variance].map(rangeInWords),
    epsilon === null ? '' : formatValue(epsilon),
    rangeInWords(factor),
    printable(foldsInto ?? ''),
  ];
}

/** Numbers that JSON does not have are strings. */
function asJson({ format, normalizations, problems, remarks, values }: InspectedModel & { values: Normalization[] }) {
  const numbers = (all: Float64Array | null) =>
    all && Array.from(all, (value) => (Number.isFinite(value) ? value : String(value)));
  return {
    format,
    normalizations: normalizations.map((one, k) => {
      const { scale, shift, mean, variance } = values[k];
      const channels = {
        scale: numbers(scale),
        shift: numbers(shift),
        mean: numbers(mean),
        variance: numbers(variance),
      };
      const { shares: _, ...inspected } = one;
      return { ...inspected, channels };
    }),
    problems,
    remarks,
  };
}
