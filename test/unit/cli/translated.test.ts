/** Whether all words of the command line are translated, in a language that marks what is. */
import './pseudoLanguage';
import assert from 'node:assert/strict';
import { isYes } from '../../../src/cli/answer';
import { setPseudoLanguage, untranslated } from './pseudoLanguage';
import { small, World } from './support';

setPseudoLanguage(false);

/** Words that are the same in all languages: names, options, values, and prefixes that problem matchers read. */
const names = new Set(
  `bnexp error warning Small BatchNorm without json help none run check fix presets new verdict compare verify merge submit slurm
kubernetes export logs inspect pack parity watch mcp version`.split(/\s/),
);

/** Lines with a word of at least two letters that is neither translated nor a name. */
function englishIn(text: string): string[] {
  return untranslated(text)
    .split('\n')
    .filter((line) => {
      const own = line.replace(/^ {2}\w+ {2}|--?[\w-]+|<[\w./…-]+>|\[[\w./…-]+\]|\S+\.json|"[^"]*"/g, ' ');
      return own.match(/\p{L}{2,}/gu)?.some((word) => !names.has(word));
    });
}

describe('the translated command line', () => {
  const world = new World();
  before(() => setPseudoLanguage(true));
  after(() => {
    setPseudoLanguage(false);
    world.remove();
  });

  it('has no English in its help', async () => {
    const { out, code } = await world.run('--help');
    assert.equal(code, 0);
    assert.deepEqual(englishIn(out), []);
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
    assert.ok(commands.length >= 18, out);
    for (const command of [...commands, 'submit slurm', 'submit kubernetes']) {
      const help = await world.run(...command.split(' '), '--help');
      assert.deepEqual(englishIn(help.out), [], command);
    }
  });

  it('has no English in the errors of its arguments', async () => {
    world.write('small.bnexp.json', small);
    for (const args of [
      ['rum'],
      ['rxn'],
      ['run'],
      ['run', 'small.bnexp.json', '--jsan'],
      ['run', 'small.bnexp.json', '--seed'],
      ['run', 'small.bnexp.json', '--jobs'],
      ['run', 'small.bnexp.json', '--jobs', 'many'],
      ['run', 'small.bnexp.json', '--retry', 'all'],
      ['run', 'small.bnexp.json', '--shard', '5/4'],
      ['run', 'missing.bnexp.json'],
      ['merge', 'a', 'b'],
      ['inspect', 'a', 'b'],
      ['new', 'a', 'b', 'c'],
      ['new', 'furst'],
      ['verdict', 'missing'],
    ]) {
      const { code, out, err } = await world.run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, /«/);
      assert.deepEqual(englishIn(`${out}${err}`), [], args.join(' '));
    }
  });

  it('has no English in results', async () => {
    world.script = { outcome: ({ seed }) => (seed === 2 ? { status: 'diverged' } : {}) };
    const { code, out, err } = await world.run('run', 'small.bnexp.json', '--out', 'runs');
    assert.equal(code, 0, err);
    assert.match(out, /«diverged»/);
    assert.deepEqual(englishIn(`${out}${err}`), []);
  });

  it('has no English in what other commands print', async () => {
    const lines = [];
    for (const args of [
      ['check', 'small.bnexp.json'],
      ['fix', 'small.bnexp.json'],
      ['version'],
      ['new', 'first', 'own'],
    ]) {
      const { code, out, err } = await world.run(...args);
      assert.equal(code, 0, err);
      lines.push(...englishIn(`${out}${err}`));
    }
    assert.deepEqual(lines, []);
  });

  it('accepts the answers of its language beside English ones', () => {
    assert.ok(isYes('yes»') && isYes('yes') && !isYes('no'));
  });
});
