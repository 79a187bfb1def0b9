/** Runs that failed: which, why, and what to do, as the host said it. */
import { create, icon } from './dom';
import type { Session } from './store';

export class Failures {
  readonly element = create('section', { class: 'failures', 'aria-label': 'Failed runs', hidden: true });
  private signature = '[]';

  update(session: Session): void {
    const failed = [...session.runs.values()].flatMap(({ state }) =>
      state.status === 'failed' ? [{ who: `${state.arm}, seed ${state.seed}`, error: state.error ?? '' }] : [],
    );
    const signature = JSON.stringify(failed);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.hidden = failed.length === 0;
    this.element.replaceChildren(
      ...failed.map(({ who, error }) =>
        create(
          'p',
          {},
          icon('error'),
          create('span', {}, create('b', {}, `${who} failed`), error === '' ? '.' : `: ${error}`),
        ),
      ),
    );
  }
}
