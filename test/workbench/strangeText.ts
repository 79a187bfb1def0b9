/** Text that the workbench would turn into links and icons, and what a test sees of it. */
import assert from 'node:assert/strict';
import { until } from '../support/until';
import type { Person } from './person';

export const link = '[Fix](command:workbench.action.toggleZenMode)';
/** An icon that the workbench itself never shows, a link to a command, and a bare address. */
export const strange = `$(flame) ${link} https://evil.example/x`;
/** A file name has no slash. */
export const strangeFile = `$(flame) ${link}`;

/** Without the invisible signs that keep text from being a link. */
export function withoutSigns(text: string): string {
  return text.replaceAll('\u200b', '').replaceAll('\u00a0', ' ');
}

/** Asserts that no text of a file has become a link or an icon, anywhere in the window. */
export async function assertOnlyText(person: Person): Promise<void> {
  const made = await person.page.locator('.monaco-workbench').evaluate((window) => {
    const links = [...window.querySelectorAll('a')].filter((anchor) => {
      const target = `${anchor.getAttribute('href')} ${anchor.dataset.href}`;
      return /toggleZenMode|evil\.example/.test(target) || /^(Fix|https:.*)$/.test(anchor.textContent ?? '');
    });
    const detected = [...window.querySelectorAll('.output-view .detected-link, .panel .detected-link')].filter(
      (place) => /evil\.example/.test(place.textContent ?? ''),
    );
    return [...links, ...detected, ...window.querySelectorAll('.codicon-flame')].map((node) => node.outerHTML);
  });
  assert.deepEqual(made, []);
}

/** Waits for a notification with these words in the list of notifications. */
export async function notification(person: Person, words: string): Promise<string> {
  // A toast disappears after some time, but the list stays open; focus in an editor closes it.
  const list = person.page.locator('.notifications-center');
  return until(async () => {
    if (!(await list.isVisible())) {
      // Uses its shortcut: an editor that takes the focus would close the palette.
      await person.page.keyboard.press('Control+K');
      await person.page.keyboard.press('Control+Shift+N');
    }
    const messages = await list.locator('.notification-list-item-message').allInnerTexts();
    return messages.map(withoutSigns).find((text) => text.includes(words));
  });
}
