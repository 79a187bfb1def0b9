/** Formats a report as one self-contained HTML page: no script, no external font or picture. */

import * as l10n from '@vscode/l10n';
import { language } from '../../shared/language';
import { type Cell, metricNames, shadeOf } from '../../shared/sweep/cells';
import { pointWithoutAxes, valueInWords } from '../../shared/sweep/grid';
import type { Verdict } from '../claims/verdict';
import { cellInWords, type Surfaces } from '../sweep/surface';
import { escaped, markup, plotSvg } from './plot';
import {
  comparedInWords,
  hasWidth,
  levelInWords,
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

const style = markup`
:root { color-scheme: light dark; --bg: #fff; --fg: #1f1f1f; --dim: #5a5a5a; --hair: #d5d5d5; --tint: 31 31 31; }
@media (prefers-color-scheme: dark) { :root { --bg: #1e1e1e; --fg: #e4e4e4; --dim: #a8a8a8; --hair: #454545; --tint: 228 228 228; } }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.5rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; } h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
p, li { overflow-wrap: anywhere; } .dim { color: var(--dim); }
.outcome { display: inline-block; padding: 0 .75em; border: 1px solid var(--dim); border-radius: 1em; font-weight: 600; }
.table { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; }
th, td { padding: .2rem .7rem; border: 1px solid var(--hair); text-align: right; } th { font-weight: 600; }
.words th, .words td { text-align: left; vertical-align: top; }
td.cell { background: rgb(var(--tint) / calc(var(--level) * .28)); } td.diverged { font-style: italic; border-style: dashed; }
.evidence { display: block; width: 100%; max-width: 640px; margin: .5rem 0; }
.evidence text { fill: var(--dim); font-size: 12px; text-anchor: middle; } .evidence .axis { stroke: var(--dim); }
.evidence .zero { stroke: var(--fg); } .evidence .band { fill: rgb(var(--tint) / .12); } .evidence .pair { fill: none; stroke: var(--fg); }
.evidence .interval { fill: none; stroke: var(--fg); stroke-width: 2; } .evidence .mean { fill: var(--fg); }
`;

export function reportHtml({ name, notes, engine, conditions, verdicts, surfaces, remarks }: Report): string {
  const rows = conditions.map(({ what, words }) => [what, words]);
  const body = [
    `<h1>${escaped(name)}</h1>`,
    ...remarks.map((remark) => `<p><strong>${escaped(remark)}</strong></p>`),
    ...notes
      .split(/\n\s*\n/)
      .filter((paragraph) => paragraph.trim() !== '')
      .map((paragraph) => `<p class="dim">${escaped(paragraph)}</p>`),
    ...verdicts.map(verdictHtml),
    `<h2>${escaped(l10n.t('What was tried'))}</h2>`,
    table(
      'words',
      [
        l10n.t('condition'),
        l10n.t({ message: 'tried', comment: 'Heading of the column with the conditions themselves' }),
      ],
      rows,
    ),
    ...(surfaces ? [surfacesHtml(surfaces)] : []),
    markup`<p class="dim">${escaped(`${limits} ${trainedByInWords(engine)}`)}</p>`,
  ];
  return markup`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(name)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;
}

function verdictHtml(verdict: Verdict): string {
  const { claim, outcome, reason, way, change, points, difference, interval, level } = verdict;
  const numbers = numbersInWords(verdict);
  const { titles, rows } = pairRows(verdict);
  const legend = [
    l10n.t('ring: one pair of runs'),
    ...(hasWidth(interval) ? [l10n.t`bar: ${levelInWords(level)} interval of the mean`] : []),
    l10n.t('shaded: too small to matter'),
  ];
  const parts = [
    `<h2>${escaped(claim.says)}</h2>`,
    markup`<p><span class="outcome">${outcomeSigns[outcome]} ${escaped(sentenceCase(outcomeInWords(verdict)))}</span></p>`,
    `<p>${escaped(l10n.t`Claim: ${saidInWords(verdict)}.`)}</p>`,
    ...(difference === null ? [] : [plotSvg(verdict, `${comparedInWords(verdict)}: ${numbers}`)]),
    ...(difference === null ? [] : [markup`<p class="dim">${escaped(legend.join(' · '))}</p>`]),
    `<p><strong>${escaped(numbers)}</strong> ${escaped(comparedInWords(verdict))}</p>`,
    `<p>${escaped(reason)}</p>`,
    `<p>${escaped(l10n.t`Comparison: ${way}`)}</p>`,
  ];
  if (change.length > 0) {
    const items = change.map((sentence) => `<li>${escaped(sentence)}</li>`).join('');
    parts.push(`<h3>${escaped(l10n.t('Changes that would alter the verdict'))}</h3><ul>${items}</ul>`);
  }
  if (points.length > 0) {
    const lines = points.map((point) => [
      pointWithoutAxes(point.point),
      `${outcomeSigns[point.outcome]} ${outcomeInWords(point)}`,
      numbersInWords(point),
    ]);
    parts.push(
      `<h3>${escaped(l10n.t('At each point'))}</h3>`,
      table('words', [l10n.t('point'), l10n.t('verdict'), l10n.t('difference, p corrected for all')], lines),
    );
  }
  if (rows.length > 0) parts.push(`<h3>${escaped(l10n.t('Every pair'))}</h3>`, table('', titles, rows));
  return parts.join('\n');
}

function surfacesHtml(all: Surfaces): string {
  const { rows, columns, metric, arms } = all;
  const titles = columns
    ? columns.values.map((value) => `${columns.name} ${valueInWords(value)}`)
    : [l10n.t`mean ${metricNames[metric]}`];
  const head = row('th', [rows.name, ...titles]);
  const parts = [
    `<h2>${escaped(l10n.t('Sweep results'))}</h2>`,
    `<p>${escaped(l10n.t`Mean ${metricNames[metric]} over the seeds; the stronger the shade, the better, on one scale for all arms.`)}</p>`,
  ];
  for (const { arm, slices } of arms) {
    for (const { where, cells } of slices) {
      const lines = rows.values.map(
        (value, k) =>
          markup`<tr><th scope="row">${escaped(valueInWords(value))}</th>${cells[k].map((cell) => cellHtml(cell, all)).join('')}</tr>`,
      );
      const caption = `<h3>${escaped(where ? `${arm}, ${where}` : arm)}</h3>`;
      parts.push(
        markup`${caption}<div class="table"><table><thead>${head}</thead><tbody>${lines.join('')}</tbody></table></div>`,
      );
    }
  }
  return parts.join('\n');
}

function cellHtml(cell: Cell, all: Surfaces): string {
  const words = escaped(cellInWords(cell, all.metric));
  if (cell.mean === null) return markup`<td class="${cell.diverged > 0 ? 'diverged' : ''}">${words}</td>`;
  return markup`<td class="cell" style="--level: ${shadeOf(cell.mean, all.range, all.metric).toFixed(2)}">${words}</td>`;
}

function table(kind: string, titles: readonly string[], rows: readonly string[][]): string {
  const lines = rows.map((cells) => row('td', cells));
  return markup`<div class="table"><table class="${kind}"><thead>${row('th', titles)}</thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function row(tag: 'th' | 'td', cells: readonly string[]): string {
  const scope = tag === 'th' ? ' scope="col"' : '';
  return `<tr>${cells.map((cell) => `<${tag}${scope}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
}
