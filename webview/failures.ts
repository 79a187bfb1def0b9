/** Runs that failed: which, why, and what to do, as the host said it. */
import { create, icon } from './dom';
import type { Session } from './store';
import { pointWords } from './sweep';

/** More would push the page itself out of sight. */
const mostShown = 8;

export class Failures {
  readonly element = create('section', { class: 'failures', 'aria-label': 'Failed runs and remarks', hidden: true });
  private signature = '[[],[]]';

  update(session: Session): void {
    const failed = [...session.runs.values()].flatMap(({ state }) =>
      state.status === 'failed'
        ? [
            {
              who: [state.arm, pointWords(session.axes, state.point), `seed ${state.seed}`]
                .filter((part) => part)
                .join(', '),
              error: state.error ?? '',
            },
          ]
        : [],
    );
    const signature = JSON.stringify([failed, session.remarks]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.hidden = failed.length + session.remarks.length === 0;
    this.element.replaceChildren(
      ...session.remarks.map((remark) => create('p', {}, icon('info'), create('span', {}, remark))),
      ...failed
        .slice(0, mostShown)
        .map(({ who, error }) =>
          create(
            'p',
            {},
            icon('error'),
            create('span', {}, create('b', {}, `${who} failed`), error === '' ? '.' : `: ${error}`),
          ),
        ),
      ...(failed.length > mostShown ? [create('p', {}, `and ${failed.length - mostShown} more runs that failed`)] : []),
    );
  }
}
