/** Announces changes of runs and session to screen readers once, not every step. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { changeWords } from '../steering/runChanges';
import { create } from '../view/dom';
import { isZoomed, type Shown } from '../view/shown';
import { spanInWords } from '../view/span';
import { runWords, stateWord } from './status';

export class Announcer {
  readonly element = create('div', { class: 'aloud', role: 'status', 'aria-live': 'polite' });
  private session = '';
  private known = new Map<string, string>();

  update(shown: Shown): void {
    const { session } = shown;
    const news: string[] = [];
    const fresh = session.id !== this.session;
    if (fresh) this.known = new Map();
    this.session = session.id;
    for (const { state } of session.runs.values()) {
      const bad = state.status === 'diverged' || state.status === 'failed';
      if (this.changed(state.id, state.status) && bad)
        news.push(`${state.arm}, ${l10n.t`seed ${state.seed}`}: ${runWords(state)}.`);
    }
    for (const { run } of shown.arms) {
      const change = run?.state.changes.at(-1);
      if (!run || !this.changed(`${run.state.id} changes`, String(run.state.changes.length)) || !change) continue;
      news.push(l10n.t`${run.state.arm}: ${changeWords(run.state, change)} from step ${formatCount(change.at)}.`);
    }
    const steps = isZoomed(shown) ? spanInWords(shown.span) : l10n.t('all steps');
    if (this.changed('steps', steps)) news.push(l10n.t`Charts show ${steps}.`);
    const word = `${stateWord(session.state, session.logs !== null)}.`;
    if (this.changed('', session.state)) news.push(word);
    if (news.length > 0) this.element.textContent = fresh ? word : news.join(' ');
  }

  private changed(key: string, value: string): boolean {
    const changed = this.known.get(key) !== value;
    this.known.set(key, value);
    return changed;
  }
}
