/** Outlines of open experiments, one for each version of their text. */
import type * as vscode from 'vscode';
import type { Outline } from '../experiment/editing/outline';

const outlines = new WeakMap<vscode.TextDocument, { version: number; outline: Outline }>();

export async function outlineOf(document: vscode.TextDocument): Promise<Outline> {
  const { Outline: Made } = await import('../experiment/editing/outline');
  const known = outlines.get(document);
  if (known?.version === document.version) return known.outline;
  const outline = new Made(document.getText());
  outlines.set(document, { version: document.version, outline });
  return outline;
}
