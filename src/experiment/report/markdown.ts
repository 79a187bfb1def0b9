/** Formats a report as Markdown. */

import * as l10n from '@vscode/l10n';
import { metricNames } from '../../shared/sweep/cells';
import { pointWithoutAxes, valueInWords } from '../../shared/sweep/grid';
import { visible } from '../../shared/text';
import type { Verdict } from '../claims/verdict';
import { cellInWords, type Surfaces } from '../sweep/surface';
import { plotText } from './plot';
import {
  comparedInWords,
  limits,
  numbersInWords,
  outcomeInWords,
  outcomeSigns,
  pairRows,
  type Report,
  saidInWords,
  sentenceCase,
  trainedByInWords,
} from './report';

export function reportMarkdown({ name, engine, conditions, verdicts, surfaces, remarks }: Report): string {
  const parts = [
    `# ${text(name)}`,
    ...remarks.map((remark) => `> ${text(remark)}`),
    ...verdicts.map(verdictMarkdown),
    `## ${l10n.t('What was tried')}`,
    table(
      [
        l10n.t('condition'),
        l10n.t({ message: 'tried', comment: 'Heading of the column with the conditions themselves' }),
      ],
      conditions.map(({ what, words }) => [what, words]),
    ),
    ...(surfaces ? surfacesMarkdown(surfaces) : []),
    `${limits} ${trainedByInWords(text(engine))}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Formats a verdict without its pairs, as paragraphs: the outcome, the claim, the numbers, the reason, and what would alter it. */
export function briefVerdictMarkdown(verdict: Verdict): string[] {
  return [
    ...outcomeMarkdown(verdict),
    text(verdict.reason),
    ...verdict.change.map((sentence) => `* ${text(sentence)}`),
  ];
}

function outcomeMarkdown(verdict: Verdict): string[] {
  return [
    `## ${outcomeSigns[verdict.outcome]} ${sentenceCase(outcomeInWords(verdict))}: ${text(verdict.claim.says)}`,
    l10n.t`Claim: ${text(saidInWords(verdict))}.`,
    `**${text(comparedInWords(verdict))}: ${text(numbersInWords(verdict))}**`,
  ];
}

function verdictMarkdown(verdict: Verdict): string {
  const { reason, way, change, points } = verdict;
  const { titles, rows } = pairRows(verdict);
  const parts = [
    ...outcomeMarkdown(verdict),
    ...(verdict.difference === null ? [] : [['```text', ...plotText(verdict), '```'].join('\n')]),
    text(reason),
    l10n.t`Comparison: ${text(way)}`,
    [`${l10n.t('Changes that would alter the verdict')}:`, '', ...change.map((sentence) => `* ${text(sentence)}`)].join(
      '\n',
    ),
  ];
  if (change.length === 0) parts.pop();
  if (points.length > 0) {
    const lines = points.map((point) => [
      pointWithoutAxes(point.point),
      `${outcomeSigns[point.outcome]} ${outcomeInWords(point)}`,
      numbersInWords(point),
    ]);
    parts.push(
      l10n.t('At each point (p corrected for all of them):'),
      table([l10n.t('point'), l10n.t('verdict'), l10n.t('difference')], lines),
    );
  }
  if (rows.length > 0) parts.push(`${l10n.t('Every pair')}:`, table(titles, rows));
  return parts.join('\n\n');
}

function surfacesMarkdown(all: Surfaces): string[] {
  const { rows, columns, metric, arms } = all;
  const titles = columns
    ? [`${rows.name} \\ ${columns.name}`, ...columns.values.map(valueInWords)]
    : [rows.name, l10n.t`mean ${metricNames[metric]}`];
  const parts = [`## ${l10n.t('Sweep results')}`, l10n.t`Mean ${metricNames[metric]} over the seeds.`];
  for (const { arm, slices } of arms) {
    for (const { where, cells } of slices) {
      parts.push(`**${text(arm)}**${where ? `, ${text(where)}` : ''}`);
      parts.push(
        table(
          titles,
          rows.values.map((value, k) => [valueInWords(value), ...cells[k].map((cell) => cellInWords(cell, metric))]),
        ),
      );
    }
  }
  return parts;
}

function table(titles: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(text).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** Escapes text from a file for Markdown: one line, without markup, tags, formulas or links. */
function text(words: string): string {
  return visible(words.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]<>|#~!$@]|:(?=\/\/)|(?<=\bwww)\./gi, (mark) => `\\${mark}`)
    .replace(/&/g, '&amp;');
}

export { table as markdownTable, text as markdownText };
