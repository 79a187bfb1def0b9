/**
 * A language in which every message is the English one in «guillemets», so that what is not translated is outside. It is the language from
 * the import of this file on, which is the first one of a test, so that constants of modules are in it too.
 */
import * as l10n from '@vscode/l10n';

const pseudo = new Proxy<Record<string, string>>(
  {},
  // Lists are in Spanish, whose “y” and “o” are too short to be taken for English.
  { get: (_, key) => (String(key).startsWith('en/Code of the language') ? 'es' : `«${message(String(key))}»`) },
);

/** The message of a key: without its comment, which begins with a capital. */
function message(key: string): string {
  return key.replace(/\/(?=[A-Z][^/]*$).*/s, '');
}

/** Sets the language of this process, which it shares with other tests. */
export function setPseudoLanguage(isOn: boolean): void {
  l10n.config({ contents: isOn ? pseudo : {} });
}

setPseudoLanguage(true);

/** Text without what was translated. */
export function untranslated(text: string): string {
  for (;;) {
    const inner = text.replace(/«[^«»]*»/gs, '');
    if (inner === text) return text;
    text = inner;
  }
}
