/** The single panel of a window: opens it beside the editor, restores it after a reload, and sets what it shows. */
import * as vscode from 'vscode';
import type { FromPanel, Hydrate, PanelCopy, PanelSave, ToPanel } from '../protocol';
import { unexpected } from '../shared/unexpected';
import type { ChartMemory } from './chartMemory';
import { Disposable } from './dispose';
import { panelViewType } from './identifiers';
import { NothingShown } from './nothingShown';
import { createWebviewPanel, type Log } from './notify';
import { followPanelCommand } from './panelCommands';
import { reporting } from './registerCommand';
import { Panel, type Shown } from './webviewPanel';

export class PanelHost extends Disposable implements vscode.WebviewPanelSerializer {
  private panel: Panel | undefined;
  private current: Shown | undefined;

  private readonly exportEmitter = this.register(new vscode.EventEmitter<PanelSave | PanelCopy>());
  /** Fires when the page sends a file or text to export. */
  readonly onDidExport = this.exportEmitter.event;
  private readonly shownEmitter = this.register(new vscode.EventEmitter<Shown>());
  /** Fires when the panel is opened on a run. */
  readonly onDidShow = this.shownEmitter.event;
  private readonly received = this.register(new vscode.EventEmitter<FromPanel>());
  readonly onDidReceive = this.received.event;
  private readonly posted = this.register(new vscode.EventEmitter<ToPanel>());
  readonly onDidPost = this.posted.event;

  /** @param restore Finds the run for a panel that is restored after a reload of the window, or returns why it cannot. */
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly output: Log,
    private readonly restore: () => Promise<Shown | string>,
    private readonly charts: ChartMemory,
  ) {
    super();
    this.register(vscode.window.registerWebviewPanelSerializer(panelViewType, this));
  }

  get isVisible(): boolean {
    return this.panel?.visible ?? false;
  }

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  /** The run in the panel, or the one that it will show when it is opened. */
  get shown(): Shown | undefined {
    return this.current;
  }

  get content(): Hydrate | undefined {
    return this.current?.hydration();
  }

  /** Opens the panel beside the editor, which keeps the focus, or brings an open panel to the front. */
  open(shown: Shown): void {
    if (this.panel) {
      if (!this.panel.visible) this.panel.reveal();
    } else {
      this.adopt(createWebviewPanel(panelViewType, 'BatchNorm Lab'));
    }
    this.show(shown);
    this.shownEmitter.fire(shown);
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    // The person may close it while its run is read: a disposed view throws on every access.
    let isClosed = false;
    const closing = view.onDidDispose(() => {
      isClosed = true;
    });
    if (!this.current) {
      const restored = await this.restore();
      // An experiment may have been started in the meantime.
      this.current ??= typeof restored === 'string' ? new NothingShown(restored) : restored;
    }
    closing.dispose();
    if (isClosed) return;
    this.adopt(view);
    this.show(this.current);
  }

  close(): void {
    this.panel?.dispose();
  }

  override dispose(): void {
    // Not closed: the serializer restores a panel that is open when the window closes.
    this.panel = undefined;
    super.dispose();
  }

  private show(shown: Shown): void {
    this.current = shown;
    this.panel?.show(shown);
  }

  private adopt(view: vscode.WebviewPanel): void {
    this.panel?.dispose();
    const panel = new Panel(view, this.extensionUri, this.charts);
    this.panel = panel;
    panel.onDidClose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.onDidPost((message) => this.posted.fire(message));
    panel.onDidReceive((message) => this.receive(message));
  }

  receive(message: FromPanel): void {
    this.received.fire(message);
    switch (message.type) {
      case 'ready':
      case 'watch':
        return;
      case 'command':
        this.ask((shown) => followPanelCommand(message.command, shown));
        return;
      case 'charts':
        this.charts.write(message.charts);
        return;
      case 'change':
      case 'fork':
        this.ask((shown) => shown.steer(message));
        return;
      case 'save':
      case 'copy':
        this.exportEmitter.fire(message);
        return;
      case 'problem':
        this.output.error(`panel: ${message.message}`);
        return;
      default:
        unexpected(message);
    }
  }

  /** Passes a click to the shown run, and reports errors. */
  private ask(click: (shown: Shown) => Promise<void>): void {
    const { current } = this;
    if (current) void reporting(this.output, () => click(current));
  }
}
