/** A window whose display language is Spanish: the extension's commands, problems and panel are in Spanish. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperiment } from '../../src/experiment/read';
import { wordsIn } from '../support/manifest';
import { Person } from './person';

const spanish: Record<string, string> = JSON.parse(readFileSync('l10n/bundle.l10n.es.json', 'utf8'));

const small = readFileSync('test/extension/workspace/small.bnexp.json', 'utf8');

/** With one mistake, whose message contains nothing of the file. */
const wrong = JSON.stringify({
  data: { kind: 'spiral' },
  network: { layers: [{ dense: 4 }] },
  training: { optimizer: { kind: 'sgd', nesterov: true }, steps: 10 },
  arms: { one: {} },
});

describe('a window in Spanish', function () {
  this.timeout(200_000);

  let person: Person;
  before(async () => {
    person = await Person.open({
      experiments: false,
      language: 'es',
      fill: (folder) => {
        writeFileSync(join(folder, 'small.bnexp.json'), small);
        writeFileSync(join(folder, 'wrong.bnexp.json'), wrong);
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  it('shows the problems of an experiment in Spanish', async () => {
    const [{ message }, ...others] = readExperiment(wrong).diagnostics;
    assert.deepEqual(others, []);
    assert.ok(message in spanish, message);
    await person.workbench.openFile('wrong.bnexp.json');
    await person.workbench.runCommand('Problems: Focus on Problems View');
    await person.page.locator('.markers-panel .monaco-list-row', { hasText: spanish[message] }).waitFor();
  });

  it('has commands and the panel in Spanish', async () => {
    await person.workbench.openFile('small.bnexp.json');
    await person.workbench.runCommand(wordsIn('es')['command.run.title']);
    await person.waitForState('finished');
    assert.equal(await person.panel.locator('html').getAttribute('lang'), 'es');
    assert.equal(await person.panel.locator('#network').innerText(), spanish.Network);
  });
});
