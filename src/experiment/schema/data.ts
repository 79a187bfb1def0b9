/** What an experiment may say about its data. */
import * as z from 'zod';
import { choice, kind, path, real, text, whole, withDefault, yesOrNo } from './parts';

/** Examples beyond this fit no machine that this engine is meant for. */
const mostExamples = 10_000_000;

function sizes(train: number, test: number) {
  return {
    train: whole({ min: 1, max: mostExamples })
      .default(train)
      .meta({
        description: `Number of training examples that are generated, for all classes together. Default: ${train}.`,
        examples: [200, 1000, 10000],
      }),
    test: whole({ min: 1, max: mostExamples })
      .default(test)
      .meta({
        description: `Number of test examples, drawn apart from the training examples. Default: ${test}.`,
        examples: [200, 500, 2000],
      }),
  };
}

function noise(value: number, description: string) {
  return real({ min: 0, max: 10 })
    .default(value)
    .meta({ description: `${description} Default: ${value}.`, examples: [0, value, 0.3] });
}

function classes(value: number, min: number, max: number) {
  return whole({ min, max })
    .default(value)
    .meta({
      description: `Number of classes, in equal parts. Default: ${value}.`,
      examples: [2, 3, 5],
    });
}

const spiral = z
  .strictObject({
    kind: kind('spiral', 'Interleaved spiral arms in the plane, one a class: needs a strongly curved boundary.'),
    ...sizes(1000, 500),
    classes: classes(2, 2, 20),
    turns: real({ above: 0, max: 10 })
      .default(1)
      .meta({
        description: withDefault('How many times each arm goes round the centre. More turns are harder.', 1),
        examples: [0.5, 1, 1.75],
      }),
    noise: noise(0.05, 'Standard deviation of the normal noise added to both coordinates; the spiral has radius 1.'),
  })
  .meta({ title: 'spiral' });

const circles = z
  .strictObject({
    kind: kind('circles', 'Rings around one centre, one a class.'),
    ...sizes(1000, 500),
    classes: classes(2, 2, 20),
    noise: noise(
      0.05,
      'Standard deviation of the normal noise added to both coordinates; the largest ring has radius 1.',
    ),
  })
  .meta({ title: 'circles' });

const moons = z
  .strictObject({
    kind: kind('moons', 'Two half circles that reach into each other: two classes in the plane.'),
    ...sizes(1000, 500),
    noise: noise(0.1, 'Standard deviation of the normal noise added to both coordinates; each moon has radius 1.'),
  })
  .meta({ title: 'moons' });

const xor = z
  .strictObject({
    kind: kind('xor', 'The class is the parity of the signs of the coordinates: no single feature tells anything.'),
    ...sizes(1000, 500),
    dimensions: whole({ min: 2, max: 20 })
      .default(2)
      .meta({
        description: withDefault('Number of coordinates whose signs count. Each one more makes it much harder.', 2),
        examples: [2, 3],
      }),
    noise: noise(0.1, 'Standard deviation of the normal noise added to every coordinate after the class is known.'),
  })
  .meta({ title: 'xor' });

const gaussians = z
  .strictObject({
    kind: kind('gaussians', 'One normal cloud of points a class.'),
    ...sizes(1000, 500),
    classes: classes(3, 2, 100),
    dimensions: whole({ min: 1, max: 1000 })
      .default(2)
      .meta({
        description: withDefault('Number of features.', 2),
        examples: [2, 16, 100],
      }),
    separation: real({ min: 0, max: 100 })
      .default(3)
      .meta({
        description: withDefault(
          'Distance of each centre from the origin, in standard deviations of a cloud. Less makes the classes overlap.',
          3,
        ),
        examples: [1, 3, 6],
      }),
  })
  .meta({ title: 'gaussians' });

const digits = z
  .strictObject({
    kind: kind(
      'digits',
      'Grey digits 0 to 9 of 28×28 pixels, drawn from strokes with random slant, size, place and thickness.',
    ),
    ...sizes(2000, 500),
    noise: noise(0.1, 'Standard deviation of the normal noise added to every pixel (black 0, white 1).'),
  })
  .meta({ title: 'digits' });

function columns() {
  const error = 'must be a list of columns, each its name or its number from 0';
  return z
    .array(z.union([text({ max: 1000 }), whole({ min: 0, max: 100_000 })], { error }), { error })
    .max(10_000, { error: 'must be a list of at most 10,000 columns' })
    .optional();
}

const csv = z
  .strictObject({
    kind: kind('csv', 'A table in a text file: one example a row, numbers and words in columns.'),
    path: path('The CSV file.', 'iris.csv'),
    target: z
      .union([text({ max: 1000 }), whole({ min: 0, max: 100_000 })])
      .optional()
      .meta({
        description:
          'The column to be predicted: its name in the header line, or its number counted from 0. Default: the last column.',
        examples: ['species', 4],
      }),
    delimiter: text({ max: 1 })
      .optional()
      .meta({
        description:
          'The character between two fields; a space stands for runs of spaces and tabs. Found out from the file unless it is given.',
        examples: [',', ';', '\t'],
      }),
    header: yesOrNo().default(true).meta({ description: 'Whether the first line names the columns. Default: true.' }),
    testFraction: real({ above: 0, below: 1 })
      .default(0.2)
      .meta({
        description: withDefault(
          'Share of the rows, chosen at random by the seed, that is kept apart for testing.',
          0.2,
        ),
        examples: [0.2, 0.5],
      }),
    standardize: yesOrNo().default(true).meta({
      description:
        'Shift and scale every numeric column to mean 0 and standard deviation 1, as measured on the training rows alone. Default: true.',
    }),
    standardizeTarget: yesOrNo().optional().meta({
      description:
        'In a regression, learn how many standard deviations the target lies from its mean, both as measured on the training rows. Losses are then in squared standard deviations: 1 is what a network gets that always says the mean. Default: false, losses in the squared units of the target.',
    }),
    decimal: choice({ '.': 'A decimal point: 1.5', ',': 'A decimal comma: 1,5' })
      .optional()
      .meta({ description: 'The decimal mark of the numbers. Found out from the whole file unless it is given.' }),
    thousands: choice({
      ',': '1,234,567',
      '.': '1.234.567',
      ' ': '1 234 567',
      "'": "1'234'567",
      _: '1_234_567',
    })
      .optional()
      .meta({
        description: 'The mark between groups of three digits. Found out from the whole file unless it is given.',
      }),
    missing: z
      .array(text({ empty: true, max: 100 }), { error: 'must be a list of words' })
      .max(100, { error: 'must be a list of at most 100 words' })
      .optional()
      .meta({
        description:
          'Words that stand for a missing value, beside an empty field, NA, NaN, null, ? and their like. Rows without a value are then left out. Default: a missing value is an error.',
        examples: [['unknown'], []],
      }),
    ignore: columns().meta({
      description:
        'Columns that are left out, such as row numbers and names: each by its name in the header line, or its number counted from 0. Default: none.',
      examples: [['id'], [0]],
    }),
    categories: columns().meta({
      description:
        'Columns whose fields are categories though they look like numbers or dates: each by its name, or its number counted from 0. Default: found out from the fields.',
      examples: [['postcode']],
    }),
    task: choice({
      auto: 'Classification when the target column holds words or few different whole numbers, else regression.',
      classification: 'Each value of the target column is a class; softmax cross-entropy.',
      regression: 'The target column is a number; mean squared error.',
    })
      .default('auto')
      .meta({ description: 'What is learned from the target column. Default: `auto`.' }),
  })
  .meta({ title: 'csv' });

const idx = z
  .strictObject({
    kind: kind('idx', "Images and labels in MNIST's own file format (IDX), plain or gzipped."),
    trainImages: path('Images of the training examples.', 'mnist/train-images-idx3-ubyte.gz'),
    trainLabels: path('Labels of the training examples.', 'mnist/train-labels-idx1-ubyte.gz'),
    testImages: path('Images of the test examples.', 'mnist/t10k-images-idx3-ubyte.gz'),
    testLabels: path('Labels of the test examples.', 'mnist/t10k-labels-idx1-ubyte.gz'),
    train: whole({ min: 1, max: mostExamples })
      .optional()
      .meta({
        description: 'Take only the first so many training examples. Default: all of them.',
        examples: [10000],
      }),
    test: whole({ min: 1, max: mostExamples })
      .optional()
      .meta({
        description: 'Take only the first so many test examples. Default: all of them.',
        examples: [2000],
      }),
  })
  .meta({ title: 'idx' });

export const dataSchema = z
  .discriminatedUnion('kind', [spiral, circles, moons, xor, gaussians, digits, csv, idx])
  .meta({
    description: 'What the network learns from: generated data, or files beside the experiment.',
  });

/** The data of a run, every default made. */
export type DataSpecification = z.output<typeof dataSchema>;
