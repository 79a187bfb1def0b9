/**
 * Saves exports from the panel: pictures and tables that the page made, and the whole run as an HTML page. Files are
 * written only to the path that the person chose, whatever the page sends.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { bytesInWords } from '../experiment/words';
import type { Hydrate, PanelSave } from '../protocol';
import { isDeviceName } from '../shared/fileNames';
import { showInformationMessage } from './notify';
import { messageOf } from './output';
import type { Shown } from './webviewPanel';

const filters: Record<PanelSave['format'] | 'html', Record<string, string[]>> = {
  png: { [l10n.t('PNG image')]: ['png'] },
  svg: { [l10n.t('SVG image')]: ['svg'] },
  csv: { [l10n.t('CSV table')]: ['csv'] },
  html: { [l10n.t('Web page')]: ['html'] },
};

/** Asks where to save a file. Tests answer for the person. */
export type AskWhere = (options: vscode.SaveDialogOptions) => Thenable<vscode.Uri | undefined>;

export class Exporter {
  constructor(private readonly askWhere: AskWhere) {}

  /** @param shown What the panel shows; its experiment's folder is where the dialog starts. */
  async save(message: PanelSave, shown: Hydrate | undefined): Promise<void> {
    const { format, name, content } = message;
    if (!(format in filters) || typeof name !== 'string' || !(content instanceof Uint8Array)) {
      throw new Error(
        l10n.t('The panel sent a file to save that is neither a picture nor a table. Reload the window.'),
      );
    }
    await this.write(format, name, shown, () => content);
  }

  async copy(text: unknown): Promise<void> {
    if (typeof text === 'string') await vscode.env.clipboard.writeText(text);
  }

  /** @param dist Folder of the built extension. */
  async replay(shown: Shown | undefined, dist: string): Promise<void> {
    if (!shown) {
      void showInformationMessage(l10n.t('There is nothing to export yet: run an experiment, or open a run.'));
      return;
    }
    const { run, later } = (await shown.whole?.()) ?? { run: shown.hydration(), later: [] };
    const [{ makeReplay, readReplayParts }, { readIndex }] = await Promise.all([
      import('../runs/export/replayHtml'),
      import('../runs/folder/readIndex'),
    ]);
    const { folder } = shown;
    // The folder may have been removed since.
    const source = folder && existsSync(folder) ? { folder, index: readIndex(folder) } : null;
    const make = () => new TextEncoder().encode(makeReplay(run, readReplayParts(dist), later, source));
    await this.write('html', `${run.name}.html`, run, make);
  }

  private async write(
    format: keyof typeof filters,
    name: string,
    shown: Hydrate | undefined,
    make: () => Uint8Array,
  ): Promise<void> {
    const target = await this.askWhere({ defaultUri: beside(shown, safeName(name)), filters: filters[format] });
    if (!target) return;
    const content = make();
    try {
      await vscode.workspace.fs.writeFile(target, content);
    } catch (cause) {
      throw new Error(
        l10n.t`${basename(target.path)} could not be written (${messageOf(cause)}): choose another folder.`,
      );
    }
    void offerToOpen(target, format, content.length);
  }
}

/** Keeps letters, digits and the signs that every file system allows: a name comes from an experiment and can contain anything. */
export function safeName(name: string): string {
  const ending = /\.[a-z]{3,4}$/.exec(name)?.[0] ?? '';
  const stem = name
    .slice(0, name.length - ending.length)
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  return `${stem === '' || isDeviceName(stem) ? `chart${stem && `-${stem}`}` : stem}${ending}`;
}

function beside(shown: Hydrate | undefined, name: string): vscode.Uri | undefined {
  const experiment = shown?.file ? vscode.Uri.parse(shown.file) : undefined;
  const folder =
    experiment && vscode.workspace.fs.isWritableFileSystem(experiment.scheme)
      ? vscode.Uri.joinPath(experiment, '..')
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}

async function offerToOpen(target: vscode.Uri, format: string, bytes: number): Promise<void> {
  const open = format === 'html' ? l10n.t('Open in Browser') : l10n.t('Open');
  const message = l10n.t`${basename(target.path)} was saved (${bytesInWords(bytes)}).`;
  if ((await showInformationMessage(message, open)) !== open) return;
  if (format === 'html') await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand('vscode.open', target);
}
