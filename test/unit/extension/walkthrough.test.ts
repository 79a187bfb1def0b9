/** The walkthrough: its buttons call existing commands with existing presets, and its pages exist and ship. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import { languages, manifestIn } from '../../support/manifest';

interface Step {
  id: string;
  description: string;
  media: { markdown: string };
  completionEvents: string[];
}

const { contributes } = manifestIn();
const steps: Step[] = contributes.walkthroughs[0].steps;
const links = ({ description }: Step) =>
  [...description.matchAll(/\]\(command:([\w.]+)(?:\?([^)]*))?\)/g)].map(([, command, given]) => ({
    command,
    given: given === undefined ? [] : (JSON.parse(decodeURIComponent(given)) as string[]),
  }));

describe('the walkthrough', () => {
  it('covers the six claims, each with a prediction to make first', () => {
    for (let claim = 1; claim <= 6; claim++) {
      const step = steps.find(({ id }) => id === `claim-${claim}`);
      assert.ok(step);
      const given = links(step).map((link) => link.given);
      assert.deepEqual(
        given.map(([, prediction]) => prediction),
        ['supported', 'contradicted', 'undecided'],
      );
      assert.ok(given.every(([preset]) => preset.startsWith(`claim-${claim}-`)));
      // The verdict answers the question.
      const { plan } = readExperiment(presets.find(({ id }) => id === given[0][0])!.text);
      const { says } = plan!.claims[0];
      assert.ok(step.description.includes(says), step.description);
      for (const language of languages) {
        const bundle = JSON.parse(readFileSync(`l10n/bundle.l10n.${language}.json`, 'utf8'));
        const translated: Step[] = manifestIn(language).contributes.walkthroughs[0].steps;
        const { description } = translated.find(({ id }) => id === step.id)!;
        if (says in bundle) assert.ok(description.includes(bundle[says]), description);
      }
    }
  });

  it('calls existing commands with existing presets', () => {
    const commands = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const known = new Set(presets.map(({ id }) => id));
    for (const { command, given } of steps.flatMap(links)) {
      assert.ok(commands.has(command), command);
      if (given.length > 0) assert.ok(known.has(given[0]), given[0]);
    }
  });

  it('completes a step when its own experiment was run', () => {
    for (const step of steps) {
      const [{ given }] = links(step);
      if (given.length > 0) assert.deepEqual(step.completionEvents, [`onContext:batchnormLab.met.${given[0]}`]);
    }
  });

  it('has descriptions without marks that the editor shows literally', () => {
    for (const { description } of steps) assert.doesNotMatch(description, /\*/);
  });

  it('ships a page for each step in each language with its pictures, and nothing else', () => {
    const folder = 'media/walkthrough';
    // The editor looks for these names beside the English page.
    const pages = steps.flatMap(({ media: { markdown } }) => [
      markdown,
      ...languages.map((language) => markdown.replace(/\.md$/, `.nls.${language}.md`)),
    ]);
    for (const page of [...pages]) {
      const pictures = [...readFileSync(page, 'utf8').matchAll(/!\[[^\]]+\]\(([\w.-]+)\)/g)].map(([, name]) => name);
      assert.equal(pictures.length, page.includes('own') ? 0 : 1, page);
      pages.push(...pictures.map((name) => join(folder, name)));
    }
    for (const page of pages) assert.ok(existsSync(page), page);
    assert.deepEqual(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
      [...new Set(pages)].sort(),
    );
    assert.match(
      readFileSync('.vscodeignore', 'utf8'),
      /^!media\/walkthrough\/\*\.md\n!media\/walkthrough\/\*\.webp$/m,
    );
  });

  it('gives each claim enough seeds for a verdict', () => {
    for (const { given } of steps.flatMap(links)) {
      if (given.length < 2) continue;
      const { text } = presets.find(({ id }) => id === given[0])!;
      assert.match(text, /"seeds": "1-20"/, given[0]);
    }
  });
});
