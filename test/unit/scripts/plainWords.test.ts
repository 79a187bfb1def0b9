/** Searches comments, messages and docs for idioms that were replaced by plain technical English. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders to search. */
const searched = [
  ...['docs', 'examples', 'media', 'scripts', 'src', 'webview', 'bench', 'test'],
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json', 'package.nls.json'],
];

/** Never searched. */
const skipped = ['test/unit/scripts/plainWords.test.ts'];

const fileTypes = /\.(md|json|ts|mjs|cjs|css|py)$/;

/** Each idiom with its replacement. */
const idioms: [idiom: RegExp, instead: string][] = [
  [/\bof itself\b/i, 'by default, automatically'],
  [/\bby itself\b/i, 'by default, automatically, alone'],
  [/\b(take|takes|taken|taking|took)\b(?: \w+){0,3} along\b/i, 'export'],
  [/\bso many\b/i, 'N, the first N'],
  [/\bin vain\b/i, 'without effect'],
  [/\b(is|are|was|were|be) told\b/i, 'is reported, logged, shown'],
  [/\btells? (apart|something else)\b/i, 'distinguishes, differs'],
  [/\bon record\b/i, 'recorded'],
  [/\bby hand\b(?!\/)/i, 'manual, manually'],
  [/\blet go\b/i, 'evicted, freed'],
  [/\bno longer held\b/i, 'evicted, freed'],
  [/\bheld against\b/i, 'compared with'],
  [/\bis asked\b/i, 'measured, computed'],
  [/\b(an)?other bits\b/i, 'different bits'],
  [/\banother one\b/i, 'a different …, the other …'],
  [/\banew\b/i, 'again'],
  [/\bin (its|their) stead\b/i, 'instead'],
  [/\b(a text|texts)\b(?! (?:file|alternative|editor))/i, 'string, strings'],
  [/\b(begun|had begun)\b/i, 'started'],
  [/\bcould not be had\b|\bcan be had\b/i, 'is not available'],
  [/\bcannot be told\b/i, 'inconclusive'],
  [/\bstands? (in|on|at|there|here|beside|above|below|behind|for)\b/i, 'is, appears, represents'],
  [/\bstood (in|on|at|there|here|still)\b/i, 'was'],
  [/\blies (in|on|at|there|beside|beyond|wholly|between)\b/i, 'is'],
  [/\bcomes? to (the same|something|nothing)\b/i, 'produces'],
  [/\bwhere (one|there) is none\b/i, 'if there is none'],
  [/\bthe worst there is\b/i, 'worst'],
  [/\bthat which\b/i, 'name the subject'],
  [/\ba (step|layer|second|frame|unit|class|core|pair)\b(?= *\|)/i, 'per …'],
  [/(\/\*\*|^\s*\*) Of (?!course)/, 'start with a verb or a noun phrase'],
  [/@(param|property|returns)\b(?: \{[^}]*\})?(?: \[?[\w.]+\]?)? Of /, 'start with a noun phrase'],
];

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesIn(join(path, name)));
}

/** Lines with an idiom, as `path:line: "idiom": use instead`. */
function findings(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    idioms.flatMap(([idiom, instead]) => {
      const found = idiom.exec(line)?.[0].trim();
      return found ? [`${path}:${index + 1}: "${found}": use ${instead}`] : [];
    }),
  );
}

describe('plain words', () => {
  const all = searched
    .flatMap(filesIn)
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => fileTypes.test(path) && !/(package-lock|hashes)\.json$|_pb\.ts$|fixtures\//.test(path));

  it('has no idioms in comments, messages and docs', () => {
    const paths = all.filter((path) => !skipped.includes(path));
    assert.deepEqual(paths.flatMap(findings), []);
  });

  it('finds the idioms that it searches for', () => {
    const samples = ['an arm that is told so', 'Take the Run Along', '/** Of one layer. */', 'the first so many rows'];
    for (const sample of samples)
      assert.ok(
        idioms.some(([idiom]) => idiom.test(sample)),
        sample,
      );
  });
});
