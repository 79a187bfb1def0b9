/** Completions of arms, layers, channels and axes of a sweep, beside those of the JSON Schema. */
import * as vscode from 'vscode';
import type { Completion } from '../experiment/editing/completions';
import { Disposable } from './dispose';
import { experimentSelector, isExperiment } from './findExperiment';
import { completionItem } from './notify';
import { outlineOf } from './outlines';

const kinds: Record<Completion['kind'], vscode.CompletionItemKind> = {
  value: vscode.CompletionItemKind.Value,
  property: vscode.CompletionItemKind.Property,
  channel: vscode.CompletionItemKind.Field,
};

export class ExperimentCompletions extends Disposable implements vscode.CompletionItemProvider {
  constructor() {
    super();
    this.register(vscode.languages.registerCompletionItemProvider(experimentSelector, this, '"', '/'));
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[]> {
    if (!isExperiment(document.uri)) return [];
    const { completionsAt } = await import('../experiment/editing/completions');
    const outline = await outlineOf(document);
    if (token.isCancellationRequested) return [];
    const { items, offset, length } = completionsAt(outline, document.offsetAt(position));
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    const isQuoted = outline.text[offset] === '"';
    return items.map(({ label, detail, insert, kind }, index) => {
      const item = completionItem({ label, insert, kind: kinds[kind], ...(detail !== undefined && { detail }) }, range);
      // The editor compares what was typed, with its quotation mark.
      item.filterText = isQuoted ? `"${label}"` : label;
      item.sortText = String(index).padStart(5, '0');
      return item;
    });
  }
}
