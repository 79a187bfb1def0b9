/** What the panel asks for of the runs that it shows: of the experiment of this window, or of a past one. */
import * as vscode from 'vscode';
import type { PanelChange, PanelFork } from '../protocol';
import { mayReplace } from './commands/startExperiment';
import { settings } from './identifiers';
import { KeptRun } from './keptRun';
import { messageOf } from './output';
import type { PanelHost } from './panelHost';
import type { Sessions, TakenUp } from './sessions';
import { explainTrust, isTrusted } from './trust';

export type TakeUp = (kept: KeptRun, options: { keep: boolean; jobs: number }) => Promise<TakenUp>;

export async function steerShown(
  sessions: Sessions,
  panel: PanelHost,
  message: PanelChange | PanelFork,
  takeUp: TakeUp,
): Promise<void> {
  const { shown } = panel;
  if (!(shown instanceof KeptRun) || shown.folder !== message.session) {
    await sessions.current?.steer(message);
    return;
  }
  const { current } = sessions;
  if (current && sessions.isActive && current.folder === shown.folder) {
    // It was read back while it runs here.
    panel.open(current);
    await current.steer(message);
  } else if (message.type === 'fork') {
    await forkKept(sessions, shown, message, takeUp);
  }
}

/** Goes on with a past experiment where it is forked. */
async function forkKept(sessions: Sessions, kept: KeptRun, message: PanelFork, takeUp: TakeUp): Promise<void> {
  const { runs, step, settings: wanted } = message;
  try {
    if (!(await mayReplace(sessions, 'Stop It and Fork'))) throw new Error('another experiment still runs');
    const configuration = vscode.workspace.getConfiguration(settings.section, kept.uri);
    const keep = configuration.get(settings.keepRuns, true) && isTrusted();
    const jobs = configuration.get(settings.jobs, 0);
    const begun = async () => {
      const taken = await takeUp(kept, { keep, jobs });
      await taken.provide(runs);
      return taken;
    };
    await sessions.goOn(begun, (session) => session.fork(runs, step, wanted));
  } catch (error) {
    kept.refuse('fork', messageOf(error));
    return;
  }
  if (!isTrusted()) {
    void explainTrust('This workspace is not trusted: the fork is trained, but nothing of it is kept on disk.', false);
  }
}
