/** Event files of the writers that people use (test/fixtures/logs/make_logs.py): PyTorch, tensorboardX, TensorFlow 2 and Keras. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { binCentres, binOf } from '../../../../src/engine/bins';
import { LogFolder } from '../../../../src/runs/folder/logs/logFolder';
import { damageRemarks } from '../../../../src/runs/folder/logs/logRemarks';
import { inOwnBins } from '../../../../src/runs/log/foreign/histogram';
import type { Tag } from '../../../../src/runs/log/foreign/tags';

const fixtures = 'test/fixtures/logs';

function opened(name: string): LogFolder {
  const folder = new LogFolder(join(fixtures, name));
  folder.look();
  while (folder.read(1 << 20));
  assert.deepEqual(damageRemarks(folder), []);
  return folder;
}

function tagOf(folder: LogFolder, name: string, arm = folder.runs[0].arm): Tag {
  const tag = folder.runs.find((run) => run.arm === arm)?.tags.find((each) => each.name === name);
  assert.ok(tag, `${arm} has no tag ${name}`);
  return tag;
}

const stepsAndValues = ({ scalars }: Tag) => {
  const { steps, values } = scalars?.points() ?? assert.fail('no scalars');
  return [...steps].map((step, k) => [step, values[k]]);
};

const histogramsOf = ({ histograms }: Tag) => histograms?.all() ?? assert.fail('no histograms');

describe('event files of PyTorch', () => {
  const folder = opened('torch');

  it('are one arm per folder, with the seed of their path', () => {
    const runs = folder.runs.map(({ folder, arm, seed }) => [folder, arm, seed]);
    assert.deepEqual(runs, [
      ['seed-1', 'torch', 1],
      ['seed-1/both_a', 'both_a', 1],
      ['seed-1/both_b', 'both_b', 1],
      ['seed-1/hparams', 'hparams', 1],
    ]);
  });

  it('have the scalars of the first file up to the step from which the second one purges them', () => {
    const first = Array.from({ length: 6 }, (_, k) => [k, Math.fround(1 / (k + 1))]);
    const loss = tagOf(folder, 'loss/train');
    assert.deepEqual(stepsAndValues(loss), [...first, [6, 106], [7, 107], [8, 108]]);
    assert.equal(loss.values, 15);
    // The purge removed them, so no step goes back.
    assert.equal(loss.restarts, 0);
    assert.deepEqual([...(loss.scalars?.points().wallTimes ?? [])].slice(0, 2), [1_700_000_000, 1_700_000_001]);
  });

  it('have histograms whose first, empty bucket carries the left edge', () => {
    const [{ step, row }] = histogramsOf(tagOf(folder, 'fc/weight'));
    assert.equal(step, 0);
    assert.equal(row.edges.length, row.counts.length + 1);
    assert.equal(
      row.counts.reduce((sum, count) => sum + count, 0),
      301,
    );
    // Values from −1 to 2, in exponential buckets of which the outermost contain −1 and 2.
    assert.ok(row.edges[0] >= -1.1 && row.edges[0] <= -1, String(row.edges[0]));
    assert.equal(row.edges.at(-1), 2);
    const bins = inOwnBins(row);
    assert.ok(Math.abs(bins.reduce((sum, count) => sum + count, 0) - 301) < 1e-3);
    const mean = bins.reduce((sum, count, bin) => sum + count * binCentres[bin], 0) / 301;
    assert.ok(Math.abs(mean - 0.5) < 0.03, String(mean));
  });

  it('have text, images, several lines and hyperparameters', () => {
    const [text] = tagOf(folder, 'notes/text_summary').strings?.all() ?? [];
    assert.deepEqual([text.step, text.row.text, text.row.isCut], [3, 'batch of 60', false]);
    const [image] = tagOf(folder, 'sample').images?.all() ?? [];
    assert.deepEqual([image.row.width, image.row.height], [5, 4]);
    assert.deepEqual([...image.row.encoded.subarray(1, 4)], [...Buffer.from('PNG')]);
    assert.deepEqual(stepsAndValues(tagOf(folder, 'both', 'both_a')), [[5, 1]]);
    assert.deepEqual(stepsAndValues(tagOf(folder, 'both', 'both_b')), [[5, 2]]);
    assert.deepEqual(stepsAndValues(tagOf(folder, 'metric', 'hparams')), [[0, 0.5]]);
    assert.deepEqual([...folder.runs[3].contents.passedOver], [['hparams', 3]]);
  });
});

describe('event files of Keras', () => {
  const folder = opened('keras');

  it('have training and validation as arms', () => {
    assert.deepEqual(
      folder.runs.map(({ arm, seed }) => [arm, seed]),
      [
        ['train', null],
        ['validation', null],
      ],
    );
    for (const { arm } of folder.runs) {
      const expected = [0, 1, 2].map((epoch) => [epoch, Math.fround(1 / (epoch + 1))]);
      assert.deepEqual(stepsAndValues(tagOf(folder, 'epoch_loss', arm)), expected);
    }
  });

  it('have histograms of rows of left edge, right edge and count', () => {
    const rows = histogramsOf(tagOf(folder, 'dense/kernel_0'));
    assert.deepEqual(
      rows.map(({ step }) => step),
      [0, 1, 2],
    );
    assert.deepEqual([...rows[0].row.edges], [0, 0.25, 0.5, 0.75, 1]);
    assert.deepEqual([...rows[0].row.counts], [25, 25, 25, 26]);
    // Its bucket of 0.25 to 0.5 is one octave, which has four bins of the lab.
    const bins = inOwnBins(rows[0].row);
    const octave = [...bins.subarray(binOf(0.26), binOf(0.49) + 1)];
    assert.equal(octave.length, 4);
    for (const count of octave) assert.ok(Math.abs(count - 25 / 4) < 1e-9);
  });

  it('have histograms of nothing', () => {
    const [{ row }] = histogramsOf(tagOf(folder, 'dense/empty_0'));
    assert.equal(
      row.counts.reduce((sum, count) => sum + count, 0),
      0,
    );
  });
});

describe('tensors', () => {
  const folder = opened('tensors');

  it('of every type are scalars', () => {
    const { tags, contents } = folder.runs[0];
    assert.equal(tags.length, 18);
    for (const tag of tags) {
      const expected = tag.name.includes('uint') ? 3 : tag.name === 'list/bool' ? 1 : -3;
      assert.deepEqual(stepsAndValues(tag)[0], [7, expected], tag.name);
    }
    // The second value of a tag does not name its plugin.
    assert.deepEqual(stepsAndValues(tagOf(folder, 'list/float32')), [
      [7, -3],
      [8, -4],
    ]);
    assert.deepEqual(Object.fromEntries(contents.passedOver), {
      'scalar that is not one number': 1,
      'tensor of an unknown kind': 1,
    });
  });
});

describe('event files of tensorboardX', () => {
  const folder = opened('tensorboardx');

  it('have steps of 64 bits, also negative ones, after which those before are void', () => {
    const accuracy = tagOf(folder, 'accuracy');
    assert.deepEqual(stepsAndValues(accuracy), [[-1, 0.25]]);
    assert.deepEqual([accuracy.values, accuracy.restarts], [2, 1]);
  });

  it('have histograms', () => {
    const [{ row }] = histogramsOf(tagOf(folder, 'weights'));
    assert.equal(
      row.counts.reduce((sum, count) => sum + count, 0),
      201,
    );
  });
});
