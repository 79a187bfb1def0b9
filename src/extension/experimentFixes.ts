/** Quick fixes of experiments, and the source action that applies all fixes whose correction is clear. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TextEdit } from '../experiment/editing/edits';
import { Disposable } from './dispose';
import { rangeOf } from './experimentDiagnostics';
import { experimentSelector, isExperiment } from './findExperiment';
import { codeAction } from './notify';
import { readDocument, textReader } from './readDocument';

/** Kind of the action that applies all fixes, for the setting `editor.codeActionsOnSave`. */
const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('bnexp');

export class ExperimentFixes extends Disposable implements vscode.CodeActionProvider {
  constructor() {
    super();
    const providedCodeActionKinds = [vscode.CodeActionKind.QuickFix, fixAllKind];
    this.register(vscode.languages.registerCodeActionsProvider(experimentSelector, this, { providedCodeActionKinds }));
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { only, diagnostics: marks }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (!isExperiment(document.uri)) return [];
    if (only?.intersects(fixAllKind) && !only.contains(vscode.CodeActionKind.QuickFix)) return this.allFixes(document);
    if (only && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const { version } = document;
    const { diagnostics } = await readDocument(document);
    const here = diagnostics.filter((each) => each.fixes && rangeOf(document, each).intersection(range));
    if (here.length === 0 || document.version !== version) return [];
    const [{ editedText, editsOf }, { preferredFix }] = await Promise.all([
      import('../experiment/editing/edits'),
      import('../experiment/editing/fixes'),
    ]);
    const source = editedText(document.getText());
    return here.flatMap((diagnostic) => {
      const place = rangeOf(document, diagnostic);
      const preferred = preferredFix(diagnostic);
      return (diagnostic.fixes ?? []).flatMap((fix) => {
        const edits = editsOf(source, fix);
        if (!edits) return [];
        const action = codeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = marks.filter((mark) => mark.range.isEqual(place));
        action.isPreferred = fix === preferred;
        action.edit = workspaceEdit(document, edits);
        return [action];
      });
    });
  }

  private async allFixes(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
    const [{ fixAll }, read] = await Promise.all([import('../experiment/editing/fixes'), textReader(document)]);
    const text = document.getText();
    const fixed = fixAll(text, (each) => read(each).diagnostics);
    if (fixed.count === 0) return [];
    const action = codeAction(l10n.t('Fix all clear mistakes'), fixAllKind);
    action.edit = workspaceEdit(document, [difference(text, fixed.text)]);
    return [action];
  }
}

function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, text } of edits) {
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
      text,
    );
  }
  return edit;
}

/** The edit from one version to the next, without their common start and end. */
function difference(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { offset: start, length: before.length - start - end, text: after.slice(start, after.length - end) };
}
