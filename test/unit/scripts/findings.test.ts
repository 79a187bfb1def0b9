/** docs/findings.md: its format, and that it matches the current experiments and engine. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { verdicts } from '../../../src/experiment/claims/verdict';
import { parseText } from '../../../src/experiment/parse';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import * as words from '../../../src/experiment/report/report';
import type { RunSummary } from '../../../src/protocol';
import { loadScript } from '../../support/scripts';

type Chapters = typeof import('../../../scripts/lib/findings/chapters.mjs');
type Text = typeof import('../../../scripts/lib/findings/text.mjs');
type Real = typeof import('../../../scripts/lib/findings/real.mjs');
type RealText = typeof import('../../../scripts/lib/findings/realText.mjs');
type Experiment = import('../../../scripts/lib/findings/text.mjs').Experiment;

const kept = () => readFileSync('docs/findings.md', 'utf8');

/** Twenty pairs whose second arm is better by a tenth, and two runs that diverged. */
function experiment(change: Partial<Experiment> = {}): Experiment {
  const claims = readExperiment(
    JSON.stringify({
      data: { kind: 'spiral' },
      network: { layers: [{ dense: 4 }] },
      training: { seeds: '1-20' },
      arms: { 'a*b': {}, B: { training: { batchSize: 8 } } },
      claim: [
        { says: 'B is <b>better</b>', metric: 'testAccuracy', better: 'B', than: 'a*b', by: 0.01 },
        { says: 'B is worse', metric: 'testAccuracy', better: 'a*b', than: 'B', by: 0.01 },
      ],
    }),
  ).plan!.claims;
  const runs = ['a*b', 'B'].flatMap((arm, k) =>
    Array.from({ length: 20 }, (_, seed) => {
      const testAccuracy = 0.5 + 0.1 * k + 0.001 * (seed % 5);
      return {
        arm,
        seed,
        point: {},
        status: 'completed',
        steps: 10,
        final: { trainLoss: 1, testLoss: 1, testAccuracy },
      };
    }),
  ) as unknown as RunSummary[];
  const ended = runs.map((run) => ({ ...run, channels: [], series: () => null }));
  return {
    ...{ id: 'x', title: 'X', known: '', runs, hash: 'abc'.repeat(10), notRun: '' },
    verdicts: verdicts(claims, ended as unknown as Parameters<typeof verdicts>[1]),
    ...change,
  };
}

describe('the findings', () => {
  let text: Text;
  let chapters: Chapters;
  before(async () => {
    text = await loadScript<Text>('lib/findings/text.mjs');
    chapters = await loadScript<Chapters>('lib/findings/chapters.mjs');
  });

  const written = (experiments: Experiment[]) =>
    text.findingsText(
      {
        ...{ date: '2026-01-02', engine: '0.1.0', machine: 'a machine', seeds: '101-120', seconds: 90 },
        chapters: [{ title: 'Claim 1: it does', says: 'Somebody.', experiments }],
      },
      words,
    );

  it('group claims by verdict', () => {
    const page = written([experiment()]);
    assert.match(page, /Of 2 claims: 1 supported, 1 contradicted, 0 undecided\./);
    assert.match(page, /\| \[Claim 1: it does\]\(#claim-1-it-does\) \| 1 \| 1 \| 0 \|/);
    const [held, not] = ['**Supported', '**Contradicted'].map((heading) => page.indexOf(heading));
    assert.ok(held > 0 && not > held);
    assert.ok(page.slice(held, not).includes('B is \\<b\\>better'), page.slice(held, not));
    assert.ok(page.slice(not).includes('* B is worse'));
    assert.doesNotMatch(page, /\*\*Undecided/);
  });

  it('list each arm’s mean and diverged runs, with escaped names', () => {
    const some = experiment();
    const runs = some.runs.map((run, k) => (k < 2 ? { ...run, status: 'diverged' as const } : run));
    const page = written([{ ...some, runs }]);
    assert.match(page, /\| a\\\*b \| 18 \| 2 \| 50\.2 ± 0\.1 % \|/);
    assert.match(page, /\| B \| 20 \| – \| 60\.2 ± 0\.1 % \|/);
  });

  it('give the reason why an experiment was not run', () => {
    assert.match(
      written([experiment({ runs: [], verdicts: [], notRun: 'no files.' })]),
      /x\.bnexp\.json\): no files\./,
    );
  });

  it('cover every experiment with a claim', () => {
    chapters.checkChapters([...presets]);
    const one = { id: 'y', text: '{ "claim": {} }' };
    assert.throws(() => chapters.checkChapters([...presets, one]), /have a claim but are in no chapter: y/);
    assert.throws(() => chapters.checkChapters(presets.slice(1)), /unknown presets: first/);
  });

  it('in docs match this engine, and every claim in its file, and have valid links', () => {
    const page = kept();
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.ok(page.includes(`engine ${version},`), 'run npm run findings again');
    for (const preset of presets) {
      const { plan } = readExperiment(preset.text);
      if (/"kind": "idx"/.test(preset.text)) continue;
      for (const { says } of plan?.claims ?? []) assert.ok(page.includes(text.plain(says)), `${preset.id}: ${says}`);
    }
    for (const [, file] of page.matchAll(/\]\(([^)#]+)\)/g)) assert.ok(existsSync(`docs/${file}`), file);
  });
});

describe('the findings on Fashion-MNIST', () => {
  let real: Real;
  let realText: RealText;
  let text: Text;
  before(async () => {
    real = await loadScript<Real>('lib/findings/real.mjs');
    realText = await loadScript<RealText>('lib/findings/realText.mjs');
    text = await loadScript<Text>('lib/findings/text.mjs');
  });

  it('come from experiments without errors, each with claims on its own channels', () => {
    for (const each of real.realExperiments) {
      const preset = presets.find(({ id }) => id === each.preset);
      const { value } = parseText(preset?.text ?? '');
      const { plan, diagnostics } = readExperiment(JSON.stringify(real.realExperiment(value, each)));
      assert.deepEqual(
        diagnostics.filter(({ severity }) => severity === 'error'),
        [],
        each.id,
      );
      assert.ok(plan?.runs[0].data.kind === 'fashion-mnist' && plan.claims.length > 0);
    }
    const networks = new Set(real.realExperiments.map(({ preset, network }) => `${preset[6]} ${network}`));
    for (const claim of '123456')
      assert.ok(networks.has(`${claim} dense`) && networks.has(`${claim} convolutional`), claim);
  });

  it('know the verdict of each claim on generated data', () => {
    const known = real.knownVerdicts(kept());
    for (const { preset: id } of real.realExperiments) {
      const { plan } = readExperiment(presets.find((preset) => preset.id === id)?.text ?? '');
      for (const { says } of plan?.claims ?? []) {
        const found = known.get(real.knownKey(id, text.plain(says)));
        assert.ok(found && found.numbers !== '', `${id}: ${says}`);
      }
    }
  });

  it('are beside those on generated data, and say which carry over', () => {
    const { runs, verdicts: found, hash } = experiment();
    const [preset] = ['claim-3-relu'];
    const known = new Map([
      [
        real.knownKey(preset, text.plain('B is <b>better</b>')),
        { outcome: 'supported', numbers: '+0.2 (+0.1 to +0.3)' },
      ],
      [real.knownKey(preset, 'B is worse'), { outcome: 'undecided', numbers: '' }],
    ] as const);
    const page = realText.realFindingsText(
      {
        ...{ date: '2026-01-02', engine: '0.1.0', machine: 'a machine', seeds: '101-120', seconds: 90, known },
        experiments: [
          {
            real: { preset, id: preset, network: 'dense', train: 1, test: 2 },
            content: { name: 'X', data: { kind: 'fashion-mnist' } },
            ...{ runs, verdicts: found, hash },
          },
        ],
      },
      words,
    );
    assert.match(page, /Of 2 verdicts on Fashion-MNIST: 1 supported, 1 contradicted, 0 undecided/);
    assert.match(page, /\*\*Carry over: 1\*\*\n\n\* B is \\<b\\>better\\<\/b\\> \(dense; .*\): supported/);
    assert.match(page, /undecided on generated data: 1\*\*\n\n\* B is worse \(dense; .*\): contradicted here/);
    assert.match(page, /\| ✔ supported<br>\+0\.2 \(\+0\.1 to \+0\.3\) \| ✔ supported<br>\+0\.1 /);
  });

  it('in docs match this engine, and have valid links', () => {
    const page = readFileSync('docs/findings-real.md', 'utf8');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.ok(page.includes(`engine ${version},`), 'run npm run findings -- --real again');
    for (const [, file] of page.matchAll(/\]\(([^)#:]+)\)/g)) assert.ok(existsSync(`docs/${file}`), file);
    const headings = new Set([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => text.anchor(title)));
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(headings.has(anchor), anchor);
  });
});
