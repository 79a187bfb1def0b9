/**
 * The host of a replay, in place of VS Code. It serves the one run that is embedded in the file, and saves and copies by means of
 * the browser.
 */
import '../language';

import * as l10n from '@vscode/l10n';
import type { FromPanel, PanelSave } from '../../src/protocol';
import { unpack } from '../../src/shared/unpack';
import { followTheme } from './followTheme';

let state: unknown;

const host = {
  getState: () => state,
  setState: (value: unknown) => {
    state = value;
  },
  postMessage(message: FromPanel) {
    switch (message.type) {
      case 'ready':
        void begin();
        return;
      case 'save':
        download(message);
        return;
      case 'copy':
        void navigator.clipboard.writeText(message.text);
        return;
      case 'problem':
        console.error(message.message);
        return;
      case 'command':
      case 'change':
      case 'pace':
      case 'fork':
      case 'compare':
      case 'answer':
      case 'unqueue':
      case 'cancelReading':
      case 'watch':
      case 'watchTags':
      case 'charts':
        // The run's buttons are hidden: a replay accepts no commands.
        return;
      default:
        message satisfies never;
    }
  },
};
Object.assign(window, { acquireVsCodeApi: () => host });
followTheme();
nameThisFile();

/** Completes the command that checks this page with the name of this file. */
function nameThisFile(): void {
  const place = document.getElementById('verify');
  const name = decodeURIComponent(location.pathname.slice(location.pathname.lastIndexOf('/') + 1));
  if (place && name !== '') place.textContent = /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

async function begin(): Promise<void> {
  try {
    const text = document.getElementById('run')?.textContent ?? '';
    const compressed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const packed = new Uint8Array(await new Response(stream).arrayBuffer());
    for (const data of unpack(packed)) window.dispatchEvent(new MessageEvent('message', { data }));
  } catch (cause) {
    const main = document.getElementById('panel') ?? document.body;
    main.textContent =
      typeof DecompressionStream === 'undefined'
        ? l10n.t('This browser is too old for this replay: open it in a browser from 2023 or later.')
        : l10n.t`This replay cannot be read: the file is damaged (${(cause as Error).message}). Export it again from the run.`;
  }
}

const types = { png: 'image/png', svg: 'image/svg+xml', csv: 'text/csv;charset=utf-8' };

function download({ name, format, content }: PanelSave): void {
  const address = URL.createObjectURL(new Blob([content], { type: types[format] }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
