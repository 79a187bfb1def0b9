/** Names and contents of files and folders cannot control the terminal or break a message into lines, in any command. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../../src/cli/context';
import { bnexp } from '../../fuzz/attempt';
import { realSessions } from '../../fuzz/session';
import { small, World } from './support';

/** A cleared screen, a bell, a title, a C1 control, reversed text, a new line, a link, half a character. */
const evil =
  '\u001b[2J\u0007\u001b]0;x\u0007\u009b31m\u202edetrever\u2066x\nerror: forged\u001b]8;;https://a.b\u0007\u2028\ud83d';
const name = (begin: string) => `${begin}${evil}`;
/** A file name has no slash and no unpaired surrogates. */
const fileName = (begin: string) => `${begin}${evil.replace(/https:\/\/|\ud83d/gu, '')}`;

const file = {
  ...small,
  name: name('name'),
  notes: name('notes'),
  arms: { [name('one')]: {}, [name('two')]: { network: { activation: 'tanh' } } },
  sweep: { '/training/batchSize': [5, 10] },
  claim: { says: name('says'), metric: 'testLoss', better: name('one'), than: name('two'), by: 0.01 },
};

describe('on a terminal, text from files', function () {
  this.timeout(60_000);
  let world: World;
  const dist = join(process.cwd(), 'dist');
  before(() => {
    world = new World();
  });
  after(() => world.remove());

  const assertQuiet = (...written: string[]) => {
    for (const text of written) {
      assert.doesNotMatch(text, /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u);
      // Forged by a line break in a name.
      assert.doesNotMatch(text, /^error: forged/m);
    }
  };
  const run = async (...args: string[]) => {
    const around: { makeSession: Context['makeSession'] } = { makeSession: realSessions(dist) };
    const ended = await bnexp(args, world.cwd, { ...around, dist, templates: [], fifos: false, patience: 50_000 });
    assert.equal(ended.fault, undefined);
    return ended;
  };

  it('is shown as plain text, from check to export', async () => {
    const experiment = `${fileName('file')}.bnexp.json`;
    const folder = fileName('folder');
    world.write(experiment, file);
    for (const args of [
      ['check', experiment],
      ['run', experiment, '--out', folder],
      ['run', experiment, '--out', `${folder}2`, '--quiet', '--json'],
      ['verdict', folder],
      ['verdict', folder, '--json'],
      ['verdict', folder, '--markdown'],
      ['verdict', folder, '--html'],
      ['verdict', folder, '--html', `${folder}.html`],
      ['export', 'html', folder],
      ['export', 'csv', folder, `${folder}.csv`],
    ]) {
      const { code, out, err } = await run(...args);
      assert.equal(code, 0, err);
      assert.ok(out + err !== '', args.join(' '));
      assertQuiet(out, err);
      // The value itself is unchanged.
      if (args.includes('--json') && args[0] === 'run') assert.equal(JSON.parse(out).experiment, file.name);
    }
    const table = readFileSync(join(world.cwd, `${folder}.csv`), 'utf8');
    assert.ok(table.includes(name('one').replace('\ud83d', '\ufffd')), 'a table for programs has the original names');
    const { out } = await run('export', 'csv', folder, '-');
    assert.ok(out.includes(evil.slice(0, 20)));
    for (const written of [readFileSync(join(world.cwd, `${folder}.html`), 'utf8')]) assertQuiet(written);
  });

  it('is shown as plain text in errors', async () => {
    const wrong = `${fileName('wrong')}.bnexp.json`;
    world.write(wrong, { ...file, [name('property')]: 1, data: { kind: name('kind') } });
    const data = `${fileName('data')}.bnexp.json`;
    world.write(data, {
      ...file,
      arms: undefined,
      claim: undefined,
      data: { kind: 'csv', path: fileName('table'), target: 'x' },
    });
    const folder = fileName('empty');
    mkdirSync(join(world.cwd, folder));
    for (const args of [
      ['check', wrong],
      ['check', wrong, '--json'],
      ['run', wrong],
      ['run', data],
      ['run', fileName('missing')],
      ['run', folder],
      ['check', data],
      ['verdict', folder],
      ['export', 'csv', folder],
      ['export', fileName('format'), folder],
      ['new', fileName('preset')],
      ['new', 'first', `${fileName('no')}/x/${fileName('y')}`],
      [fileName('command')],
      ['run', `--${fileName('option')}`],
      ['run', 'x', '--seeds', name('seeds')],
    ]) {
      const { code, out, err } = await run(...args);
      assert.equal(code, 2, err);
      assertQuiet(out, err);
    }
  });
});
