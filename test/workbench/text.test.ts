/**
 * Names, arms, properties and file names that the real workbench would turn into links and icons, if they were passed
 * unchanged: they are shown as plain text everywhere, in a trusted folder and in one that is not trusted.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until';
import { Person } from './person';
import { assertOnlyText, link, notification, strange, strangeFile, withoutSigns } from './strangeText';

const training = { batchSize: 10, steps: 400, seeds: [1] };
const sound = {
  name: `Sound ${strange}`,
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }] },
  training,
  arms: { [`one ${strange}`]: {}, [`two ${strange}`]: { network: { activation: 'tanh' } } },
};
const files: Record<string, object> = {
  [`wrong ${strangeFile}.bnexp.json`]: { ...sound, [link]: 1 },
  [`sound ${strangeFile}.bnexp.json`]: sound,
  [`data ${strangeFile}.bnexp.json`]: { ...sound, data: { kind: 'csv', path: `${strangeFile}.csv`, target: 'x' } },
};

/** A safetensors file with one tensor. */
function modelOf(name: string): Buffer {
  const header = Buffer.from(JSON.stringify({ [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(8)]);
}

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
      mkdirSync(join(person.folder, `${strangeFile}.csv`));
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
    });
    after(() => person.close());

    const assertText = () => assertOnlyText(person);
    /** Chooses an experiment from the list shown when no editor is open. */
    const chooseExperiment = async (begin: string) => {
      await person.workbench.runCommand('View: Close All Editors');
      await person.workbench.runCommand('Run BatchNorm Experiment');
      const row = person.page.locator('.quick-input-widget .monaco-list-row', { hasText: begin }).first();
      await row.waitFor();
      assert.match(withoutSigns(await row.innerText()), /\$\(flame\) \[Fix\]\(command:workbench/);
      await assertText();
      await person.workbench.pick(row);
    };

    it('a property and a file name, in a list, a notification, a hover and the problems', async () => {
      await chooseExperiment('wrong');
      const words = await notification(person, 'cannot run yet');
      assert.ok(words.includes(strangeFile) && words.includes(`"${link}"`), words);
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
      await notification(person, trusted ? 'cannot run yet' : 'may not read other files');
      await assertText();
    });

    it('a name in a model file, whose editor follows the file', async () => {
      const path = join(person.folder, 'model.safetensors');
      writeFileSync(path, modelOf(`${strange}.bn.weight`));
      const file = person.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'model.safetensors' });
      const editor = person.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Normalizations' });
      await person.workbench.chooseFromMenu(file, 'Open With');
      await person.workbench.pick(editor);
      const row = person.panel.locator('tbody th');
      await row.filter({ hasText: `${strange}.bn` }).waitFor();
      await assertText();
      writeFileSync(path, 'damaged');
      await person.panel.getByText('not a safetensors file, or it is damaged').waitFor();
      writeFileSync(path, modelOf('mended.bn.weight'));
      await row.filter({ hasText: 'mended.bn' }).waitFor();
    });
  });
}
