/** The changelog names the version that is packaged, with its date. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

it('the changelog has a section with a date for the version of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const sections = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## \[(.*?)\](?: – (\d{4}-\d\d-\d\d))?$/gm)];
  const found = sections.find(([, name]) => name === version);
  assert.ok(found?.[2], `CHANGELOG.md has no section "## [${version}] – YYYY-MM-DD"`);
});
