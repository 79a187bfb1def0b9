/** The first claim in short: its verdict, or the pairs of runs that it has so far, and a button that runs enough seeds for a verdict. */
import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { formatCount } from '../../src/shared/numbers';
import { outcomeInWords } from '../../src/shared/outcomeWords';
import { hasEnded } from '../../src/shared/progress';
import type { Session } from '../session/store';
import { create, icon, setAttribute, setText } from '../view/dom';
import { outcomeIcons } from '../view/outcomes';

/** Number of seeds with which a claim is judged: enough pairs for a small p and a narrow interval. */
export const seedsForVerdict = 20;

/** Label of the button that runs enough seeds. */
export const runMoreWords = l10n.t`Run ${formatCount(seedsForVerdict)} seeds`;

/** Whether the button is there. */
export function canRunMore({ claims, seeds, again }: Pick<Session, 'claims' | 'seeds' | 'again'>): boolean {
  return claims.length > 0 && seeds.length < seedsForVerdict && again !== null;
}

export class ClaimChip {
  readonly element: HTMLElement;
  private readonly sign = create('span', { class: 'sign' });
  private readonly words = create('span');
  private readonly verdict: HTMLButtonElement;
  private readonly more: HTMLButtonElement;

  /** @param runMore Runs the experiment with `seedsForVerdict` seeds. */
  constructor(runMore: () => void) {
    this.verdict = create('button', { type: 'button', class: 'said' }, this.sign, this.words);
    this.more = create('button', { type: 'button', class: 'link' }, runMoreWords);
    this.element = create('div', { class: 'chip', hidden: true }, this.verdict, this.more);
    this.verdict.addEventListener('click', () => {
      const section = document.getElementById('verdicts');
      section?.scrollIntoView({ block: 'start' });
    });
    this.more.addEventListener('click', runMore);
  }

  update(session: Session): void {
    const [claim] = session.claims;
    this.element.hidden = claim === undefined;
    if (!claim) return;
    const [verdict] = session.verdicts;
    const outcome = verdict?.outcome;
    const words = verdict && outcomeInWords(verdict);
    if (this.sign.dataset.outcome !== outcome || this.sign.childElementCount === 0) {
      this.sign.replaceChildren(icon(outcome ? outcomeIcons[outcome] : 'pulse'));
      setAttribute(this.sign, 'data-outcome', outcome);
    }
    const others = session.claims.length - 1;
    const pairs = verdict
      ? count(verdict.pairs, 'pair')
      : l10n.t`${formatCount(pairsOf(session))} of ${count(wantedPairs(session), 'pair')}`;
    const all = others > 0 ? l10n.t`${pairs} and ${count(others, 'more claim')}` : pairs;
    setText(this.words, words ? `${words[0].toUpperCase()}${words.slice(1)}: ${all}` : l10n.t`Claim: ${all}`);
    setAttribute(
      this.verdict,
      'title',
      verdict
        ? l10n.t`${claim.says}. Shows the verdict.`
        : l10n.t`${claim.says}: the verdict follows after the last run.`,
    );
    setAttribute(this.verdict, 'aria-disabled', verdict ? undefined : 'true');
    this.more.hidden = !canRunMore(session);
  }
}

/** At least as many as a verdict needs. */
function wantedPairs({ seeds, axes }: Session): number {
  return Math.max(seedsForVerdict, seeds.length * axes.reduce((points, { values }) => points * values.length, 1));
}

/** Number of seeds and points for which both arms of the first claim have finished. */
function pairsOf({ claims: [claim], runs }: Session): number {
  const finished = new Map<string, Set<string>>();
  for (const { state } of runs.values()) {
    if (state.fork || !hasEnded(state) || state.status === 'cancelled' || state.status === 'failed') continue;
    const key = JSON.stringify([state.seed, state.point]);
    finished.set(key, (finished.get(key) ?? new Set()).add(state.arm));
  }
  return [...finished.values()].filter((arms) => arms.has(claim.better) && arms.has(claim.than)).length;
}
