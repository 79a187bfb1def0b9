import * as l10n from '@vscode/l10n';

/** Code of the language that messages are in, for the `lang` attribute of pages. */
export const language = l10n.t({ message: 'en', comment: 'Code of the language of this translation, e.g. es.' });
