/** Presets as read-only documents, which the walkthrough runs without leaving a file. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Preset } from '../experiment/presets';
import { Disposable } from './dispose';
import { experimentSuffix, presetScheme } from './identifiers';

export function presetUri({ id }: Preset): vscode.Uri {
  return vscode.Uri.from({ scheme: presetScheme, path: `/${id}${experimentSuffix}` });
}

export class PresetDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(presetScheme, this));
  }

  /** @throws Error if there is no such preset, e.g. because a restored editor shows one of another version. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { presets } = await import('../experiment/presets');
    const preset = presets.find((each) => presetUri(each).path === uri.path);
    if (!preset)
      throw new Error(l10n.t`There is no preset ${uri.path.slice(1)}: choose one with New BatchNorm Experiment.`);
    return preset.text;
  }
}
