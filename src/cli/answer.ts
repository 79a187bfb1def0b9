/** Answers to a yes/no question in the terminal. */
import * as l10n from '@vscode/l10n';

/** The choice that follows a question. The capital letter is the default. */
export const choice = l10n.t({
  message: '[y/N]',
  comment: 'Yes or no, after a question in the terminal. The letter for no is a capital, as the default.',
});

/** English answers are accepted in all languages. */
const yes = [
  'y',
  'yes',
  ...l10n
    .t({ message: 'y, yes', comment: 'Answers that mean yes, in lower case, separated by commas: s, sí, si' })
    .split(', '),
];

/** Whether an answer means yes. Any other means no. */
export function isYes(answer: string): boolean {
  return yes.includes(answer.trim().toLowerCase().normalize());
}
