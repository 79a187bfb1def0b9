/** Licence notices of the packages in the shipped files. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { loadScript } from '../../support/scripts';
import { temporaryFolder } from '../runs/support/experiments';

type Notices = typeof import('../../../scripts/lib/notices.mjs');

describe('licence notices', () => {
  let scripts: Notices;
  before(async () => {
    scripts = await loadScript<Notices>('lib/notices.mjs');
  });
  const folder = temporaryFolder();

  /** Creates a package, and returns its folder relative to the temporary folder. */
  function addPackage(name: string, { license = 'MIT', files = {} }: { license?: string; files?: object }): string {
    const at = join('node_modules', name);
    mkdirSync(folder.path(at), { recursive: true });
    const manifest = { name, version: '1.2.3', license, main: 'index.js', author: 'A. Person <a@b.example>' };
    writeFileSync(folder.path(at, 'package.json'), JSON.stringify(manifest));
    writeFileSync(folder.path(at, 'index.js'), `export const used = '${name}';\nexport const other = 1;\n`);
    for (const [file, text] of Object.entries(files)) writeFileSync(folder.path(at, file), text);
    return at.replaceAll('\\', '/');
  }

  it('are of the packages that a bundle contains, also of those inside other packages', async () => {
    const a = addPackage('a', {});
    const scoped = addPackage('@scope/b', {});
    const inner = addPackage('a/node_modules/inner', {});
    addPackage('unused', {});
    writeFileSync(folder.path(a, 'index.js'), "export { used } from 'inner';\nexport const own = 'a';\n");
    const contents =
      "import { used, own } from 'a'; import { used as b } from '@scope/b'; import 'unused'; console.log(used, own, b);";
    const { metafile } = await build({
      stdin: { contents, resolveDir: folder.path('') },
      absWorkingDir: folder.path(''),
      bundle: true,
      write: false,
      metafile: true,
      logLevel: 'silent',
      treeShaking: true,
      outfile: 'dist/x.js',
      // A package without side effects is not part of the bundle if nothing of it is used.
      plugins: [
        {
          name: 'pure',
          setup(builder) {
            builder.onResolve({ filter: /^unused$/ }, () => ({
              path: folder.path('node_modules/unused/index.js'),
              sideEffects: false,
            }));
          },
        },
      ],
    });
    assert.deepEqual(scripts.bundledPackages([metafile]), [scoped, a, inner]);
    assert.deepEqual(
      scripts.bundledPackages([metafile], (output) => output !== 'dist/x.js'),
      [],
    );
  });

  it('contain the licence, the copyright and the version', () => {
    const text = 'MIT License\r\n\r\nCopyright (c) 2020 Somebody. All rights reserved.\r\n\r\nPermission is granted';
    const at = addPackage('licensed', { files: { LICENSE: text, 'NOTICE.md': 'Thanks.', 'license.js': 'code' } });
    const notice = scripts.noticeOf(at, folder.path(''));
    assert.deepEqual(notice.copyright, ['Copyright (c) 2020 Somebody']);
    assert.deepEqual(notice.terms, [text.replaceAll('\r\n', '\n'), 'Thanks.']);
    assert.equal(scripts.noticesLine([notice]), 'licensed 1.2.3 (MIT, Copyright (c) 2020 Somebody)');
    const all = scripts.noticesText([notice, { ...notice, name: 'same' }]);
    assert.equal(all.match(/Permission is granted/g)?.length, 1);
    assert.match(all, /same 1\.2\.3\n\nLicence: MIT\n\nThe licence text is the same as that of licensed above\./);
  });

  it('name the author where the licence names no copyright holder', () => {
    const at = addPackage('unnamed', { files: { LICENSE: 'Copyright {yyyy} {name}' } });
    assert.deepEqual(scripts.noticeOf(at, folder.path('')).copyright, ['Copyright (c) A. Person']);
  });

  it('are refused for a package without a licence text or with an unknown licence', () => {
    const silent = addPackage('silent', {});
    assert.throws(() => scripts.noticeOf(silent, folder.path('')), /node_modules\/silent has no licence text/);
    const strict = addPackage('strict', { license: '(MIT AND GPL-3.0)', files: { LICENSE: 'x' } });
    assert.throws(() => scripts.noticeOf(strict, folder.path('')), /strict has the licence MIT AND GPL-3\.0/);
  });
});
