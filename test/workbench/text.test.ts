/**
 * Names, arms, properties and file names that the real workbench would turn into links and icons, if they were passed
 * unchanged: they are shown as plain text everywhere, in a trusted folder and in one that is not trusted.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until';
import { Person } from './person';

const link = '[Fix](command:workbench.action.toggleZenMode)';
/** An icon that the workbench itself never shows, a link to a command, and a bare address. */
const evil = `$(flame) ${link} https://evil.example/x`;
/** A file name has no slash. */
const evilFile = `$(flame) ${link}`;

const training = { batchSize: 10, steps: 400, seeds: [1] };
const sound = {
  name: `Sound ${evil}`,
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }] },
  training,
  arms: { [`one ${evil}`]: {}, [`two ${evil}`]: { network: { activation: 'tanh' } } },
};
const files: Record<string, object> = {
  [`wrong ${evilFile}.bnexp.json`]: { ...sound, [link]: 1 },
  [`sound ${evilFile}.bnexp.json`]: sound,
  [`data ${evilFile}.bnexp.json`]: { ...sound, data: { kind: 'csv', path: `${evilFile}.csv`, target: 'x' } },
};

for (const trusted of [true, false]) {
  describe(`text from files in a folder that is ${trusted ? 'trusted' : 'not trusted'}`, function () {
    this.timeout(200_000);

    let person: Person;
    before(async () => {
      person = await Person.open({ experiments: false, trusted });
      for (const [name, file] of Object.entries(files)) {
        writeFileSync(join(person.folder, name), JSON.stringify(file, null, 2));
      }
      // A system error that names a path: the data file is a folder.
      mkdirSync(join(person.folder, `${evilFile}.csv`));
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
    });
    after(() => person.close());

    /** Links and icons made of text from files, anywhere in the window. */
    const made = () =>
      person.page.locator('.monaco-workbench').evaluate((window) => {
        const links = [...window.querySelectorAll('a')].filter((anchor) => {
          const target = `${anchor.getAttribute('href')} ${anchor.dataset.href}`;
          return /toggleZenMode|evil\.example/.test(target) || /^(Fix|https:.*)$/.test(anchor.textContent ?? '');
        });
        const detected = [...window.querySelectorAll('.output-view .detected-link, .panel .detected-link')].filter(
          (place) => /evil\.example/.test(place.textContent ?? ''),
        );
        return [...links, ...detected, ...window.querySelectorAll('.codicon-flame')].map((node) => node.outerHTML);
      });
    const assertText = async () => assert.deepEqual(await made(), []);
    const withoutSigns = (text: string) => text.replaceAll('\u200b', '').replaceAll('\u00a0', ' ');

    /** Waits for a notification with these words in the notification list. */
    const notification = async (words: string) => {
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
    };
    /** Chooses an experiment from the list shown when no editor is open. */
    const chooseExperiment = async (begin: string) => {
      await person.workbench.runCommand('View: Close All Editors');
      await person.workbench.runCommand('Run BatchNorm Experiment');
      const row = person.page.locator('.quick-input-widget .monaco-list-row', { hasText: begin }).first();
      await row.waitFor();
      assert.match(withoutSigns(await row.innerText()), /\$\(flame\) \[Fix\]\(command:workbench/);
      await assertText();
      await row.click();
    };

    it('a property and a file name, in a list, a notification, a hover and the problems', async () => {
      await chooseExperiment('wrong');
      const words = await notification('cannot run yet');
      assert.ok(words.includes(evilFile) && words.includes(`"${link}"`), words);
      await assertText();
      const hover = person.page.locator('.monaco-hover:visible', { hasText: 'toggleZenMode' }).first();
      // A hover that was opened before the problems were known, or closed as the focus changed, is opened again.
      await until(async () => {
        await person.workbench.runCommand('View: Focus Active Editor Group');
        await person.workbench.runCommand('Show or Focus Hover');
        return hover.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      });
      await assertText();
      await person.page.keyboard.press('Escape');
      await person.workbench.runCommand('Problems: Focus on Problems View');
      await person.page.locator('.markers-panel', { hasText: 'toggleZenMode' }).waitFor();
      await assertText();
    });

    it('the path of a data file and the error of the system', async () => {
      await chooseExperiment('data');
      await notification(trusted ? 'cannot run yet' : 'may not read other files');
      await assertText();
    });
  });
}
