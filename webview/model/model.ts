/** The page of a model file: shows what the host has inspected, and nothing else. */
import '../language';

import * as l10n from '@vscode/l10n';
import type { FromModelPage, ToModelPage } from '../../src/protocol';
import { Theme } from '../view/theme';
import { ModelPage } from './modelPage';

interface Host {
  postMessage(message: FromModelPage): void;
}
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
window.addEventListener('error', ({ message }) =>
  host.postMessage({ type: 'problem', message: l10n.t`the page failed: ${message}` }),
);

const theme = new Theme();
const page = new ModelPage(document.getElementById('panel') ?? document.body, theme);
theme.onChange(() => page.draw());
window.addEventListener('message', ({ data }: MessageEvent<ToModelPage>) => page.show(data));
host.postMessage({ type: 'ready' });
