/**
 * All functions of VS Code that show text: notifications, lists, the status bar, the log, diagnostics and CodeLens. VS Code
 * turns parts of text into links and icons, so all text passes through `label` here. A test checks that no other file of the
 * extension calls these functions. Our own icons are passed separately from the text.
 */
import * as vscode from 'vscode';
import { label, longestLabel, visible, visibleLines } from '../shared/text';

type ShowMessage = (message: string, ...given: (string | vscode.MessageOptions)[]) => Thenable<string | undefined>;

/** @returns The button that was pressed. */
type Show = {
  (message: string, ...buttons: string[]): Thenable<string | undefined>;
  (message: string, options: vscode.MessageOptions, ...buttons: string[]): Thenable<string | undefined>;
};

function showing(name: 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage'): Show {
  return async (message: string, ...given: (string | vscode.MessageOptions)[]) => {
    // VS Code returns the label that was shown; the caller expects the one that it passed.
    const shown = given.map((each) =>
      typeof each === 'string' ? label(each) : { ...each, ...(each.detail && { detail: label(each.detail) }) },
    );
    const pressed = await (vscode.window[name] as ShowMessage)(label(message), ...shown);
    const place = pressed === undefined ? -1 : shown.indexOf(pressed);
    const button = given[place];
    return typeof button === 'string' ? button : undefined;
  };
}

export const showInformationMessage = showing('showInformationMessage');
export const showWarningMessage = showing('showWarningMessage');
export const showErrorMessage = showing('showErrorMessage');

/** An item of a list. */
export interface Choice {
  /** Name of a codicon, shown before the label. */
  icon?: string;
  label: string;
  description?: string;
  detail?: string;
  alwaysShow?: boolean;
}

type Item<T> = vscode.QuickPickItem & { choice: T };

function itemOf<T extends Choice>(choice: T): Item<T> {
  const { icon, description, detail, alwaysShow } = choice;
  return {
    label: withIcon(icon, choice.label),
    ...(description !== undefined && { description: label(description) }),
    ...(detail !== undefined && { detail: label(detail) }),
    ...(alwaysShow !== undefined && { alwaysShow }),
    choice,
  };
}

function withIcon(icon: string | undefined, text: string, space = ' '): string {
  return icon === undefined ? label(text) : `$(${icon})${space}${label(text)}`;
}

type ListOptions = Pick<vscode.QuickPickOptions, 'title' | 'placeHolder' | 'matchOnDescription' | 'matchOnDetail'>;

/** @returns The chosen element of `choices`. */
export async function showQuickPick<T extends Choice>(
  choices: readonly T[],
  options: ListOptions = {},
): Promise<T | undefined> {
  const { title, placeHolder, ...matching } = options;
  const picked = await vscode.window.showQuickPick(choices.map(itemOf), {
    ...matching,
    ...(title !== undefined && { title: label(title) }),
    ...(placeHolder !== undefined && { placeHolder: label(placeHolder) }),
  });
  return picked?.choice;
}

/** @returns The chosen elements of `choices`; undefined if the list was closed. */
export async function showQuickPickMany<T extends Choice & { picked?: boolean }>(
  choices: readonly T[],
  { title, placeHolder, ...matching }: ListOptions,
): Promise<T[] | undefined> {
  const items = choices.map((choice) => ({ ...itemOf(choice), picked: choice.picked ?? false }));
  const picked = await vscode.window.showQuickPick(items, {
    ...matching,
    canPickMany: true,
    ...(title !== undefined && { title: label(title) }),
    ...(placeHolder !== undefined && { placeHolder: label(placeHolder) }),
  });
  return picked?.map(({ choice }) => choice);
}

/** A list that can be shown before all choices are known. */
export class Picker<T extends Choice> {
  private readonly picker = vscode.window.createQuickPick<Item<T>>();
  /** The choice; undefined if the list was closed. */
  readonly chosen: Promise<T | undefined>;

  constructor({ title, placeHolder, matchOnDescription = false, matchOnDetail = false }: ListOptions) {
    this.picker.title = title && label(title);
    this.placeHolder = placeHolder ?? '';
    this.picker.matchOnDescription = matchOnDescription;
    this.picker.matchOnDetail = matchOnDetail;
    this.chosen = new Promise((resolve) => {
      this.picker.onDidAccept(() => resolve(this.picker.selectedItems[0]?.choice));
      this.picker.onDidHide(() => resolve(undefined));
    });
  }

  set placeHolder(text: string) {
    this.picker.placeholder = label(text);
  }

  set busy(yes: boolean) {
    this.picker.busy = yes;
  }

  set choices(choices: readonly T[]) {
    this.picker.items = choices.map(itemOf);
  }

  show(): void {
    this.picker.show();
  }

  dispose(): void {
    this.picker.dispose();
  }
}

export interface InputOptions {
  title: string;
  prompt: string;
  value: string;
  /** Returns what is wrong with the input, or undefined. */
  validateInput: (text: string) => string | undefined;
}

export function showInputBox({ title, prompt, value, validateInput }: InputOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: label(title),
    prompt: label(prompt),
    value,
    validateInput: (text) => {
      const problem = validateInput(text);
      return problem === undefined ? undefined : label(problem);
    },
  });
}

/** Shows progress in a notification. */
export function withProgress<T>(
  { title, cancellable = false }: { title: string; cancellable?: boolean },
  task: (token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: label(title), cancellable };
  return vscode.window.withProgress(options, (_, token) => task(token));
}

/** Maximum characters in the status bar, whose one line is shared by all extensions. */
const longestInStatusBar = 200;

/** Shows a message in the status bar for a while. */
export function showInStatusBar(icon: string, message: string, milliseconds: number): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${label(message, longestInStatusBar)}`, milliseconds);
}

/** An item of the status bar, initially hidden. */
export class StatusBarEntry {
  private readonly item: vscode.StatusBarItem;

  constructor(id: string, name: string, command: string) {
    this.item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, 0);
    this.item.name = name;
    this.item.command = command;
  }

  show({ icon, text, tooltip, spoken }: { icon: string; text: string; tooltip: string; spoken: string }): void {
    this.item.text = `$(${icon}) ${label(text, longestInStatusBar)}`;
    this.item.tooltip = label(tooltip);
    this.item.accessibilityInformation = { label: label(spoken), role: 'button' };
    this.item.show();
  }

  hide(): void {
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}

/** The log of the extension. Each entry is one line, except stack traces. */
export class Log {
  private readonly channel: vscode.LogOutputChannel;

  constructor(name: string) {
    this.channel = vscode.window.createOutputChannel(name, { log: true });
  }

  debug(message: string): void {
    this.channel.debug(label(message));
  }

  info(message: string): void {
    this.channel.info(label(message));
  }

  warn(message: string): void {
    this.channel.warn(label(message));
  }

  error(error: string | Error): void {
    if (typeof error === 'string') this.channel.error(label(error));
    else this.channel.error(stackOf(error));
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}

/** The message, which may contain anything, as one line, followed by the stack trace. */
function stackOf(error: Error): string {
  const { stack = '', message, name } = error;
  const at = message === '' ? -1 : stack.indexOf(message);
  const calls = at < 0 ? stack : stack.slice(at + message.length);
  return `${label(`${name}: ${message}`)}${at < 0 ? '\n' : ''}${visibleLines(calls)}`;
}

/** A line above the text of a document. */
export interface Lens {
  icon?: string | undefined;
  title: string;
  command?: string;
  tooltip?: string;
}

/** @param given Arguments of its command. */
export function codeLens(
  range: vscode.Range,
  { icon, title, command = '', tooltip = '' }: Lens,
  given: unknown[],
): vscode.CodeLens {
  return new vscode.CodeLens(range, {
    title: withIcon(icon, title, '\u00a0'),
    command,
    tooltip: label(tooltip),
    arguments: given,
  });
}

/** Creates a diagnostic for a range of a document. */
export function diagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  return new vscode.Diagnostic(range, label(message), severity);
}

export interface CompletionText {
  label: string;
  detail?: string;
  insert: string;
  kind: vscode.CompletionItemKind;
}

/** Creates a completion that replaces a range. */
export function completionItem(
  { label: name, detail, insert, kind }: CompletionText,
  range: vscode.Range,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label(name), kind);
  if (detail !== undefined) item.detail = label(detail);
  item.insertText = insert;
  item.range = range;
  return item;
}

/** Creates a change of a document that the editor offers. */
export function codeAction(title: string, kind: vscode.CodeActionKind): vscode.CodeAction {
  return new vscode.CodeAction(label(title), kind);
}

/** Creates a webview beside the editor; the editor keeps the focus. */
export function createWebviewPanel(viewType: string, title: string): vscode.WebviewPanel {
  const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  return vscode.window.createWebviewPanel(viewType, label(title), place);
}

/** Maximum characters of a tab's title: a longer one hides other tabs, and tabs have no other tooltip. */
const longestTitle = 50;

export function retitle(panel: vscode.WebviewPanel, title: string): void {
  panel.title = label(title, longestTitle);
}

/** Creates a hover of plain-text lines whose alignment is preserved. */
export function hover(lines: readonly string[], range: vscode.Range): vscode.Hover {
  // In a block of code nothing becomes a link or an icon, and only a backtick could end the block.
  const text = lines.map((line) => visible(line).slice(0, longestLabel).replaceAll('`', "'")).join('\n');
  return new vscode.Hover(new vscode.MarkdownString().appendCodeblock(text, 'text'), range);
}

/** A node of a tree. All strings are plain text. */
export interface TreeNode {
  /** Unique in its tree. */
  id: string;
  label: string;
  description?: string;
  /** Lines. */
  tooltip?: readonly string[];
  /** Name of a codicon, and the id of its colour. */
  icon?: string;
  colour?: string;
  /** Words that `when` clauses find in `viewItem`. */
  context: string;
  children?: 'none' | 'collapsed' | 'expanded';
  command?: { command: string; title: string; arguments: unknown[] };
  /** Sets the icon of its type, and marks of problems and version control. */
  resource?: vscode.Uri;
}

export function treeItem({ id, label: text, tooltip, ...node }: TreeNode): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    label(text, longestInTree),
    { none: None, collapsed: Collapsed, expanded: Expanded }[node.children ?? 'none'],
  );
  item.id = id;
  item.contextValue = node.context;
  if (node.description !== undefined) item.description = label(node.description, longestInTree);
  if (tooltip) item.tooltip = tooltip.map((line) => label(line)).join('\n');
  if (node.resource) item.resourceUri = node.resource;
  if (node.icon !== undefined) {
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.colour === undefined ? undefined : new vscode.ThemeColor(node.colour),
    );
  }
  if (node.command) item.command = node.command;
  return item;
}

const longestInTree = 200;

/** A view with a tree. */
export class TreePane<T> {
  private readonly view: vscode.TreeView<T>;
  readonly onDidChangeVisibility: vscode.Event<vscode.TreeViewVisibilityChangeEvent>;

  constructor(id: string, treeDataProvider: vscode.TreeDataProvider<T>, canSelectMany: boolean) {
    this.view = vscode.window.createTreeView(id, { treeDataProvider, canSelectMany, showCollapseAll: canSelectMany });
    this.onDidChangeVisibility = this.view.onDidChangeVisibility;
  }

  get selection(): readonly T[] {
    return this.view.selection;
  }

  get visible(): boolean {
    return this.view.visible;
  }

  /** A line above the tree; empty for none. */
  setMessage(text: string): void {
    this.view.message = text === '' ? undefined : label(text);
  }

  /** A number on the icon of the view; 0 for none. */
  setBadge(value: number, tooltip: string): void {
    this.view.badge = value === 0 ? undefined : { value, tooltip: label(tooltip) };
  }

  dispose(): void {
    this.view.dispose();
  }
}

/** What the editor shows before it invokes a tool of a language model. @param question Asks the person first; undefined for no question. */
export function toolInvocation(
  progress: string,
  question?: { title: string; text: string },
): vscode.PreparedToolInvocation {
  return {
    invocationMessage: label(progress),
    ...(question && { confirmationMessages: { title: label(question.title), message: label(question.text) } }),
  };
}

/** What a tool returns to a language model: characters that an editor or a terminal would obey are escaped. */
export function toolAnswer(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(visibleLines(text))]);
}
