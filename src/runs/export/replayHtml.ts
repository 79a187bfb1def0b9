/**
 * Exports a run as one HTML file that any browser shows from disk, without a network: the page and style of the panel, the
 * run, and a host script that replaces the editor. Its content security policy allows only the contents of the file.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, deflateRawSync } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import type { Hydrate, RunStatus, SessionMessage } from '../../protocol';
import { count } from '../../shared/counts';
import { language } from '../../shared/language';
import { visible } from '../../shared/text';
import { translationElement } from '../language';
import type { RunIndex } from '../session/runIndex';
import { pack } from './pack';
import { proofOf } from './proof';
import { packedReplay } from './replayFiles';

/** Built files of the page, as strings. */
export interface ReplayParts {
  /** Replaces the editor: sends the run to the page, and receives its messages. */
  host: string;
  page: string;
  style: string;
  /** Licence notices of the packages in the page: a line that names all packages, then their licences. */
  notices: string;
}

/** @param dist Folder of the built extension or of the npm package. */
export function readReplayParts(dist: string): ReplayParts {
  // A source folder has both; a build that watches writes only the files.
  const packed: Record<string, string> | null = existsSync(join(dist, 'panel.js'))
    ? null
    : JSON.parse(brotliDecompressSync(readFileSync(join(dist, packedReplay))).toString('utf8'));
  const text = (name: string) => packed?.[name] ?? readFileSync(join(dist, name), 'utf8');
  const font = packed?.['codicon.ttf'] ?? readFileSync(join(dist, 'codicon.ttf')).toString('base64');
  const style = `${text('replay.css')}${text('panel.css')}`;
  return {
    host: text('replay.js'),
    page: text('panel.js'),
    notices: text('replayNotices.txt'),
    style: style.replace(/url\(["']?[^"')]*codicon\.ttf[^)]*\)/g, `url(data:font/ttf;base64,${font})`),
  };
}

/** Session of an exported run. That of a saved run is the path of its folder, and paths of the machine that ran it are private. */
const exported = 'exported';

/** The run folder of what is exported, so that others can train its runs again. */
export interface ReplaySource {
  folder: string;
  index: RunIndex;
}

/**
 * @param later Messages that the page gets after the run.
 * @param source Null if it was not saved.
 */
export function makeReplay(
  run: Hydrate,
  parts: ReplayParts,
  later: readonly SessionMessage[] = [],
  source: ReplaySource | null = null,
): string {
  const rest = later.map((message) => ({ ...message, session: exported }));
  const data = deflateRawSync(pack([atRest(run), ...rest]), { level: 9 }).toString('base64');
  const [host, page] = [parts.host, parts.page].map((script) => script.replace(/<(?=\/script|!--)/gi, '\\x3c'));
  const style = parts.style.replace(/<(?=\/style)/gi, '\\3c ');
  const proof = source && proofOf(source.folder, source.index, data);
  // The page styles single elements through their style objects, which the policy does not restrict.
  const styles = `style-src ${hashed(style)}`;
  // not translated: a policy
  const policy = `default-src 'none'; script-src ${hashed(host)} ${hashed(page)}; ${styles}; font-src data:; base-uri 'none'; form-action 'none'`;
  // not translated: HTML
  const proofElement = proof ? `<script id="proof" type="application/octet-stream">${proof.text}</script>\n` : '';
  const noScript = l10n.t('This replay of a run is drawn by scripts in this file: allow scripts to see it.');
  // not translated: HTML
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(run.name)} – BatchNorm Lab</title>
<style>${style}</style>
</head>
<body class="replay">
<main id="panel"><noscript>${noScript}</noscript></main>
<footer>
${proof ? verification(proof, source.index.engine) : ''}${licences(parts.notices)}</footer>
${proofElement}<script id="run" type="application/octet-stream">${data}</script>
${translationElement()}
<script>${host}</script>
<script>${page}</script>
</body>
</html>
`;
}

/** @param engine Version that trained the runs. */
function verification({ runs }: { runs: number }, engine: string): string {
  // not translated: HTML
  const command = '<code>bnexp verify <span id="verify">FILE.html</span></code>';
  return `<p>${l10n.t`To check this page, ${command} trains its ${count(runs, 'run')} again, and compares every bit (BatchNorm Lab ${escaped(engine)}).`}</p>
`;
}

/** The licences of the packages in the page ask every copy to carry them. */
function licences(notices: string): string {
  const [line = '', ...terms] = notices.trim().split('\n').map(escaped);
  return `<details><summary>${l10n.t`Contains ${line}`}</summary><pre>${terms.join('\n').trim()}</pre></details>
`;
}

/** Marks a run that was exported while it trained as stopped. */
function atRest(run: Hydrate): Hydrate {
  const trains = run.state === 'running' || run.state === 'paused';
  const follows = run.state === 'following';
  // Logs do not show whether their program was stopped.
  const end = run.logs ? 'completed' : 'cancelled';
  const ended = (status: RunStatus): RunStatus => (status === 'running' ? end : status);
  const remarks = trains
    ? [l10n.t('This file was exported while the runs were training: it ends at the steps that they had reached.')]
    : follows
      ? [l10n.t('This file was exported while the logs were followed: it ends with what was written until then.')]
      : [];
  return {
    ...run,
    session: exported,
    file: '',
    again: null,
    state: trains || follows ? 'stopped' : run.state,
    ...(run.logs && { logs: { reading: null } }),
    unforkable: l10n.t('this page shows an exported run: fork it in the editor that has the run'),
    secondsLeft: null,
    remarks: [...(run.remarks ?? []), ...remarks],
    runs: run.runs.map(({ unforkable: _, evicted, ...one }) => ({
      ...one,
      ...(evicted && { evicted: 'lost' as const }),
      status: ended(one.status),
    })),
  };
}

function hashed(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
