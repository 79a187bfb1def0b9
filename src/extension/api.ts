/**
 * What `activate()` returns. It is there for the extension's own tests, so that they can await states instead of
 * sleeping; nothing else should build on it.
 */
import type * as vscode from 'vscode';
import type { FromPanel, Hydrate, SessionState, Status, ToPanel } from '../protocol';
import type { AskWhere } from './exporter';

export interface BatchNormLabApi {
  /** Milliseconds that `activate()` took. */
  readonly activationTime: number;
  readonly state: SessionState;
  /** The last status of the experiment that runs, or that ran last in this window. */
  readonly status: Status | undefined;
  /** Its run folder; undefined when none is saved. */
  readonly runFolder: string | undefined;
  readonly onDidChangeState: vscode.Event<SessionState>;
  readonly onDidProgress: vscode.Event<Status>;
  /** Messages shown to the person about how the experiment went. */
  readonly onDidNotify: vscode.Event<string>;
  readonly panel: {
    readonly isOpen: boolean;
    readonly isVisible: boolean;
    /** What the panel shows. */
    readonly content: Hydrate | undefined;
    /** Messages as they are sent to the page. */
    readonly onDidPost: vscode.Event<ToPanel>;
    readonly onDidReceive: vscode.Event<FromPanel>;
    /** Handles a message as if the page had sent it. */
    receive(message: FromPanel): void;
    close(): void;
  };
  /** Behaves as in a workspace that is not trusted. */
  pretendUntrusted(yes: boolean): void;
  /** Answers the dialogs that ask where to save; undefined asks the person again. */
  answerSaveDialog(answer: AskWhere | undefined): void;
  /** Starts workers from this script instead of the real one; undefined goes back to it. */
  useWorker(script: string | undefined): void;
}
