/** `bnexp mcp` as an assistant uses it: the client of the official SDK starts the built process and calls its tools. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { inputSchema, tools } from '../../../src/runs/tools/definitions';
import { until } from '../../support/until';
import { small, temporaryFolder } from '../runs/support/experiments';

const cli = join(process.cwd(), 'dist/cli.js');

describe('bnexp mcp', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const client = new Client({ name: 'a test', version: '1' }, { capabilities: { elicitation: {} } });
  /** Questions of the server, and the answer of the person. */
  const asked: string[] = [];
  let answer: 'accept' | 'decline' = 'accept';
  const claim = { says: 'BatchNorm is better', metric: 'testLoss', better: 'BatchNorm', than: 'without' };

  before(async () => {
    assert.ok(existsSync(cli), 'dist/cli.js is not built: npm run build');
    writeFileSync(folder.path('small.bnexp.json'), JSON.stringify({ ...small, claim }));
    const training = { ...small.training, steps: 50_000_000, seeds: [1] };
    writeFileSync(folder.path('long.bnexp.json'), JSON.stringify({ ...small, training }));
    symlinkSync(process.cwd(), folder.path('outside'), 'junction');
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return { action: answer };
    });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp', folder.path()] }));
  });
  after(() => client.close());

  /** Text of an answer, and whether it is an error. */
  async function call(name: string, input: Record<string, unknown>) {
    const { content, isError } = await client.callTool({ name, arguments: input });
    const [{ text }] = content as { text: string }[];
    return { text, isError };
  }

  it('lists its tools with the schemas of the editor', async () => {
    const { tools: listed } = await client.listTools();
    assert.deepEqual(
      listed.map(({ name, inputSchema: schema, annotations }) => [name, schema, annotations?.readOnlyHint]),
      tools.map((tool) => [tool.name, inputSchema(tool), tool.readsOnly]),
    );
  });

  it('validates a file and a string', async () => {
    const valid = await call('validate_experiment', { path: 'small.bnexp.json' });
    assert.match(valid.text, /^small\.bnexp\.json is valid: 2 arms × 3 seeds = 6 runs; about .* of disk\.\nClaim: /);
    const wrong = await call('validate_experiment', { text: '{ "data": { "kind": "spirl" } }' });
    assert.match(wrong.text, /^The text cannot run: 2 errors\.\n.*1:21: error: .*did you mean "spiral"\?/s);
    assert.deepEqual([valid.isError, wrong.isError], [false, false]);
  });

  it('runs an experiment that the person confirms, and explains it with numbers', async () => {
    const { text } = await call('run_experiment', { path: 'small.bnexp.json', seeds: '1-2', steps: 30 });
    assert.deepEqual(asked.length, 1);
    assert.match(asked[0], /^Train 2 arms × 2 seeds = 4 runs of “Small” .* 30 steps each/);
    assert.match(text, /4 runs: 4 completed\. Saved in the run folder "\.bnexp\/runs\/small\/[^"]+"/);
    assert.match(text, /\| BatchNorm \| 2 \| 0\.\d+ ± 0\.\d+ \|/);
    assert.match(text, /Few pairs: 2 of at least 20/);
    const explained = await call('explain_run', { path: 'small.bnexp.json', arm: 'BatchNorm' });
    // What the run's own log contains.
    const [run] = readdirSync(folder.path('.bnexp/runs/small'));
    const summary = readFileSync(folder.path('.bnexp/runs/small', run, 'BatchNorm/seed-1/summary.json'), 'utf8');
    const { layers } = JSON.parse(summary);
    const std = layers[0].activated.std.toFixed(2);
    assert.match(explained.text, new RegExp(`\\| hidden1 \\| 0\\.\\d+ → ${std.replace('.', '\\.')} \\|`));
    assert.match(explained.text, /scale \(γ\), mean/);
    assert.doesNotMatch(explained.text, /Layers of without/);
  });

  it('trains nothing that the person declines', async () => {
    answer = 'decline';
    const before = readdirSync(folder.path('.bnexp/runs/small')).length;
    const { text, isError } = await call('run_experiment', { path: 'small.bnexp.json' });
    answer = 'accept';
    assert.deepEqual([text, isError], ['The person declined this run. Nothing was trained.', true]);
    assert.equal(readdirSync(folder.path('.bnexp/runs/small')).length, before);
  });

  it('stops a cancelled run, saves its results, and answers the next call', async () => {
    const cancelling = new AbortController();
    const running = client.callTool({ name: 'run_experiment', arguments: { path: 'long.bnexp.json' } }, undefined, {
      signal: cancelling.signal,
    });
    const runs = folder.path('.bnexp/runs/long');
    const log = (name: string) => name.includes('tfevents') && /seed-1/.test(name);
    await until(() => existsSync(runs) && readdirSync(runs, { recursive: true, encoding: 'utf8' }).some(log));
    const busy = await call('run_experiment', { path: 'small.bnexp.json' });
    assert.match(busy.text, /one runs at a time/);
    cancelling.abort('no longer needed');
    await assert.rejects(running, /no longer needed/);
    const [run] = readdirSync(runs);
    const summary = join(runs, run, 'without/seed-1/summary.json');
    await until(() => existsSync(summary));
    assert.equal(JSON.parse(readFileSync(summary, 'utf8')).status, 'cancelled');
    const { text } = await call('explain_run', { path: 'long.bnexp.json' });
    assert.match(text, /2 runs: 2 cancelled/);
  });

  it('answers nonsense with a sentence', async () => {
    const cases: [string, Record<string, unknown>, RegExp][] = [
      [
        'run_experiment',
        { pth: 'x', steps: 'many', arms: [] },
        /"path" is missing.*"arms" is empty.*did you mean "path"\?/,
      ],
      ['run_experiment', { path: 'small.bnexp.json', seeds: '9-1' }, /"seeds" the range 9-1 runs backwards/],
      ['run_experiment', { path: 'small.bnexp.json', arms: ['batchnorm'] }, /did you mean "BatchNorm"/],
      ['run_experiment', { path: 'smal.bnexp.json' }, /"smal\.bnexp\.json" does not exist in/],
      ['validate_experiment', {}, /either "path" or "text"/],
      ['validate_experiment', { path: 42, text: null }, /"path" must be a string; "text" must be a string/],
      ['validate_experiment', { path: '../../etc/passwd' }, /outside the open folder/],
      ['validate_experiment', { path: 'outside/package.json' }, /outside the open folder/],
      ['validate_experiment', { path: 'file:///etc/passwd' }, /is not a path/],
      ['explain_run', { path: 'small.bnexp.json', arm: 'batchnorm' }, /Did you mean "BatchNorm"\?/],
      ['explain_run', { path: '.' }, /runs\.json/],
      ['explain_run', { path: 'small.bnexp.json', seed: 1.5 }, /"seed" must be a whole number/],
      ['delete_everything', {}, /There is no tool "delete_everything"/],
    ];
    for (const [name, input, expected] of cases) {
      const { text, isError } = await call(name, input);
      assert.match(text, expected);
      assert.equal(isError, true, text);
      assert.doesNotMatch(text, /bug|\bat .*\.m?js/);
    }
  });

  it('bounds its answers', async () => {
    const arms = Object.fromEntries(Array.from({ length: 500 }, (_, k) => [`arm ${k}`, { wrong: '☃'.repeat(50) }]));
    const { text } = await call('validate_experiment', { text: JSON.stringify({ ...small, arms }) });
    assert.ok(text.length <= 12_000, String(text.length));
    assert.match(text, /Left out: \d+ more lines \([\d,]+ characters\)\. Remove these first/);
  });
});
