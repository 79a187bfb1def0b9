/** A summary of an experiment's data, shown while the pointer rests on `data` or the path of its file. */
import type { Node } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { DataSummary } from '../experiment/dataSummary';
import { Disposable } from './dispose';
import { experimentSelector, isExperiment } from './findExperiment';
import { hover } from './notify';
import { readDocument } from './readDocument';

/** Properties that show the hover. */
const shownOn = new Set([
  'data',
  'path',
  'trainImages',
  'trainLabels',
  'testImages',
  'testLabels',
  'folder',
  'testFolder',
]);

export class DataHover extends Disposable implements vscode.HoverProvider {
  constructor() {
    super();
    this.register(vscode.languages.registerHoverProvider(experimentSelector, this));
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isExperiment(document.uri)) return undefined;
    const { data } = await readDocument(document);
    if (data.length === 0) return undefined;
    const { parseText } = await import('../experiment/parse');
    const offset = document.offsetAt(position);
    const place = placesOf(parseText(document.getText()).tree).find(
      ({ start, end }) => start <= offset && offset <= end,
    );
    if (!place) return undefined;
    const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
    return hover(linesOf(data), range);
  }
}

function linesOf(data: readonly DataSummary[]): string[] {
  return data.flatMap(({ lines, arms }) => [
    ...(data.length > 1 ? [`${arms.join(', ')}:`] : []),
    ...lines.map((line, k) => (k === 0 ? line : `  ${line}`)),
  ]);
}

interface Place {
  start: number;
  end: number;
}

/** Ranges of the names of `data` and its files, and of their paths: in the experiment and in its arms. */
export function placesOf(root: Node | undefined): Place[] {
  const places: Place[] = [];
  const visit = (node: Node | undefined, inData: boolean) => {
    for (const property of node?.children ?? []) {
      if (property.type !== 'property') continue;
      const [name, value] = property.children ?? [];
      const isData = name.value === 'data';
      if (isData || (inData && shownOn.has(name.value))) {
        const last = value?.type === 'string' ? value : name;
        places.push({ start: name.offset, end: last.offset + last.length });
      }
      if (value?.type === 'object' && !inData) visit(value, isData);
    }
  };
  visit(root, false);
  return places;
}
