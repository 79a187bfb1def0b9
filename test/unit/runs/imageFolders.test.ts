/** Folders of images, from the disk to the engine. PNG files and their pixels come from Pillow; see test/oracle/make_pictures.py. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { cifarTrainFiles } from '../../../src/engine/data/cifar10';
import type { Dataset } from '../../../src/engine/data/dataset';
import { readExperiment } from '../../../src/experiment/read';
import { FileTooLargeError, NotRegularFileError } from '../../../src/runs/folder/regularFile';
import { dataDiagnostics, datasetOf, loadPlanData } from '../../../src/runs/loadData';
import { decodePng, PngError, pngHeading } from '../../../src/runs/png';
import { type Found, readProblem } from '../../../src/runs/readProblem';
import { filesOf } from '../../../src/runs/session/planFiles';
import { idxBytes } from '../engine/data/support';
import { planOf, temporaryFolder } from './support/experiments';

const { pictures, cifar } = JSON.parse(readFileSync('test/fixtures/pictures/pictures.json', 'utf8'));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const picture = (name: string) => bytesOf(pictures.read[name].file);

interface Picture {
  file: string;
  channels: number;
  pixels: string;
}

const experimentOf = (data: object) => ({
  data,
  network: { layers: [{ dense: 4 }] },
  training: { batchSize: 2, steps: 3, seeds: [1] },
});

describe('PNG files', () => {
  for (const [name, { file, channels, pixels }] of Object.entries<Picture>(pictures.read)) {
    it(`are read as Pillow reads them: ${name}`, () => {
      const heading = pngHeading(bytesOf(file));
      assert.deepEqual(heading, { width: pictures.width, height: pictures.height, channels });
      assert.deepEqual(decodePng(bytesOf(file), heading), bytesOf(pixels));
    });
  }

  const refusal = (bytes: Uint8Array): string => {
    try {
      decodePng(bytes, pngHeading(bytes));
    } catch (cause) {
      assert.ok(cause instanceof PngError, String(cause));
      return cause.message;
    }
    return '';
  };

  it('are refused with the reason', () => {
    const grey = picture('grey');
    assert.match(refusal(bytesOf(pictures.refused['16 bits'])), /16 bits per channel.*convert it to 8/);
    assert.match(refusal(bytesOf(pictures.refused.transparent)), /transparent pixels/);
    assert.match(refusal(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)), /is a JPEG file, though its name says PNG/);
    assert.match(refusal(new TextEncoder().encode('hello')), /is not a PNG file/);
    assert.match(refusal(grey.subarray(0, 20)), /has no header/);
    assert.match(refusal(grey.subarray(0, grey.length - 20)), /was cut short/);
    const damaged = grey.slice();
    damaged[60] ^= 0x55;
    assert.match(refusal(damaged), /is damaged: .*Copy it again/);
  });

  it('are never unpacked beyond their size', () => {
    const grey = Buffer.from(picture('grey'));
    // The header says 1 × 1 pixels.
    grey.writeUInt32BE(1, 16);
    grey.writeUInt32BE(1, 20);
    assert.match(refusal(grey), /its pixels cannot be unpacked/);
  });

  it('give a sentence for any damage', () => {
    for (const name of ['colour', 'palette of 4', 'grey, 4 bits']) {
      const whole = picture(name);
      for (let at = 0; at < whole.length; at++) {
        const damaged = whole.slice();
        damaged[at] ^= 1 << (at % 8);
        refusal(damaged);
        refusal(whole.subarray(0, at));
      }
    }
  });
});

describe('files that cannot be read', () => {
  // What the system reports differs between systems, so each cause is given here.
  const problem = (code: string, found?: Found) => readProblem(Object.assign(new Error(`${code}: x`), { code }), found);

  it('are described without the words of the system', () => {
    assert.match(problem('ENOENT'), /not in the experiment's folder/);
    assert.match(problem('ENOENT', 'listed'), /is a link to a file that does not exist/);
    assert.match(problem('ENOTDIR'), /a part of its path is a file, not a folder: correct the path/);
    assert.match(problem('ENOTDIR', 'folder'), /is not a folder: name the folder/);
    assert.match(problem('ELOOP', 'listed'), /a link that leads back to itself/);
    assert.match(problem('ENAMETOOLONG'), /has a longer name than this system allows: shorten it/);
    assert.match(readProblem(new NotRegularFileError('x', 'FIFO'), 'listed'), /FIFO.*put the file in its place/);
    assert.match(readProblem(new FileTooLargeError('x', 2e8, 1e8), 'listed'), /at most .* of an image file are read/);
  });
});

describe('image folders', () => {
  const folder = temporaryFolder();
  const dataset = async (data: object): Promise<Dataset> => {
    const plan = planOf(experimentOf(data));
    const files = await loadPlanData(plan, folder.path());
    return datasetOf(plan.runs[0], filesOf(plan.runs[0], files));
  };
  const refusal = (data: object) =>
    dataset(data).then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  const write = (path: string, bytes: Uint8Array) => {
    mkdirSync(folder.path(path.slice(0, path.lastIndexOf('/'))), { recursive: true });
    writeFileSync(folder.path(path), bytes);
  };

  describe('of PNG files', () => {
    const shapes = (data = {}) => ({ kind: 'png', folder: 'shapes', ...data });
    beforeEach(() => {
      rmSync(folder.path('shapes'), { recursive: true, force: true });
      for (const name of ['2', '10', '1']) write(`shapes/one/${name}.png`, picture('grey'));
      for (const name of ['a', 'b']) write(`shapes/two/${name}.PNG`, picture('grey, smooth'));
      write('shapes/.DS_Store', new Uint8Array(3));
    });

    it('have a class for each folder, and a random share for testing', async () => {
      const { classNames, image, train, test } = await dataset(shapes({ testFraction: 0.4 }));
      assert.deepEqual(classNames, ['one', 'two']);
      assert.deepEqual(image, { width: 11, height: 9, channels: 1 });
      assert.deepEqual([train.count, test.count], [3, 2]);
      assert.deepEqual([...train.labels, ...test.labels].sort(), [0, 0, 0, 1, 1]);
    });

    it('may have test images of their own, in colour', async () => {
      write('c/train/x/1.png', picture('colour'));
      write('c/train/y/1.png', picture('palette'));
      write('c/test/y/1.png', picture('colour, opaque alpha'));
      const { image, train, test } = await dataset({ kind: 'png', folder: 'c/train', testFolder: 'c/test' });
      assert.deepEqual(image, { width: 11, height: 9, channels: 3 });
      assert.deepEqual([...train.labels, ...test.labels], [0, 1, 1]);
      assert.deepEqual(train.features.subarray(0, 297), test.features);
    });

    it('are refused with the file and a remedy', async () => {
      const refusedWith = async (path: string, bytes: Uint8Array, message: RegExp) => {
        write(path, bytes);
        assert.match(await refusal(shapes()), message);
        rmSync(folder.path(path));
      };
      await refusedWith(
        'shapes/two/c.png',
        picture('colour'),
        /^DataError: shapes\/two\/c\.png is in colour, but shapes\/one\/1\.png is grey/,
      );
      await refusedWith('shapes/two/c.png', bytesOf(pictures.refused['16 bits']), /two\/c\.png has 16 bits/);
      await refusedWith('shapes/two/c.png', picture('grey').subarray(0, 40), /two\/c\.png was cut short/);
      write('shapes/two/d.png', new Uint8Array(3));
      assert.match(await refusal(shapes({ folder: 'shapes/' })), /^DataError: shapes\/two\/d\.png is not a PNG/);
      rmSync(folder.path('shapes/two/d.png'));
      await refusedWith('shapes/two/c.jpg', new Uint8Array(3), /two\/c\.jpg is not a PNG file: convert it/);
      await refusedWith('shapes/c.png', picture('grey'), /has the file "c\.png" beside the folders/);
      mkdirSync(folder.path('shapes/three'));
      assert.match(await refusal(shapes()), /shapes\/three has no PNG file/);
      assert.match(await refusal(shapes({ folder: 'shapes/one' })), /no folder for each class/);
      assert.match(await refusal(shapes({ folder: 'none' })), /^DataError: none is not in the experiment's folder/);
      write('other/one/1.png', picture('grey'));
      write('other/four/1.png', picture('grey'));
      rmSync(folder.path('shapes/three'), { recursive: true });
      write('file', new Uint8Array(3));
      assert.match(await refusal(shapes({ folder: 'file' })), /^DataError: file is not a folder: name the folder/);
      assert.match(await refusal(shapes({ testFolder: 'file' })), /^DataError: file is not a folder/);
      mkdirSync(folder.path('shapes/two/x.png'));
      assert.match(await refusal(shapes()), /^DataError: shapes\/two\/x\.png is a folder, where a file is expected/);
      rmSync(folder.path('shapes/two/x.png'), { recursive: true });
      assert.match(await refusal(shapes({ testFolder: 'other' })), /other has a folder "four", but shapes has none/);
    });
  });

  describe('of CIFAR-10', () => {
    const data = { kind: 'cifar-10', folder: 'cifar' };
    const batch = bytesOf(cifar.file);
    before(() => {
      for (const name of [...cifarTrainFiles, 'test_batch.bin']) write(`cifar/${name}`, batch);
    });

    it('are read in the order of the batches', async () => {
      const { train, test, classNames, image } = await dataset(data);
      assert.deepEqual([train.count, test.count], [15, 3]);
      assert.deepEqual(image, { width: 32, height: 32, channels: 3 });
      assert.equal(classNames[test.labels[0]], 'cat');
      const values = Float32Array.from(bytesOf(cifar.pixels), (byte) => byte / 255);
      assert.deepEqual(test.features, values);
      assert.deepEqual(train.features.subarray(12 * 3072), values);
    });

    it('are read only as far as they are used', async () => {
      const { train, test } = await dataset({ ...data, train: 4, test: 1 });
      assert.deepEqual([train.count, test.count], [4, 1]);
      assert.match(await refusal({ ...data, train: 16 }), /cifar holds 15 images for training, but train asks for 16/);
    });

    it('are refused if they were cut short, or are half there', async () => {
      write('cifar/data_batch_4.bin', batch.subarray(0, 5000));
      assert.match(await refusal(data), /^DataError: cifar\/data_batch_4\.bin has 5,000 bytes, which is 1 image of/);
      rmSync(folder.path('cifar/data_batch_4.bin'));
      assert.match(
        await refusal(data),
        /the folder "cifar" has 5 of the 6 files of CIFAR-10, and lacks data_batch_4\.bin: copy it/,
      );
      assert.match(await refusal({ ...data, folder: 'shapes' }), /has none of the files of CIFAR-10/);
      mkdirSync(folder.path('cifar/data_batch_4.bin'));
      assert.match(await refusal(data), /^DataError: cifar\/data_batch_4\.bin is a folder, where a file is expected/);
      rmSync(folder.path('cifar/data_batch_4.bin'), { recursive: true });
      write('file', batch);
      assert.match(await refusal({ ...data, folder: 'file' }), /^DataError: (file is not a|there is no) folder/);
    });

    it('have errors reported at their folder', async () => {
      const text = JSON.stringify(experimentOf(data));
      const [found] = await dataDiagnostics(readExperiment(text), folder.path());
      assert.equal(text.slice(found.offset, found.offset + found.length), '"cifar"');
      assert.match(found.message, /lacks data_batch_4/);
    });
  });

  describe("of MNIST's format", () => {
    const names = [
      'train-images-idx3-ubyte',
      'train-labels-idx1-ubyte',
      't10k-images-idx3-ubyte',
      't10k-labels-idx1-ubyte',
    ];
    const contents = [
      idxBytes(0x803, [3, 1, 2], [0, 255, 1, 2, 3, 4]),
      idxBytes(0x801, [3], [0, 9, 1]),
      idxBytes(0x803, [1, 1, 2], [5, 6]),
      idxBytes(0x801, [1], [1]),
    ];
    before(() => {
      contents.forEach((content, k) => {
        write(`mnist/${names[k]}`, content);
        write(`fashion-mnist/${names[k]}.gz`, gzipSync(content));
      });
    });

    it('are read by their usual names, gzipped or not', async () => {
      const plain = await dataset({ kind: 'idx', folder: 'mnist' });
      assert.deepEqual([...plain.train.labels], [0, 2, 1]);
      assert.deepEqual(await dataset({ kind: 'idx', folder: 'fashion-mnist' }), plain);
      const fashion = await dataset({ kind: 'fashion-mnist', train: 3, test: 1 });
      assert.deepEqual([...fashion.train.labels], [0, 9, 1]);
    });

    it('of Fashion-MNIST are not mixed with those of a package, and missing ones are named', async () => {
      rmSync(folder.path(`fashion-mnist/${names[3]}.gz`));
      assert.match(
        await refusal({ kind: 'fashion-mnist' }),
        /^DataError: the folder "fashion-mnist" has 3 of the 4 files of Fashion-MNIST, and lacks t10k-labels-idx1-ubyte\.gz: copy it there too/,
      );
      mkdirSync(folder.path(`fashion-mnist/${names[3]}`));
      assert.match(
        await refusal({ kind: 'fashion-mnist' }),
        /^DataError: fashion-mnist\/t10k-labels-idx1-ubyte is a folder, where a file is expected/,
      );
      assert.match(
        await refusal({ kind: 'fashion-mnist', folder: 'clothes' }),
        /Fashion-MNIST is not in the folder "clothes": install Debian's package/,
      );
    });
  });
});
