/** Sets the language of the page to that of its host when it is imported. It is the first import of a page's entry. */
import * as l10n from '@vscode/l10n';

const translation = document.getElementById('translation')?.textContent;
if (translation) l10n.config({ contents: translation });
