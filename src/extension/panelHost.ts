/** The single panel of a window: opens it beside the editor, restores it after a reload, and sets what it shows. */
import * as vscode from 'vscode';
import type { FromPanel, Hydrate, PanelCopy, PanelSave, Reading, ToPanel } from '../protocol';
import { unexpected } from '../shared/unexpected';
import type { ChartMemory } from './chartMemory';
import { Disposable } from './dispose';
import { extensionName, panelViewType } from './identifiers';
import { LatestRequest, type Watch } from './latestRequest';
import { NothingShown } from './nothingShown';
import { createWebviewPanel, type Log } from './notify';
import { followPanelCommand } from './panelCommands';
import { PanelWindow } from './panelWindow';
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
  private readonly changedEmitter = this.register(new vscode.EventEmitter<void>());
  /** Fires when the panel shows something else. */
  readonly onDidChangeShown = this.changedEmitter.event;
  private readonly received = this.register(new vscode.EventEmitter<FromPanel>());
  readonly onDidReceive = this.received.event;
  private readonly posted = this.register(new vscode.EventEmitter<ToPanel>());
  readonly onDidPost = this.posted.event;
  /** What the panel shows beside its run. */
  readonly window = this.register(new PanelWindow(() => this.isVisible));
  /** Runs that are to be shown when they have been read. */
  private readonly requests = new LatestRequest<Reading>((reading) => this.showReading(reading));

  /** @param restore Finds the run for a panel that is restored after a reload of the window, or returns why it cannot. */
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly output: Log,
    private readonly restore: (watch: Watch<Reading>) => Promise<Shown | string>,
    private readonly charts: ChartMemory,
  ) {
    super();
    this.register(this.window.onDidChange((state) => this.panel?.showWindow(state)));
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
    this.requests.cancel();
    this.reveal();
    this.show(shown);
    this.shownEmitter.fire(shown);
  }

  /**
   * Opens the panel on a run that is read first. A later request, or an experiment that starts, cancels it.
   * @returns Whether nothing was found.
   */
  async read(read: (watch: Watch<Reading>) => Promise<Shown | undefined>): Promise<boolean> {
    try {
      const found = await this.requests.make(async (watch) => ({ shown: await read(watch) }));
      if (found?.shown) this.open(found.shown);
      else if (found) this.closeEmpty();
      return found !== undefined && !found.shown;
    } catch (error) {
      this.closeEmpty();
      throw error;
    }
  }

  /** The panel is the only one at once, so that no second one is opened while its run is read. */
  async deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    this.adopt(view);
    if (!this.current) {
      const restored = await this.requests.make((watch) => this.restore(watch));
      // Something else may have been opened in the meantime.
      if (restored === undefined) return;
      this.current = typeof restored === 'string' ? new NothingShown(restored) : restored;
    }
    this.show(this.current);
  }

  /** Shows the progress of reading, for which the panel is opened. */
  private showReading(reading: Reading | null): void {
    const isFirst = this.window.current.reading === null;
    this.window.setReading(reading);
    if (reading && isFirst) this.reveal();
  }

  /** Closes a panel that was opened for a run that could not be read. */
  private closeEmpty(): void {
    if (this.panel?.isEmpty) this.panel.dispose();
  }

  private reveal(): void {
    if (!this.panel) this.adopt(createWebviewPanel(panelViewType, extensionName));
    else if (!this.panel.visible) this.panel.reveal();
  }

  close(): void {
    this.panel?.dispose();
  }

  override dispose(): void {
    // Not closed: the serializer restores a panel that is open when the window closes.
    this.panel = undefined;
    this.current?.close?.();
    super.dispose();
  }

  private show(shown: Shown): void {
    if (shown !== this.current) this.current?.close?.();
    this.current = shown;
    this.panel?.show(shown);
    this.changedEmitter.fire();
  }

  private adopt(view: vscode.WebviewPanel): void {
    this.panel?.dispose();
    const panel = new Panel(view, this.extensionUri, this.charts);
    this.panel = panel;
    panel.onDidClose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      if (this.current?.close) {
        // What follows files stops, and is opened again by its command.
        this.current.close();
        this.current = undefined;
      }
      this.window.cancel();
      this.requests.cancel();
    });
    panel.onDidPost((message) => this.posted.fire(message));
    panel.onDidReceive((message) => this.receive(message));
  }

  receive(message: FromPanel): void {
    this.received.fire(message);
    switch (message.type) {
      case 'ready':
        if (!this.window.isEmpty) this.panel?.showWindow(this.window.current);
        return;
      case 'watch':
        return;
      case 'watchTags':
        this.current?.watchTags?.(message);
        return;
      case 'compare':
        this.current?.compareArms?.(message);
        return;
      case 'answer':
        this.window.answer(message.question, message.choice);
        return;
      case 'unqueue':
        // Its owner listens to `onDidReceive`.
        return;
      case 'cancelReading':
        this.requests.cancel();
        this.closeEmpty();
        return;
      case 'command':
        this.ask((shown) => followPanelCommand(message.command, shown));
        return;
      case 'charts':
        this.charts.write(message.charts);
        return;
      case 'change':
      case 'pace':
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
