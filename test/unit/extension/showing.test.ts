/**
 * The sources show text through `notify.ts` in the editor and through `console.ts` on a terminal, and nowhere else: both
 * escape text from files.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { loadScript } from '../../support/scripts';

/** Members of `vscode.window` that the rest of the extension may use: none shows text. */
const window =
  /^(active|visible)\w*$|^tab(Groups)?$|^state$|^onDid\w+$|^register(\w+Serializer|CustomEditorProvider)$|^showTextDocument$|^show(Open|Save)Dialog$/;
/** Classes of `vscode` that it may construct. */
const constructed =
  /^(EventEmitter|Range|Position|Selection|WorkspaceEdit|RelativePattern|CancellationTokenSource|Disposable|TabInputText)$/;
/** Displayed properties of editor objects; an assignment would bypass the functions. */
const shownProperty = /^(title|tooltip|placeholder|prompt|label|badge)$/;

function found(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
  const uses: string[] = [];
  const use = (node: ts.Node) => uses.push(node.getText());
  const isVscode = (node: ts.Node) => ts.isIdentifier(node) && node.text === 'vscode';
  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      // `import { window } from 'vscode'` would hide uses; imports of types are harmless.
      const clause = node.importClause;
      const isWhole = clause?.namedBindings && ts.isNamespaceImport(clause.namedBindings);
      const named = isWhole && ts.isNamespaceImport(clause.namedBindings) ? clause.namedBindings.name.text : '';
      const isType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      if (node.moduleSpecifier.text === 'vscode' && !isType && named !== 'vscode') use(node);
    }
    if (ts.isPropertyAccessExpression(node) && isVscode(node.expression) && node.name.text === 'window') {
      const { parent } = node;
      const isNamed = ts.isPropertyAccessExpression(parent) && parent.expression === node;
      if (!isNamed || !window.test(parent.name.text)) use(isNamed ? parent : node);
    }
    // `const { window } = vscode`, and other destructuring.
    if (
      ts.isVariableDeclaration(node) &&
      node.initializer &&
      isVscode(node.initializer) &&
      /\bwindow\b/.test(node.name.getText())
    ) {
      use(node);
    }
    if (ts.isElementAccessExpression(node) && isVscode(node.expression)) use(node);
    if (
      ts.isNewExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      isVscode(node.expression.expression)
    ) {
      if (!constructed.test(node.expression.name.text)) use(node.expression);
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      shownProperty.test(node.left.name.text)
    ) {
      use(node.left);
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  return uses;
}

const streams =
  /\bprocess\s*\.\s*std(?:out|err)\b|(?<![.\w])console\s*\.\s*(?:log|error|warn|info|debug|table|trace)\b/g;

async function usesIn(folder: string, but: RegExp, look: (source: string) => string[]): Promise<string[]> {
  const { filesUnder } = await loadScript<typeof import('../../../scripts/lib/files.mjs')>('lib/files.mjs');
  const root = join(process.cwd(), folder);
  const files = filesUnder(root, '.ts').filter((file) => !but.test(file));
  assert.ok(files.length > 20);
  return files.flatMap((file) => look(readFileSync(file, 'utf8')).map((use) => `${relative(root, file)}: ${use}`));
}

describe('the sources show text', () => {
  it('in the editor through notify.ts only', async () => {
    assert.deepEqual(await usesIn('src/extension', /notify\.ts$/, found), []);
  });

  it('on a terminal through console.ts only', async () => {
    // Node's own prompt asks questions, with text that has passed `printable`.
    const look = (source: string) => source.replace(/output: process\.stderr/g, '').match(streams) ?? [];
    const uses = await usesIn('src', /simd.assembly|cli.console\.ts$/, look);
    assert.deepEqual(
      uses.filter((use) => !/isTTY/.test(use)),
      ['cli/main.ts: process.stderr'],
      'main.ts checks once whether stderr is a terminal',
    );
  });

  it('or the test reports them', () => {
    const wrong = [
      "vscode.window.showErrorMessage('x')",
      "const show = warning ? vscode.window.showWarningMessage : f; show('x')",
      "const { showErrorMessage } = vscode.window; showErrorMessage('x')",
      "const { window } = vscode; window.showErrorMessage('x')",
      "vscode['window'].showErrorMessage('x')",
      "vscode.window['showErrorMessage']('x')",
      "import { window } from 'vscode'",
      "import * as code from 'vscode'",
      'vscode.window.withProgress({}, task)',
      'vscode.window.createStatusBarItem()',
      "new vscode.MarkdownString('x')",
      'new vscode.CodeLens(range)',
      "new vscode.TreeItem('x')",
      'this.view.title = name',
    ];
    for (const source of wrong) assert.equal(found(source).length, 1, source);
    const right = [
      "import * as vscode from 'vscode'",
      "import type { Uri } from 'vscode'",
      'await vscode.window.showTextDocument(document)',
      'const { workspace } = vscode',
      'new vscode.EventEmitter<void>()',
      "showErrorMessage('vscode.window.showErrorMessage')",
    ];
    for (const source of right) assert.deepEqual(found(source), [], source);
    assert.equal(`process.stdout.write('x'); console.log('y'); this.console.err('z')`.match(streams)?.length, 2);
  });
});
