/** Schema of `data`. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { byDefault, choice, inFolder, kind, path, real, text, whole, yesOrNo } from './parts';

/** Upper limit of examples: more do not fit the memory of a laptop. */
const mostExamples = 10_000_000;

function sizes(train: number, test: number) {
  return {
    train: byDefault(train, whole({ min: 1, max: mostExamples }), {
      description: l10n.t('Number of generated training examples, over all classes.'),
      examples: [200, 1000, 10000],
    }),
    test: byDefault(test, whole({ min: 1, max: mostExamples }), {
      description: l10n.t('Number of generated test examples, independent of the training examples.'),
      examples: [200, 500, 2000],
    }),
  };
}

function noise(value: number, description: string) {
  return byDefault(value, real({ min: 0, max: 10 }), { description, examples: [0, value, 0.3] });
}

function classes(value: number, min: number, max: number) {
  return byDefault(value, whole({ min, max }), {
    description: l10n.t('Number of classes of equal size.'),
    examples: [2, 3, 5],
  });
}

const spiral = z
  .strictObject({
    kind: kind(
      'spiral',
      l10n.t('Interleaved spiral arms in the plane, one per class. Needs a strongly curved decision boundary.'),
    ),
    ...sizes(1000, 500),
    classes: classes(2, 2, 20),
    turns: byDefault(1, real({ above: 0, max: 10 }), {
      description: l10n.t('Number of turns of each arm around the centre. More turns are harder.'),
      examples: [0.5, 1, 1.75],
    }),
    noise: noise(0.05, l10n.t('Standard deviation of the normal noise on both coordinates. The spiral has radius 1.')),
  })
  .meta({ title: 'spiral' });

const circles = z
  .strictObject({
    kind: kind('circles', l10n.t('Concentric rings in the plane, one per class.')),
    ...sizes(1000, 500),
    classes: classes(2, 2, 20),
    noise: noise(
      0.05,
      l10n.t('Standard deviation of the normal noise on both coordinates. The largest ring has radius 1.'),
    ),
  })
  .meta({ title: 'circles' });

const moons = z
  .strictObject({
    kind: kind('moons', l10n.t('Two interleaved half circles in the plane, one per class.')),
    ...sizes(1000, 500),
    noise: noise(
      0.1,
      l10n.t('Standard deviation of the normal noise on both coordinates. Each half circle has radius 1.'),
    ),
  })
  .meta({ title: 'moons' });

const xor = z
  .strictObject({
    kind: kind(
      'xor',
      l10n.t('The class is the parity of the signs of the coordinates, so no single feature predicts it.'),
    ),
    ...sizes(1000, 500),
    dimensions: byDefault(2, whole({ min: 2, max: 20 }), {
      description: l10n.t('Number of coordinates. Each additional one makes the task much harder.'),
      examples: [2, 3],
    }),
    noise: noise(
      0.1,
      l10n.t('Standard deviation of the normal noise on every coordinate, added after the class is computed.'),
    ),
  })
  .meta({ title: 'xor' });

const gaussians = z
  .strictObject({
    kind: kind('gaussians', l10n.t('One normally distributed cluster of points per class.')),
    ...sizes(1000, 500),
    classes: classes(3, 2, 100),
    dimensions: byDefault(2, whole({ min: 1, max: 1000 }), {
      description: l10n.t('Number of features.'),
      examples: [2, 16, 100],
    }),
    separation: byDefault(3, real({ min: 0, max: 100 }), {
      description: l10n.t(
        'Distance of each centre from the origin, in standard deviations of a cluster. Small values make the classes overlap.',
      ),
      examples: [1, 3, 6],
    }),
  })
  .meta({ title: 'gaussians' });

const digits = z
  .strictObject({
    kind: kind(
      'digits',
      l10n.t(
        'Greyscale digits 0 to 9 with 28×28 pixels, drawn from strokes with random slant, size, position and thickness.',
      ),
    ),
    ...sizes(2000, 500),
    noise: noise(0.1, l10n.t('Standard deviation of the normal noise on every pixel (black is 0, white is 1).')),
  })
  .meta({ title: 'digits' });

function columns() {
  const error = l10n.t('must be a list of columns, each its name or its number from 0');
  return z
    .array(z.union([text({ max: 1000 }), whole({ min: 0, max: 100_000 })], { error }), { error })
    .max(10_000, { error: l10n.t('must be a list of at most 10,000 columns') })
    .optional();
}

const csv = z
  .strictObject({
    kind: kind('csv', l10n.t('A CSV table: one example per row, with numeric and categorical columns.')),
    path: path(l10n.t('The CSV file.'), 'iris.csv'),
    target: z
      .union([text({ max: 1000 }), whole({ min: 0, max: 100_000 })])
      .optional()
      .meta({
        description: l10n.t(
          'The column to predict: its name in the header line, or its index starting at 0. Default: the last column.',
        ),
        examples: ['species', 4],
      }),
    delimiter: text({ max: 1 })
      .optional()
      .meta({
        description: l10n.t(
          'The character between two fields. A space means any number of spaces and tabs. Default: detected from the file.',
        ),
        examples: [',', ';', '\t'],
      }),
    header: byDefault(true, yesOrNo(), { description: l10n.t('Whether the first line contains the column names.') }),
    testFraction: byDefault(0.2, real({ above: 0, below: 1 }), {
      description: l10n.t('Share of the rows that is used for testing, chosen at random by the seed.'),
      examples: [0.2, 0.5],
    }),
    standardize: byDefault(true, yesOrNo(), {
      description: l10n.t(
        'Shift and scale every numeric column to mean 0 and standard deviation 1, computed on the training rows only.',
      ),
    }),
    standardizeTarget: yesOrNo()
      .optional()
      .meta({
        description: l10n.t(
          'For a regression: train on the target minus its mean, divided by its standard deviation, both computed from the training rows. Losses are then in squared standard deviations, and a network that always predicts the mean has a loss of 1. Default: false; losses are in squared units of the target.',
        ),
      }),
    decimal: choice({ '.': l10n.t('A decimal point: 1.5'), ',': l10n.t('A decimal comma: 1,5') })
      .optional()
      .meta({ description: l10n.t('The decimal mark of the numbers. Default: detected from the whole file.') }),
    thousands: choice({
      ',': '1,234,567',
      '.': '1.234.567',
      ' ': '1 234 567',
      "'": "1'234'567",
      _: '1_234_567',
    })
      .optional()
      .meta({
        description: l10n.t('The mark between groups of three digits. Default: detected from the whole file.'),
      }),
    missing: z
      .array(text({ empty: true, max: 100 }), { error: l10n.t('must be a list of words') })
      .max(100, { error: l10n.t('must be a list of at most 100 words') })
      .optional()
      .meta({
        description: l10n.t(
          'Words that mean a missing value, in addition to an empty field, NA, NaN, null, ? and similar. Rows with a missing value are then excluded. Default: a missing value is an error.',
        ),
        examples: [['unknown'], []],
      }),
    ignore: columns().meta({
      description: l10n.t(
        'Columns to exclude, e.g. row numbers and names: each by its name in the header line, or by its number counted from 0. Default: none.',
      ),
      examples: [['id'], [0]],
    }),
    categories: columns().meta({
      description: l10n.t(
        'Columns whose fields are categories though they look like numbers or dates: each by its name, or its number counted from 0. Default: detected from the fields.',
      ),
      examples: [['postcode']],
    }),
    image: z
      .strictObject({
        width: whole({ min: 1, max: 10_000 }).meta({ description: l10n.t('Pixels in a row.'), examples: [8, 28] }),
        height: whole({ min: 1, max: 10_000 }).meta({ description: l10n.t('Rows of pixels.'), examples: [8, 28] }),
        channels: byDefault(1, whole({ min: 1, max: 100 }), {
          description: l10n.t('Numbers for each pixel: 1 for grey values, 3 for red, green and blue, side by side.'),
        }),
      })
      .optional()
      .meta({
        description: l10n.t(
          'The columns other than the target are the pixels of an image of this size, row by row, so that convolutions can read them. `standardize` then uses one mean and standard deviation for each channel. Default: the columns are separate features.',
        ),
        examples: [{ width: 8, height: 8 }],
      }),
    task: byDefault(
      'auto',
      choice({
        auto: l10n.t(
          'Classification if the target column contains words or a few different whole numbers, otherwise regression.',
        ),
        classification: l10n.t('Each value of the target column is a class. The loss is softmax cross-entropy.'),
        regression: l10n.t('The target column is a number. The loss is the mean squared error.'),
      }),
      { description: l10n.t('The kind of task.') },
    ),
  })
  .meta({ title: 'csv' });

function firstExamples(part: 'training' | 'test', example: number) {
  const description =
    part === 'training'
      ? l10n.t('Use only the first N training examples. Default: all.')
      : l10n.t('Use only the first N test examples. Default: all.');
  return whole({ min: 1, max: mostExamples })
    .optional()
    .meta({ description, examples: [example] });
}

/** How the pixels of image files become inputs. */
function pixels() {
  return {
    binarize: real({ above: 0, max: 1 })
      .optional()
      .meta({
        description: l10n.t(
          'Threshold from 0 to 1 (black to white): pixels of at least this value become 1, all others 0. Default: grey values from 0 to 1.',
        ),
        examples: [0.5],
      }),
    standardize: yesOrNo()
      .optional()
      .meta({
        description: l10n.t(
          'Shift and scale each channel to mean 0 and standard deviation 1, computed over all pixels of the training images that are used. Default: false.',
        ),
      }),
    augment: z
      .strictObject({
        shift: byDefault(0, whole({ min: 0, max: 64 }), {
          description: l10n.t(
            'Maximum number of pixels by which an image is moved left or right, and up or down. Pixels that move in are black.',
          ),
          examples: [2, 4],
        }),
        flip: byDefault(false, yesOrNo(), {
          description: l10n.t('Whether half of the images are mirrored left to right.'),
        }),
      })
      .optional()
      .meta({
        description: l10n.t(
          'Random changes of each training image, drawn again whenever a minibatch contains it. They depend on the seed alone, so all arms of a seed train on the same changes. Test images are not changed. Default: none.',
        ),
        examples: [{ shift: 2 }, { shift: 4, flip: true }],
      }),
  };
}

function idxFile(what: string, name: string) {
  return byDefault(name, text({ max: 1000 }), {
    description: l10n.t`${what} ${inFolder} With \`folder\`, it starts from there. A file whose name has .gz more or less is read too.`,
    examples: [`mnist/${name}`],
  });
}

const idx = z
  .strictObject({
    kind: kind(
      'idx',
      l10n.t("Images and labels in MNIST's file format (IDX), uncompressed or gzipped: MNIST, EMNIST and others."),
    ),
    folder: path(
      l10n.t('Folder of the four files, whose paths then start from it. Default: the folder of the experiment.'),
      'mnist',
    ).optional(),
    trainImages: idxFile(l10n.t('Images of the training examples.'), 'train-images-idx3-ubyte.gz'),
    trainLabels: idxFile(l10n.t('Labels of the training examples.'), 'train-labels-idx1-ubyte.gz'),
    testImages: idxFile(l10n.t('Images of the test examples.'), 't10k-images-idx3-ubyte.gz'),
    testLabels: idxFile(l10n.t('Labels of the test examples.'), 't10k-labels-idx1-ubyte.gz'),
    train: firstExamples('training', 10000),
    test: firstExamples('test', 2000),
    transpose: yesOrNo()
      .optional()
      .meta({
        description: l10n.t(
          'Whether to exchange rows and columns of the images, as the files of EMNIST need, whose characters lie on their sides. Default: false.',
        ),
      }),
    ...pixels(),
  })
  .meta({ title: 'idx' });

const fashionMnist = z
  .strictObject({
    kind: kind(
      'fashion-mnist',
      l10n.t(
        "Fashion-MNIST: 28×28 grey images of ten kinds of clothes, 60,000 for training and 10,000 for testing, read where Debian's package `dataset-fashion-mnist` installs them, or from your own files.",
      ),
    ),
    folder: path(
      l10n.t(
        "Folder with the four files under MNIST's names, uncompressed or gzipped. Default: `fashion-mnist`, or, where that does not have them, the folder of the Debian package.",
      ),
      'fashion-mnist',
    ).optional(),
    train: firstExamples('training', 10000),
    test: firstExamples('test', 2000),
    ...pixels(),
  })
  .meta({ title: 'fashion-mnist' });

const cifar10 = z
  .strictObject({
    kind: kind(
      'cifar-10',
      l10n.t(
        'CIFAR-10, the binary version: 32×32 images of ten classes in colour, 50,000 for training and 10,000 for testing.',
      ),
    ),
    folder: byDefault('cifar-10-batches-bin', text({ max: 1000 }), {
      description: l10n.t`Folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin. ${inFolder}`,
      examples: ['cifar-10-batches-bin'],
    }),
    train: firstExamples('training', 10000),
    test: firstExamples('test', 2000),
    ...pixels(),
  })
  .meta({ title: 'cifar-10' });

const png = z
  .strictObject({
    kind: kind(
      'png',
      l10n.t(
        'PNG images of one size, grey or in colour: a folder for each class, named after it. Grey images have one channel, others three.',
      ),
    ),
    folder: path(l10n.t('Folder with one folder of PNG files for each class.'), 'shapes/train'),
    testFolder: path(
      l10n.t('The same for the test images. Default: a random share of the images of `folder`.'),
      'shapes/test',
    ).optional(),
    testFraction: byDefault(0.2, real({ above: 0, below: 1 }), {
      description: l10n.t(
        'Share of the images that is used for testing without `testFolder`, chosen at random by the seed.',
      ),
      examples: [0.2, 0.5],
    }),
    ...pixels(),
  })
  .meta({ title: 'png' });

export const dataSchema = z
  .discriminatedUnion('kind', [spiral, circles, moons, xor, gaussians, digits, csv, idx, fashionMnist, cifar10, png])
  .meta({
    description: l10n.t('The data set: generated, or read from files beside the experiment.'),
  });

/** Data of a run, with all defaults filled in. */
export type DataSpecification = z.output<typeof dataSchema>;
