/** The README on the extension's details page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadScript } from '../../support/scripts';

type DetailsPage = typeof import('../../../scripts/lib/detailsPage.mjs');

describe('the details page', () => {
  let scripts: DetailsPage;
  before(async () => {
    scripts = await loadScript<DetailsPage>('lib/detailsPage.mjs');
  });

  const relative = /\]\((?![a-z]+:|#)/;

  it('has no dead links and pictures without the address of the repository, and whole sentences', () => {
    for (const name of ['README.md', 'CHANGELOG.md']) {
      const page = scripts.detailsPage(readFileSync(name, 'utf8'), false);
      assert.doesNotMatch(page, relative, name);
      assert.doesNotMatch(page, /<!--/, name);
    }
    assert.equal(
      scripts.detailsPage(
        'a\n\n![p](docs/p.png)\n\nSee [`a[1]` of b](b.md#c), [c](#c), [d](https://d.example), [e](mailto:e@f).\n',
        false,
      ),
      'a\n\nSee `a[1]` of b, [c](#c), [d](https://d.example), [e](mailto:e@f).\n',
    );
    const code = 'x\n```js\n[a](b)\n```\n';
    assert.equal(scripts.detailsPage(code, false), code);
  });

  it('keeps relative links and pictures for vsce, which completes them, where the address is known', () => {
    const page = scripts.detailsPage(readFileSync('README.md', 'utf8'), true);
    assert.match(page, /!\[[^\]]*\]\(docs\/images\//);
    assert.doesNotMatch(page, /npm start/);
  });

  it('finds the web address in every form of `repository`', () => {
    const address = 'https://github.com/a/b.c';
    for (const repository of [
      'a/b.c',
      'github:a/b.c',
      address,
      `${address}/`,
      { url: `git+${address}.git` },
      { url: 'git@github.com:a/b.c.git' },
      { url: 'git+ssh://git@github.com/a/b.c.git' },
    ])
      assert.equal(scripts.webAddress(repository), address, JSON.stringify(repository));
    assert.equal(scripts.webAddress(undefined), undefined);
    assert.equal(scripts.webAddress({}), undefined);
  });
});
