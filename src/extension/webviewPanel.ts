/**
 * One view of the panel. The host owns the state. The page sends `ready` each time it is loaded; it then receives the whole
 * state, and afterwards the changes, in batches and only while it is visible.
 */
import * as vscode from 'vscode';
import type {
  FromPanel,
  Hydrate,
  PanelChange,
  PanelCommand,
  PanelCompare,
  PanelFork,
  PanelPace,
  SessionMessage,
  StoredFrames,
  ToPanel,
  WatchTags,
  WindowState,
} from '../protocol';
import type { ComparedChoice } from '../runs/folder/comparedHydration';
import type { ChartMemory } from './chartMemory';
import { Disposable } from './dispose';
import { settings } from './identifiers';
import { MessageBatch } from './messageBatch';
import { retitle } from './notify';
import { panelPage, panelResources } from './panelPage';
import { requestedFrames } from './requestedFrames';

/** Buttons of the panel that control the training of what it shows. */
export type Control = Extract<PanelCommand['command'], 'pause' | 'resume' | 'step' | 'stop'>;

/**
 * An experiment that a panel can show: running, finished, or read from disk. Each implementation decides what a click
 * does.
 */
export interface Shown {
  /** Its run folder; absent or null if it is in memory only. */
  readonly folder?: string | null;
  /** Run folders whose arms are compared; absent otherwise. */
  readonly compared?: readonly ComparedChoice[];
  /** Path of the logs of another program that it follows; absent otherwise. */
  readonly logs?: string;
  /** Returns the whole current state. @param frames Whether frames are included. */
  hydration(frames?: boolean): Hydrate;
  /** Returns the frames of one run; null if they are no longer available. */
  frames(run: string): StoredFrames | null;
  /** Later changes; absent if there cannot be any. */
  readonly onDidPost?: vscode.Event<SessionMessage>;
  /** Pauses, resumes, steps or stops its training; without effect where nothing trains. */
  control(command: Control): Promise<void>;
  /** Changes settings of its runs or their pace, or forks them. A request that is not possible is posted as refused. */
  steer(message: PanelChange | PanelFork | PanelPace): Promise<void>;
  /** The page has received the whole state. */
  hydrated?(): void;
  /** The page shows these tags of logs of another program. */
  watchTags?(message: WatchTags): void;
  /** Everything that the page could show, if `hydration` does not have it. */
  whole?(): Promise<WholeRun>;
  /** Compares two arms of logs of another program, and posts the verdict. */
  compareArms?(message: PanelCompare): void;
  /** Asks for another name of one of its arms; absent if its arms have the names of their experiment. */
  renameArm?(): Promise<void>;
  /** Fires when its whole state has changed. */
  readonly onDidReset?: vscode.Event<void>;
  /** Called when the panel shows something else, or is closed. */
  close?(): void;
  /** Trains it again. @param seeds Instead of the seeds of its file. */
  runAgain(seeds?: readonly number[]): Promise<void>;
}

/** What a page shows after these messages. */
export interface WholeRun {
  run: Hydrate;
  later: SessionMessage[];
}

/** Milliseconds between two batches: ten per second look smooth and leave the page time to draw. */
const batchInterval = 100;

/** With more runs than this, the page receives only the frames of runs that it shows: its memory is that of a browser tab. */
export const mostFollowedRuns = 60;

export class Panel extends Disposable {
  private readonly batch = new MessageBatch();
  private timer: NodeJS.Timeout | undefined;
  /** Whether the page has loaded and is visible, so that messages reach it. */
  private listening = false;
  /** Runs whose frames the page receives; null for all. */
  private watched: Set<string> | null = null;
  /** The watched runs of which the page has all frames. */
  private readonly known = new Set<string>();
  private shown: Shown | undefined;
  private shownEvents: vscode.Disposable | undefined;

  private readonly closed = this.register(new vscode.EventEmitter<void>());
  readonly onDidClose = this.closed.event;
  private readonly received = this.register(new vscode.EventEmitter<FromPanel>());
  /** Messages of the page, `ready` included. */
  readonly onDidReceive = this.received.event;
  private readonly posted = this.register(new vscode.EventEmitter<ToPanel>());
  /** Messages as they are sent to the page. */
  readonly onDidPost = this.posted.event;

  constructor(
    private readonly view: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly charts: ChartMemory,
  ) {
    super();
    view.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
    };
    this.register(view.webview.onDidReceiveMessage((message: FromPanel) => this.receive(message)));
    this.register(view.onDidChangeViewState(() => view.visible || this.stopListening()));
    this.register(view.onDidDispose(() => this.dispose()));
    view.webview.options = { enableScripts: true, localResourceRoots: [panelResources(extensionUri)] };
    this.load(extensionUri);
    const palette = `${settings.section}.${settings.chartPalette}`;
    this.register(
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration(palette) && this.load(extensionUri),
      ),
    );
  }

  /** Loads the page, which then asks for the whole state. */
  private load(extensionUri: vscode.Uri): void {
    this.stopListening();
    this.view.webview.html = panelPage(this.view.webview, extensionUri);
  }

  get visible(): boolean {
    return !this.isDisposed && this.view.visible;
  }

  /** Whether it has nothing to show yet. */
  get isEmpty(): boolean {
    return this.shown === undefined;
  }

  reveal(): void {
    this.view.reveal(undefined, true);
  }

  show(shown: Shown): void {
    if (this.isDisposed) return;
    this.shownEvents?.dispose();
    this.shown = shown;
    this.shownEvents = vscode.Disposable.from(
      ...[shown.onDidPost?.((message) => this.enqueue(message)), shown.onDidReset?.(() => this.refresh())].filter(
        (each) => each !== undefined,
      ),
    );
    if (this.listening) this.hydrate();
    else this.retitle(shown.hydration(false));
  }

  private refresh(): void {
    if (this.listening) this.hydrate();
  }

  /** Sends the state of the window; a page that is hidden or loading gets it when it is ready. */
  showWindow(state: WindowState): void {
    if (this.listening) this.post(state);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.stopListening();
    this.shownEvents?.dispose();
    // Fired before the emitters are disposed of: owners of this panel must stop using it.
    this.closed.fire();
    super.dispose();
    this.view.dispose();
  }

  private receive(message: FromPanel): void {
    if (message.type === 'ready') {
      this.listening = true;
      this.hydrate();
    }
    if (message.type === 'watch') this.watch(message.runs);
    this.received.fire(message);
  }

  private hydrate(): void {
    this.forgetWaiting();
    this.known.clear();
    this.watched = null;
    if (!this.shown) return;
    let hydration = this.shown.hydration(false);
    const planned = hydration.totals?.runs ?? hydration.runs.length;
    if (planned > mostFollowedRuns && !hydration.logs) {
      this.watched = new Set();
      hydration = { ...hydration, onDemand: true };
    } else {
      hydration = this.shown.hydration();
    }
    this.retitle(hydration);
    this.post({ ...hydration, charts: this.charts.read() });
    this.shown.hydrated?.();
  }

  /** Sends all frames of runs that the page now shows and does not have yet. Without a limit, these were evicted from memory. */
  private watch(runs: string[]): void {
    if (!this.shown) return;
    // The waiting frames belong to previously watched runs; those of runs that are still watched must not be sent twice.
    this.flush();
    if (this.watched) this.watched = new Set(runs);
    const { session, runs: all } = this.shown.hydration(false);
    const wanted = new Set(runs);
    for (const run of all) {
      if (!wanted.has(run.id) || this.known.has(run.id)) continue;
      const messages = requestedFrames(this.shown, run, session);
      for (const message of messages) this.post(message);
      if (messages.some(({ type }) => type === 'frames')) this.known.add(run.id);
    }
  }

  private retitle(hydration: Hydrate): void {
    retitle(this.view, `BatchNorm: ${hydration.name}`);
  }

  private enqueue(message: SessionMessage): void {
    // A hidden page is unloaded; it is hydrated when it is shown again.
    if (!this.listening) return;
    if (this.watched && (message.type === 'channels' || message.type === 'frames')) {
      if (!this.watched.has(message.run)) {
        // The page misses this message, so that the whole run must be sent next time.
        this.known.delete(message.run);
        return;
      }
      if (message.type === 'channels') this.known.add(message.run);
      if (!this.known.has(message.run)) return;
    }
    this.batch.add(message);
    this.timer ??= setTimeout(() => this.flush(), batchInterval);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const message of this.batch.drain()) this.post(message);
  }

  private post(message: ToPanel): void {
    void this.view.webview.postMessage(message);
    this.posted.fire(message);
  }

  private stopListening(): void {
    this.listening = false;
    this.forgetWaiting();
  }

  private forgetWaiting(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.batch.clear();
  }
}
