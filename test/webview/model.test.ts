/** The page of a model file. */
import assert from 'node:assert/strict';
import { binEdges } from '../../src/engine/bins';
import type { ToModelPage } from '../../src/protocol';
import { inspectModelFile } from '../../src/runs/folder/modelFile';
import { panelOfEachTest } from './harness';
import { pixels } from './pixels';

describe('the page of a model file', () => {
  const panels = panelOfEachTest();
  const modelOf = (name: string): ToModelPage => {
    const { values: _, ...model } = inspectModelFile(`test/fixtures/models/${name}`);
    return { type: 'model', name, model, binEdges: Float64Array.from(binEdges) };
  };
  const open = async (message: ToModelPage) => {
    const panel = await panels.open({ script: 'model.js' });
    await panel.send(message);
    return panel.page;
  };

  it('shows what looks wrong, a lane for each part, and the values of each normalization', async () => {
    const page = await open(modelOf('net.onnx'));
    assert.equal(await page.locator('h1').innerText(), 'net.onnx');
    assert.equal(await page.locator('p').first().innerText(), 'ONNX, 4 normalizations, 4 findings');
    assert.deepEqual(await page.locator('.findings li').allInnerTexts(), [
      '/bn/BatchNormalization 1 of 3 channels almost off: |scale| below 0.001',
      '/bn10/BatchNormalization the running statistics were never updated: the mean is 0 and the variance 1 everywhere',
      'ln2 the scale of 1 of 10 channels is NaN or infinite',
      'ε differs between layers: 1e−5 in 3 layers, 0.0010 in 1 layer.',
    ]);
    assert.equal(await page.locator('.lane').count(), 5);
    for (let lane = 0; lane < 5; lane++) {
      assert.ok((await pixels(page.locator('.lane canvas').nth(lane))).coloured > 20, `lane ${lane}`);
    }
    assert.deepEqual(await page.locator('tbody tr').nth(0).locator('th, td').allInnerTexts(), [
      '1',
      '/bn/BatchNormalization',
      'batch',
      '3',
      '−2.00 … 1.50',
      '0',
      '−0.015 … −9.4e−4',
      '1e−9 … 0.82',
      '5.6e−4 … 63.2',
      '0.0010',
      '/conv/Conv',
    ]);
  });

  it('marks the row of a normalization that is selected in the strip', async () => {
    const page = await open(modelOf('net.safetensors'));
    await page.getByRole('button', { name: 'Show the values of grouped' }).click();
    assert.equal(await page.locator('tr[aria-current]').locator('th').innerText(), 'grouped');
  });

  it('shows names as text, and a file that cannot be read with its reason', async () => {
    const model = modelOf('net.safetensors');
    assert.ok(model.type === 'model');
    model.model.normalizations[0].name = '<img src=x>';
    const page = await open(model);
    assert.equal(await page.locator('tbody th').first().innerText(), '<img src=x>');
    assert.equal(await page.locator('img').count(), 0);
    const refused = await open({ type: 'unreadableModel', name: 'a.onnx', message: 'a.onnx is missing' });
    assert.equal(await refused.getByRole('alert').innerText(), 'a.onnx is missing');
  });
});
