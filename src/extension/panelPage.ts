/** The HTML of a page: an empty frame that loads the page's own script and the style, and nothing else. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { translationElement } from '../runs/language';
import { language } from '../shared/language';
import { settings } from './identifiers';

/** Folder that the page may load from. */
export function panelResources(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist');
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** The colours of arms that `chartPalette` of the settings chooses: a word that `base.css` knows. */
function chartPalette(): string {
  return vscode.workspace.getConfiguration(settings.section).get<string>(settings.chartPalette, 'theme');
}

/** @param script Name of the page's script in `dist/`. */
export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri, script = 'panel.js'): string {
  const nonce = randomBytes(18).toString('base64');
  const resource = (name: string) =>
    escapeAttribute(webview.asWebviewUri(vscode.Uri.joinPath(panelResources(extensionUri), name)).toString());
  const policy = [
    // not translated: a policy, in the words of its standard
    "default-src 'none'",
    // not translated: as before
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  // not translated: HTML without words
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${resource('panel.css')}">
    <title>BatchNorm Lab</title>
  </head>
  <body data-palette="${escapeAttribute(chartPalette())}">
    <main id="panel"></main>
    ${translationElement()}
    <script nonce="${nonce}" src="${resource(script)}"></script>
  </body>
</html>
`;
}
