/** Signs of a verdict's outcomes. */
import type { Verdict } from '../../src/protocol';

/** Names of icons. */
export const outcomeIcons: Record<Verdict['outcome'], string> = {
  supported: 'check',
  contradicted: 'close',
  undecided: 'question',
};
