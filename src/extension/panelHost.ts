/** The one panel of a window: opened beside the editor, brought back after a reload, and told what to show. */
import * as vscode from 'vscode';
import type { FromPanel, Hydrate, PanelCommand, ToPanel } from '../protocol';
import type { ChartMemory } from './chartMemory';
import { Disposable } from './dispose';
import { panelViewType } from './identifiers';
import { Panel, type Shown } from './panel';

export class PanelHost extends Disposable implements vscode.WebviewPanelSerializer {
  private panel: Panel | undefined;
  private shown: Shown | undefined;

  private readonly commanded = this.register(new vscode.EventEmitter<PanelCommand['command']>());
  /** A button of the page was pressed. */
  readonly onDidCommand = this.commanded.event;
  private readonly received = this.register(new vscode.EventEmitter<FromPanel>());
  readonly onDidReceive = this.received.event;
  private readonly posted = this.register(new vscode.EventEmitter<ToPanel>());
  readonly onDidPost = this.posted.event;

  /** @param restore Finds what a panel that comes back after a reload of the window is to show. */
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly output: vscode.LogOutputChannel,
    private readonly restore: () => Promise<Shown | undefined>,
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

  /** What the panel shows, or would show when it is opened. */
  get content(): Hydrate | undefined {
    return this.shown?.hydration();
  }

  /** Opens the panel beside the editor, which keeps the focus, or brings it to the front where it is. */
  open(shown: Shown): void {
    if (this.panel) {
      if (!this.panel.visible) this.panel.reveal();
    } else {
      this.adopt(
        vscode.window.createWebviewPanel(panelViewType, 'BatchNorm Lab', {
          viewColumn: vscode.ViewColumn.Beside,
          preserveFocus: true,
        }),
      );
    }
    this.shown = shown;
    this.panel?.show(shown);
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    this.shown ??= await this.restore();
    if (!this.shown) {
      // Nothing is left of what it showed: an empty panel would only be in the way.
      view.dispose();
      return;
    }
    this.adopt(view);
    this.panel?.show(this.shown);
  }

  close(): void {
    this.panel?.dispose();
  }

  override dispose(): void {
    // Not closed: a panel that is open when the window goes is brought back by the serializer.
    this.panel = undefined;
    super.dispose();
  }

  private adopt(view: vscode.WebviewPanel): void {
    this.panel?.dispose();
    const panel = new Panel(view, this.extensionUri, this.charts);
    this.panel = panel;
    panel.onDidClose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.onDidPost((message) => this.posted.fire(message));
    panel.onDidReceive((message) => {
      this.received.fire(message);
      switch (message.type) {
        case 'ready':
          return;
        case 'command':
          this.commanded.fire(message.command);
          return;
        case 'charts':
          this.charts.write(message.charts);
          return;
        case 'problem':
          this.output.error(`panel: ${message.message}`);
          return;
        default:
          message satisfies never;
      }
    });
  }
}
