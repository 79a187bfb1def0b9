/** Problems and remarks: runs that failed or are incomplete, the cause and the remedy, as the host reported them. */
import * as l10n from '@vscode/l10n';
import { pointInWords } from '../../src/shared/sweep/grid';
import type { Session } from '../session/store';
import { create, icon } from '../view/dom';

/** Maximum number of entries, so that the page stays visible. */
const mostShown = 8;

interface Trouble {
  kind: 'error' | 'warning' | 'info';
  strong: string;
  words: string;
}

function moreInWords(more: number): string {
  return more === 1
    ? l10n.t('and 1 more run that failed or is incomplete')
    : l10n.t`and ${more} more runs that failed or are incomplete`;
}

export class Failures {
  readonly element = create('section', { class: 'failures', 'aria-label': l10n.t('Problems'), hidden: true });
  private signature = '[]';

  update({ remarks, runs, axes }: Session): void {
    const ofRuns = [...runs.values()].flatMap(({ state }): Trouble[] => {
      const who = [state.arm, pointInWords(state.point, axes), l10n.t`seed ${state.seed}`]
        .filter((part) => part)
        .join(', ');
      const error = state.error ?? '';
      const because = error === '' ? '.' : `: ${error}`;
      if (state.status === 'failed') return [{ kind: 'error', strong: l10n.t`${who} failed`, words: because }];
      return error === '' ? [] : [{ kind: 'warning', strong: who, words: because }];
    });
    const more = ofRuns.length - mostShown;
    const troubles: Trouble[] = [
      ...remarks.map((words): Trouble => ({ kind: 'info', strong: '', words })),
      ...ofRuns.slice(0, mostShown),
      ...(more > 0 ? [{ kind: 'error', strong: '', words: moreInWords(more) } as const] : []),
    ];
    const signature = JSON.stringify(troubles);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.hidden = troubles.length === 0;
    this.element.replaceChildren(
      ...troubles.map(({ kind, strong, words }) =>
        create('p', { 'data-kind': kind }, icon(kind), create('span', {}, create('b', {}, strong), words)),
      ),
    );
  }
}
