/** Images in colour, and how pixels become inputs. The expected values are NumPy's; see test/oracle/make_pictures.py. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Augmenter, type ImageChange, ImageChanges } from '../../../../src/engine/augmentation';
import { cifarCount, readCifar } from '../../../../src/engine/data/cifar10';
import type { PixelOptions } from '../../../../src/engine/data/dataSpecification';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { makeDataset } from '../../../../src/engine/data/make';
import { imageDataset, transposed } from '../../../../src/engine/data/pixels';
import { streams } from '../../../../src/engine/random';
import { sceneOf } from '../../../../src/engine/scene';
import { assertWhole, dataError, idxBytes, idxFiles, readCsv } from './support';

const fixture = JSON.parse(readFileSync('test/fixtures/pictures/pictures.json', 'utf8'));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const { inputs, cifar } = fixture;
const { shape } = inputs;
const labels = Int32Array.of(0, 1, 0, 1);

function coloured(options: PixelOptions): Dataset {
  const images = { pixels: bytesOf(inputs.bytes), labels };
  return imageDataset({ image: shape, classNames: ['a', 'b'], train: images, test: images }, options);
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  // Float32 of values up to 2.
  for (let k = 0; k < expected.length; k++) assert.ok(Math.abs(actual[k] - expected[k]) < 2.4e-7, `${k}`);
}

describe('pixels', () => {
  it('are standardized by channel, with the training images alone', () => {
    const dataset = coloured({ standardize: true });
    assertWhole(dataset);
    assertClose(dataset.train.features, inputs.standardized);
    dataset.channelScales?.forEach(({ mean, std }, c) => {
      assert.ok(Math.abs(mean - inputs.mean[c]) < 1e-14 && Math.abs(std - inputs.std[c]) < 1e-14);
    });
    const { train } = imageDataset(
      {
        image: shape,
        classNames: ['a', 'b'],
        train: { pixels: bytesOf(inputs.bytes), labels },
        test: { pixels: new Uint8Array(45).fill(255), labels: Int32Array.of(1) },
      },
      { standardize: true },
    );
    assertClose(train.features, inputs.standardized);
  });

  it('are binarized at a threshold, which itself is white, and only then standardized', () => {
    assertClose(coloured({ binarize: 0.4 }).test.features, inputs.binarized);
    assert.deepEqual(
      [...coloured({ binarize: 1 }).train.features].filter((value) => value > 0).length,
      bytesOf(inputs.bytes).filter((byte) => byte === 255).length,
    );
    const both = coloured({ binarize: 0.4, standardize: true });
    assert.ok(new Set(both.train.features).size <= 6);
    const sum = both.train.features.reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum) < 1e-4);
  });

  it('of one value are only centred', () => {
    const grey = { pixels: new Uint8Array(8).fill(51), labels: Int32Array.of(0, 1) };
    const image = { width: 2, height: 2, channels: 1 };
    const dataset = imageDataset({ image, classNames: ['a', 'b'], train: grey, test: grey }, { standardize: true });
    assert.ok(dataset.train.features.every((value) => value === 0));
  });

  it('are shown as they are in the files, though standardized', () => {
    const plain = sceneOf(coloured({}), 1).scene.examples.features;
    assertClose(sceneOf(coloured({ standardize: true }), 1).scene.examples.features, [...plain]);
  });

  it('are transposed for EMNIST', () => {
    assert.deepEqual(transposed(bytesOf(inputs.bytes), shape), bytesOf(inputs.transposed));
    const source = { kind: 'idx', trainImages: 'a', trainLabels: 'b', testImages: 'c', testLabels: 'd' } as const;
    const [upright, lying] = [false, true].map((transpose) => makeDataset({ ...source, transpose }, 1, idxFiles()));
    assert.deepEqual(lying.image, { width: 2, height: 3, channels: 1 });
    assert.deepEqual(
      [...lying.train.features.subarray(0, 6)],
      [0, 3, 1, 4, 2, 5].map((k) => upright.train.features[k]),
    );
  });
});

describe('changes of training images', () => {
  it('move and mirror them, with black where nothing moves in', () => {
    for (const { pixels, ...change } of inputs.changed as (ImageChange & { pixels: string })[]) {
      const next = ImageChanges.prototype.next;
      ImageChanges.prototype.next = () => change;
      try {
        for (const standardize of [false, true]) {
          const dataset = coloured({ standardize, augment: { shift: 5, flip: true } });
          const values = Augmenter.of(dataset, streams(1))!.next(Uint32Array.of(0));
          const expected = [...bytesOf(pixels)].map((byte, k) => {
            const { mean, std } = dataset.channelScales?.[k % 3] ?? { mean: 0, std: 1 };
            return (byte / 255 - mean) / std;
          });
          assertClose(values, expected);
        }
      } finally {
        ImageChanges.prototype.next = next;
      }
    }
  });

  it('depend on the seed alone, and reach all shifts evenly', () => {
    const drawn = (seed: number, augment = { shift: 1, flip: true }) => {
      const changes = new ImageChanges(augment, streams(seed)('augmentation'));
      return Array.from({ length: 1800 }, () => JSON.stringify(changes.next()));
    };
    assert.deepEqual(drawn(3), drawn(3));
    assert.notDeepEqual(drawn(3), drawn(4));
    const counts = new Map<string, number>();
    for (const change of drawn(3)) counts.set(change, (counts.get(change) ?? 0) + 1);
    assert.equal(counts.size, 18);
    // 100 of each expected; 6 standard deviations.
    assert.ok(
      [...counts.values()].every((count) => count > 40 && count < 160),
      JSON.stringify([...counts]),
    );
    assert.ok(
      drawn(3, { shift: 0, flip: false }).every((change) => change === '{"mirrored":false,"right":0,"down":0}'),
    );
  });

  it('are none without a shift or flip', () => {
    assert.equal(coloured({ augment: { shift: 0, flip: false } }).augment, undefined);
  });
});

describe('CIFAR-10', () => {
  it('becomes pixels with their colours side by side', () => {
    const [pixels, found] = [new Uint8Array(3 * 3072), new Uint16Array(3)];
    readCifar(bytesOf(cifar.file), 'x.bin', pixels, found);
    assert.deepEqual(pixels, bytesOf(cifar.pixels));
    assert.deepEqual([...found], cifar.labels);
  });

  it('is refused if it was cut short, is CIFAR-100, or has a label beyond the classes', () => {
    dataError(
      () => cifarCount(2 * 3073 + 5, 'x.bin'),
      /^x\.bin has 6,151 bytes, which is 2 images of 3,073 bytes and 5 bytes of another: it was cut short/,
      'folder',
    );
    dataError(() => cifarCount(3074, 'x.bin'), /CIFAR-100/, 'folder');
    dataError(() => cifarCount(0, 'x.bin'), /empty/, 'folder');
    const bytes = bytesOf(cifar.file);
    bytes[3073] = 10;
    dataError(
      () => readCifar(bytes, 'x.bin', new Uint8Array(3 * 3072), new Uint16Array(3)),
      /^x\.bin has label 10 for image 2, beyond the 10 classes/,
      'folder',
    );
  });
});

describe('Fashion-MNIST', () => {
  it('has its classes, whatever labels occur, and none beyond', () => {
    const source = { kind: 'fashion-mnist', train: 3, test: 2 } as const;
    const dataset = makeDataset(source, 1, idxFiles());
    assert.equal(dataset.classNames[9], 'Ankle boot');
    assert.deepEqual([...dataset.train.labels], [2, 0, 1]);
    const beyond = idxFiles({ trainLabels: idxBytes(0x801, [3], [2, 10, 1]) });
    dataError(
      () => makeDataset(source, 1, beyond),
      /^b?a?-?labels has label 10 for image 2, beyond the 10 classes 0 to 9/,
    );
    dataError(() => makeDataset({ ...source, train: 4 }, 1, idxFiles()), /give at most 3/, 'train');
  });
});

describe('images in a table', () => {
  const rows = (width: number) =>
    Array.from({ length: 20 }, (_, k) =>
      [...Array.from({ length: width }, (_, p) => (k * (p + 3)) % 17), k % 2 ? 'a' : 'b'].join(','),
    );
  const table = (width: number) =>
    `${Array.from({ length: width }, (_, p) => `pixel_${p}`).join(',')},target\n${rows(width).join('\n')}\n`;
  const image = { width: 3, height: 2, channels: 1 };

  it('have one mean and standard deviation, and are shown from the smallest to the largest number', () => {
    const dataset = readCsv(table(6), { image });
    assertWhole(dataset);
    assert.deepEqual(dataset.image, image);
    const { features } = dataset.train;
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
    const square = features.reduce((sum, value) => sum + value * value, 0) / features.length;
    assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-5);
    const [{ black, white }] = dataset.pixelRange!;
    assertClose([Math.min(...features), Math.max(...features)], [black, white]);
    assert.deepEqual(readCsv(table(6), { image, standardize: false }).pixelRange, [{ black: 0, white: 16 }]);
  });

  it('need as many columns as pixels, all of them numbers', () => {
    dataError(
      () => readCsv(table(7), { image }),
      /has 7 columns beside the target, but an image of 2×3 pixels with 1 channel has 6/,
      'image',
    );
    const words = table(6).replaceAll(/^(\d+),/gm, 'w$1,');
    dataError(() => readCsv(words, { image }), /column "pixel_0" has words, and pixels are numbers/, 'image');
  });
});
