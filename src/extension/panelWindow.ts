/** What the panel shows about this window beside its run: the queue, a question, and a run folder that is being read. */
import * as vscode from 'vscode';
import type { QueuedExperiment, Reading, WindowState } from '../protocol';
import { Disposable } from './dispose';
import { showWarningMessage } from './notify';

/** A question whose answer is one of the labels, or undefined if the person cancels. */
export interface Asked<Label extends string = string> {
  text: string;
  /** In title case, as on the buttons of a dialog. */
  labels: readonly Label[];
  /** Fires when the first label is the answer anyway. */
  settled?: vscode.Event<unknown>;
}

export class PanelWindow extends Disposable {
  private state: WindowState = { type: 'window', queue: [], question: null, reading: null };
  private asked = 0;
  private resolve: (label: string | undefined) => void = () => {};
  private readonly changed = this.register(new vscode.EventEmitter<WindowState>());
  readonly onDidChange = this.changed.event;

  /** @param isVisible Whether the person sees the panel. */
  constructor(private readonly isVisible: () => boolean) {
    super();
  }

  get current(): WindowState {
    return this.state;
  }

  /** Whether there is nothing to show. */
  get isEmpty(): boolean {
    const { queue, question, reading } = this.state;
    return queue.length === 0 && question === null && reading === null;
  }

  setQueue(queue: readonly QueuedExperiment[]): void {
    this.set({ queue });
  }

  setReading(reading: Reading | null): void {
    if (reading === this.state.reading) return;
    this.set({ reading });
  }

  /** Asks in the panel if it is visible, otherwise in a modal dialog: notifications may be muted. A new question cancels the one before. */
  async ask<Label extends string>({ text, labels, settled }: Asked<Label>): Promise<Label | undefined> {
    this.cancel();
    if (!this.isVisible()) {
      const pressed = await showWarningMessage(text, { modal: true }, ...labels);
      return labels.find((label) => label === pressed);
    }
    const id = String(++this.asked);
    const choices = labels.map((label) => ({ id: label, label: sentenceCase(label) }));
    const answered = new Promise<string | undefined>((resolve) => {
      this.resolve = resolve;
    });
    const listening = settled?.(() => this.answer(id, labels[0] ?? null));
    this.set({ question: { id, text, choices } });
    try {
      const answer = await answered;
      return labels.find((label) => label === answer);
    } finally {
      listening?.dispose();
    }
  }

  /** Passes on the answer of the page. */
  answer(question: string, choice: string | null): void {
    if (this.state.question?.id !== question) return;
    this.set({ question: null });
    this.resolve(choice ?? undefined);
  }

  /** Cancels the question, as when the panel is closed. */
  cancel(): void {
    if (this.state.question) this.answer(this.state.question.id, null);
  }

  private set(change: Partial<WindowState>): void {
    this.state = { ...this.state, ...change };
    this.changed.fire(this.state);
  }
}

/** `Stop and Run` as `Stop and run`, the case of buttons in the panel. */
function sentenceCase(label: string): string {
  return label.charAt(0) + label.slice(1).toLowerCase();
}
