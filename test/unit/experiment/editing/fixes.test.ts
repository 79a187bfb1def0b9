/** Every fix removes its diagnostic and causes no new one. Comments outside the changed values stay. */
import assert from 'node:assert/strict';
import type { ExperimentDiagnostic } from '../../../../src/experiment/diagnostics';
import { applied, editedText, editsOf } from '../../../../src/experiment/editing/edits';
import { fixAll, preferredFix } from '../../../../src/experiment/editing/fixes';
import { type ReadOptions, readExperiment } from '../../../../src/experiment/read';
import type { Remedy } from '../../../../src/experiment/remedies';
import { minimal, textOf } from '../support';

const layers = [{ dense: 8 }, { dense: 8 }];
const network = (more: object) => ({ network: { layers, ...more } });
const batch = (more: object = {}) => network({ normalization: { kind: 'batch', ...more } });
const optimizer = (more: object) => ({ training: { optimizer: { kind: 'sgd', ...more } } });
const rate = '/training/optimizer/learningRate';
const arms = { without: network({ normalization: 'none' }), BatchNorm: batch() };
const claim = (more: object) => ({
  arms,
  claim: { says: 'x', metric: 'testAccuracy', better: 'BatchNorm', than: 'without', ...more },
});

interface Case {
  file: object | string;
  /** Titles of the fixes of the first diagnostic, the preferred one with a star. */
  fixes: string[];
  options?: ReadOptions;
  /** Warnings that a fix leaves. */
  leaves?: RegExp;
}

/** A folder with these files, by the path of each folder in it. */
function beside(files: Record<string, string[]>): ReadOptions['host'] {
  const paths = Object.entries(files).flatMap(([folder, names]) => names.map((name) => folder + name));
  return { fileExists: (path) => paths.includes(path), filesIn: (folder) => files[folder] ?? [] };
}

/** With a comment at the end of each line, whose removal would be a loss. */
function commented(text: string): string {
  return text
    .split('\n')
    .map((line, k) => `${line} // ${k + 1}`)
    .join('\n');
}

const cases: Record<string, Case> = {
  'a misspelt property': { file: { training: { batchSise: 8 } }, fixes: ['*Change to "batchSize"'] },
  'a misspelt word': { file: network({ activation: 'rleu' }), fixes: ['*Change to "relu"'] },
  'a misspelt kind': { file: { data: { kind: 'spirals' } }, fixes: ['*Change to "spiral"'] },
  "PyTorch's linear layer": { file: { network: { layers: [{ linear: 8 }] } }, fixes: ['*Change to "dense"'] },
  "Keras's convolution": {
    file: { data: { kind: 'digits' }, network: { layers: [{ convolution: 8, kernel_size: 3 }] } },
    fixes: ['*Change to "conv"'],
    leaves: /kernel_size/,
  },
  BatchNorm1d: { file: network({ normalization: 'BatchNorm1d' }), fixes: ['*Change to "batch"'] },
  LayerNorm: { file: network({ normalization: { kind: 'LayerNorm' } }), fixes: ['*Change to "layer"'] },
  'affine: false': {
    file: batch({ affine: false }),
    fixes: ['*Write it as "scale": false, "shift": false'],
  },
  'an optimizer as a word': { file: { training: { optimizer: 'Adam' } }, fixes: ['*Write it as {"kind":"adam"}'] },
  'data as a word': { file: { data: 'moons' }, fixes: ['*Write it as {"kind":"moons"}'] },
  'a schedule as a word': { file: { training: { schedule: 'cosine' } }, fixes: ['*Write it as {"kind":"cosine"}'] },
  'layers as numbers': { file: { network: { layers: [8, { dense: 4 }] } }, fixes: ['*Write it as {"dense":8}'] },
  'layers as one number': { file: { network: { layers: 8 } }, fixes: ['*Write it as [{"dense":8}]'] },
  'one layer instead of a list': { file: { network: { layers: { dense: 8 } } }, fixes: ['*Put it into a list'] },
  'one seed': { file: { training: { seeds: 3 } }, fixes: ['*Write it as [3]'] },
  'one probe': { file: { watch: { probes: 'drift' } }, fixes: ['*Write it as ["drift"]'] },
  'one value of an axis': { file: { sweep: { [rate]: 0.2 } }, fixes: ['*Write it as [0.2]'] },
  'a number in quotes': { file: { training: { steps: '1,000' } }, fixes: ['*Make it the number 1000'] },
  'a fraction': { file: { training: { steps: 20.4 } }, fixes: ['Set steps to 20'] },
  'a number below the limit': { file: { training: { batchSize: 0 } }, fixes: ['Set batchSize to 1'] },
  'a number above the limit': { file: optimizer({ weightDecay: 2 }), fixes: ['Set weightDecay to 1'] },
  'yes for true': { file: optimizer({ momentum: 0.9, nesterov: 'yes' }), fixes: ['*Change to true'] },
  '1 for true': { file: batch({ scale: 1 }), fixes: ['*Change to true'] },
  'a number for a name': { file: { name: 5 }, fixes: ['*Make it a string'] },
  'null for a name': { file: { name: null }, fixes: ['Remove "name"'] },
  'a property of a different object': {
    file: { training: { optimizer: { kind: 'sgd' }, learningRate: 0.2 } },
    fixes: ['*Move to "training.optimizer.learningRate"'],
  },
  'a property of an object that is not there': {
    file: { batchSize: 16 },
    fixes: ['*Move to "training.batchSize"'],
  },
  epochs: {
    file: { data: { kind: 'spiral', train: 640 }, training: { batchSize: 64 }, epochs: 3 },
    fixes: ['Write it as "steps": 30 in training'],
  },
  'a comment as a property': {
    file: { training: { comment: 'few steps', steps: 20 } },
    fixes: ['*Make it a comment'],
  },
  'the last property as a comment': {
    file: { training: { steps: 20, '//': 'few steps' } },
    fixes: ['*Make it a comment'],
  },
  'a missing kind': {
    file: { training: { optimizer: { beta1: 0.9 } } },
    fixes: ['Add "kind": "adam"', 'Add "kind": "adamw"'],
  },
  'a missing kind of which one fits': { file: { data: { turns: 2 } }, fixes: ['*Add "kind": "spiral"'] },
  'missing data': { file: { data: undefined }, fixes: ['Add "data": {"kind":"spiral"}'] },
  'a missing network': {
    file: { network: undefined },
    fixes: ['Add "network": {"layers":[{"dense":32},{"dense":32}]}'],
  },
  'a missing arm of a claim': {
    file: { arms, claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm' } },
    fixes: ['*Add "than": "without"'],
  },
  'a missing sentence of a claim': {
    file: claim({ says: undefined }),
    fixes: ['Add "says": "BatchNorm is better than without"'],
  },
  'an empty list of arms': { file: { arms: {} }, fixes: ['Add arms with and without BatchNorm', 'Remove "arms"'] },
  'null for an arm': { file: { arms: { a: null, b: batch() } }, fixes: ['*Write {} for no changes'] },
  'a misspelt property of an arm': {
    file: { arms: { a: { netwrk: { layers: [] } }, b: {} } },
    fixes: ['*Change to "network"'],
  },
  'a property that belongs deeper in an arm': {
    file: { arms: { a: { optimizer: { kind: 'adam' } }, b: {} } },
    fixes: ['*Move to "arms.a.training.optimizer"'],
  },
  'a learning rate at the wrong place in an arm': {
    file: { training: { optimizer: { kind: 'sgd' } }, arms: { a: { training: { learningRate: 1 } }, b: {} } },
    fixes: ['*Move to "training.optimizer.learningRate"'],
  },
  'a name in an arm': { file: { arms: { a: { name: 'x' }, b: batch() } }, fixes: ['Remove "name"'] },
  'seeds of an arm': {
    file: { arms: { a: { training: { seeds: [1], steps: 5 } }, b: {} } },
    fixes: ['Remove "seeds"'],
  },
  'two arms that are identical': { file: { arms: { a: {}, b: {}, c: batch() } }, fixes: ['Remove the arm "b"'] },
  'a claim without arms': {
    file: { claim: claim({}).claim },
    fixes: ['*Add the arms "without" and "BatchNorm"'],
  },
  'an arm that is misspelt in a claim': {
    file: claim({ better: 'BatchNrm' }),
    fixes: ['*Change to "BatchNorm"', 'Add the arm "BatchNrm" with normalization "layer"'],
  },
  'an arm that a claim names': {
    file: claim({ better: 'GroupThing' }),
    fixes: ['*Add the arm "GroupThing" with normalization "layer"'],
  },
  'an arm compared with itself': { file: claim({ than: 'BatchNorm' }), fixes: ['*Change to "without"'] },
  'steps to nothing': { file: claim({ take: 'stepsTo' }), fixes: ['Add "reach": 0.9'] },
  'a value to reach': { file: claim({ reach: 0.9 }), fixes: ['Set take to "stepsTo"', 'Remove "reach"'] },
  'by and within': { file: claim({ by: 0.1, within: 0.2 }), fixes: ['Remove "by"', 'Remove "within"'] },
  'minus and over': {
    file: claim({ minus: 'trainAccuracy', over: 'trainAccuracy', direction: 'more' }),
    fixes: ['Remove "minus"', 'Remove "over"'],
  },
  'across of one layer': { file: claim({ across: 'mean' }), fixes: ['*Remove "across"'] },
  'a missing direction': {
    file: claim({ metric: 'hidden*/activated/std' }),
    fixes: ['Add "direction": "more"', 'Add "direction": "less"'],
  },
  'a misspelt metric': { file: claim({ metric: 'testAcuracy' }), fixes: ['*Change to "testAccuracy"'] },
  'a misspelt channel': {
    file: claim({ metric: 'hidden1/activatd/std' }),
    fixes: ['*Change to "hidden1/activated/std"'],
  },
  'a probe that is not watched': {
    file: claim({ metric: 'hidden2/drift/mean' }),
    fixes: ['*Add "drift" to watch.probes'],
  },
  'a tap that is not watched': {
    file: { ...claim({ metric: 'hidden1/linear/std' }), watch: { taps: ['activated'] } },
    fixes: ['*Add "linear" to watch.taps'],
  },
  'a layer that is not watched': {
    file: { ...claim({ metric: 'hidden1/activatedGradient/norm' }), watch: { layers: ['output'], gradients: false } },
    fixes: ['*Add "hidden1" to watch.layers, Set gradients to true'],
  },
  'a change after the end': {
    file: { training: { steps: 10, changes: [{ at: 20, batchSize: 8 }] } },
    fixes: ['Remove the change'],
  },
  'changes out of order': {
    file: {
      training: {
        changes: [
          { at: 20, batchSize: 8 },
          { at: 5, learningRate: 0.2 },
          { at: 9, batchSize: 4 },
        ],
      },
    },
    fixes: ['*Sort the changes by their steps'],
  },
  'two changes at one step': {
    file: {
      training: {
        changes: [
          { at: 5, batchSize: 8 },
          { at: 5, learningRate: 0.2 },
        ],
      },
    },
    fixes: ['Combine with the change before'],
  },
  'a missing data file whose name is misspelt': {
    file: { data: { kind: 'csv', path: 'data/Flower.csv', target: 'kind' } },
    fixes: ['*Change to "data/flowers.csv.gz"'],
    options: { host: beside({ 'data/': ['flowers.csv.gz', 'flower.json'], '': ['flower.csv'] }) },
  },
  'a missing data file that is beside the experiment': {
    file: { data: { kind: 'csv', path: 'data/flowers.csv', target: 'kind' } },
    fixes: ['*Change to "flowers.csv"'],
    options: { host: beside({ 'data/': ['readme.txt'], '': ['flowers.csv'] }) },
  },
  'a missing file of initial weights': {
    file: network({ initialization: { kind: 'file', path: 'weigths.safetensors' } }),
    fixes: ['*Change to "weights.safetensors"'],
    options: { host: beside({ '': ['weights.safetensors'] }) },
  },
  'a path with backslashes': {
    file: { data: { kind: 'csv', path: 'data\\flowers.csv', target: 'kind' } },
    fixes: ['*Change to "data/flowers.csv"'],
    options: { host: beside({ 'data/': ['flowers.csv'] }) },
  },
  'an empty file': {
    file: '// To do\n\n',
    fixes: [
      'Insert a new experiment: with and without BatchNorm',
      'Insert a new experiment: a claim, tested with 20 seeds',
      'Insert a new experiment: a sweep over learning rates',
    ],
  },
  'an empty change': { file: { training: { changes: [{ at: 5 }] } }, fixes: ['Remove the change'] },
  'a momentum of adam': {
    file: { training: { optimizer: { kind: 'adam' }, changes: [{ at: 5, momentum: 0.5, batchSize: 8 }] } },
    fixes: ['Remove "momentum"'],
  },
  'nothing to freeze': {
    file: { training: { changes: [{ at: 5, freezeStatistics: true, batchSize: 8 }] } },
    fixes: ['Remove "freezeStatistics"'],
  },
  'a batch larger than the data': {
    file: { data: { kind: 'moons', train: 30 }, training: { batchSize: 31 } },
    fixes: ['*Set batchSize to 30', 'Set train to 31'],
  },
  'fewer examples than classes': {
    file: { data: { kind: 'gaussians', classes: 70, train: 64 } },
    fixes: ['*Set train to 70'],
  },
  'an even kernel': {
    file: { data: { kind: 'digits' }, network: { layers: [{ conv: 4, kernel: 4 }] } },
    fixes: ['*Set kernel to 5', 'Set padding to 2'],
  },
  'groups that do not divide': {
    file: network({ normalization: { kind: 'group', groups: 3 } }),
    fixes: ['*Set groups to 2'],
  },
  'a batch of one': {
    file: { ...batch(), training: { batchSize: 1 } },
    fixes: ['*Set batchSize to 3', 'Set batchSize to 2'],
    leaves: /two numbers/,
  },
  'a batch of two': { file: { ...batch(), training: { batchSize: 2 } }, fixes: ['*Set batchSize to 3'] },
  'a batch of one in a change': {
    file: { ...batch(), training: { changes: [{ at: 5, batchSize: 1 }] } },
    fixes: ['*Set batchSize to 3', 'Set batchSize to 2'],
    leaves: /two numbers/,
  },
  'ghost batches that do not divide': {
    file: { ...batch({ ghostBatchSize: 12 }), training: { batchSize: 32 } },
    fixes: ['*Set ghostBatchSize to 8', 'Set batchSize to 24', 'Set batchSize to 36'],
  },
  'groups of two numbers': {
    file: network({ normalization: { kind: 'group', groups: 4 } }),
    fixes: ['*Set groups to 2'],
  },
  'nesterov without momentum': {
    file: optimizer({ nesterov: true }),
    fixes: ['*Add "momentum": 0.9', 'Remove "nesterov"'],
  },
  'nesterov without momentum in an arm': {
    file: { ...optimizer({ momentum: 0 }), arms: { a: optimizer({ nesterov: true, learningRate: 1 }), b: {} } },
    fixes: ['*Add "momentum": 0.9', 'Remove "nesterov"'],
  },
  'low above high': {
    file: network({ initialization: { kind: 'uniform', low: 2, high: 1 } }),
    fixes: ['*Exchange low and high'],
  },
  'weights that start at 0': {
    file: network({ normalization: 'weight', initialization: 'zeros' }),
    fixes: ['Set initialization to "he"'],
  },
  'an evaluation between frames': {
    file: { watch: { every: 10, evaluateEvery: 24 } },
    fixes: ['*Set evaluateEvery to 20'],
  },
  'a tap that is named twice': {
    file: { watch: { taps: ['linear', 'linear'] } },
    fixes: ['*Remove the second "linear"'],
  },
  'a misspelt layer': { file: { watch: { layers: ['hiden1'] } }, fixes: ['*Change to "hidden1"'] },
  'a seed that appears twice': { file: { training: { seeds: [1, 2, 1] } }, fixes: ['*Remove the second 1'] },
  'too many frames for the memory': {
    file: { training: { steps: 100_000 }, watch: { every: 1 } },
    options: { memory: 2e7 },
    fixes: ['Set every to 3'],
  },
  'an axis in words': {
    file: { sweep: { 'training.steps': [10, 20] } },
    fixes: ['*Change to "/training/steps"', 'Remove "sweep"'],
  },
  'an axis of a misspelt part': {
    file: { sweep: { '/trainin/steps': [10, 20] } },
    fixes: ['*Change to "/training/steps"', 'Remove "sweep"'],
  },
  'an axis of a misspelt property': {
    file: { sweep: { '/training/batchsize': [10, 20] } },
    fixes: ['*Change to "/training/batchSize"'],
  },
  'an axis at the wrong place': {
    file: { sweep: { '/training/learningRate': [0.1, 0.2] } },
    fixes: [`*Change to "${rate}"`],
  },
  'a sweep without an axis': { file: { sweep: {} }, fixes: ['Add learning rates', 'Remove "sweep"'] },
  'a value of an axis that appears twice': {
    file: { sweep: { [rate]: [1, 2, 1] } },
    fixes: ['*Remove the second value'],
  },
  'an axis that changes nothing': {
    file: { sweep: { [rate]: [0.1], '/training/steps': [5, 6] } },
    fixes: [`Remove the axis "${rate}"`],
  },
  'a setting that the sweep overwrites': {
    file: { arms: { a: optimizer({ learningRate: 1, momentum: 0.9 }), b: {} }, sweep: { [rate]: [1, 2] } },
    fixes: ['*Remove "learningRate"'],
  },
  'a comparison over no sweep': {
    file: claim({ compare: 'own-best' }),
    fixes: ['Add a sweep of learning rates', 'Remove "compare"'],
  },
  'words without quotation marks': {
    file: '{ data: { "kind": moons }, "network": { "layers": [] } }',
    fixes: ['*Change to "data"'],
    leaves: /moons/,
  },
  'single quotation marks': {
    file: `{ "data": { "kind": 'moons' }, "network": { "layers": [] } }`,
    fixes: ['*Change to "moons"'],
  },
  "Python's True": {
    file: '{ "data": { "kind": "moons" }, "network": { "layers": [{ "flatten": True }] } }',
    fixes: ['*Change to true'],
  },
  "Python's comment": {
    file: '{ # two classes\n"data": { "kind": "moons" }, "network": { "layers": [] } }',
    fixes: ['*Make it a comment: //'],
  },
  'a missing comma': {
    file: '{ "data": { "kind": "moons" } // data\n "network": { "layers": [] } }',
    fixes: ['*Add a comma'],
  },
  'a number without its zero': {
    file: '{ "data": { "kind": "moons", "noise": .5 }, "network": { "layers": [] } }',
    fixes: ['*Change to 0.5'],
  },
  'missing brackets': {
    file: '{ "data": { "kind": "moons" }, "network": { "layers": [] ',
    fixes: ['Add "}}" at the end'],
  },
  'a property that is set twice': {
    file: '{ "data": { "kind": "moons" }, // a\n"name": "x", // b\n"name": "y", // c\n"network": { "layers": [] } }',
    fixes: ['Remove this "name"', 'Remove "name" in line 2'],
  },
};

/** Diagnostics by what they say. */
const said = (diagnostics: readonly ExperimentDiagnostic[]) => diagnostics.map(({ message }) => message);

function tried(text: string, fix: Remedy): string {
  const edits = editsOf(editedText(text), fix);
  assert.ok(edits, `${fix.title} does not apply to ${text}`);
  return applied(text, edits);
}

/** The comments that a fix may remove: those inside values that it replaces or removes. */
function keptComments(text: string, fix: Remedy): string[] {
  const edits = editsOf(editedText(text), fix) ?? [];
  return [...text.matchAll(/\/\/ \w+$/gm)]
    .filter(({ index }) => !edits.some(({ offset, length }) => offset <= index && index < offset + length))
    .map(([comment]) => comment);
}

describe('fixes', () => {
  for (const [name, { file, fixes: titles, options, leaves }] of Object.entries(cases)) {
    it(`of ${name}`, () => {
      const plain = typeof file === 'string' ? file : textOf(file);
      for (const text of typeof file === 'string'
        ? [plain]
        : [plain, commented(plain), JSON.stringify({ ...minimal, ...file })]) {
        const { diagnostics } = readExperiment(text, options);
        const diagnostic = diagnostics.find(({ fixes = [] }) => fixes.length > 0);
        assert.ok(diagnostic, `no fix of ${JSON.stringify(said(diagnostics))}`);
        const { fixes = [] } = diagnostic;
        const star = preferredFix(diagnostic);
        assert.deepEqual(
          fixes.map((fix) => `${fix === star ? '*' : ''}${fix.title}`),
          titles,
          diagnostic.message,
        );
        for (const fix of fixes) {
          const fixed = tried(text, fix);
          const after = said(readExperiment(fixed, options).diagnostics);
          const fresh = after.filter((message) => !said(diagnostics).includes(message) && !leaves?.test(message));
          assert.deepEqual(fresh, [], `${fix.title} gives\n${fixed}`);
          assert.ok(!after.includes(diagnostic.message), `${fix.title} leaves ${diagnostic.message} in\n${fixed}`);
          for (const comment of keptComments(text, fix))
            assert.ok(fixed.includes(comment), `${comment} is lost in\n${fixed}`);
        }
      }
    });
  }

  it('of all diagnostics at once', () => {
    const text = `{
  // What it is about
  "name": 5, // a number
  "data": "moons",
  "network": {
    "layers": [8, 8], /* two */
    "activation": "ReLU",
    "normalization": { "kind": "BatchNorm1d", "affine": true }
  },
  "training": {
    "optimizer": "adam",
    "learningRate": 0.01,
    "comment": "short",
    "batch_size": "16"
  },
  "arms": { "without": { "network": { "normalization": "none" } } },
  "claim": { "says": "x", "metric": "testAcuracy", "better": "BatchNorm", "than": "wihtout" }
}`;
    const fixed = fixAll(text, (each) => readExperiment(each).diagnostics);
    assert.deepEqual(said(fixed.diagnostics), [], fixed.text);
    assert.equal(
      fixed.text,
      `{
  // What it is about
  "name": "5", // a number
  "data": { "kind": "moons" },
  "network": {
    "layers": [{ "dense": 8 }, { "dense": 8 }], /* two */
    "activation": "relu",
    "normalization": { "kind": "batch", "scale": true, "shift": true }
  },
  "training": {
    "optimizer": { "kind": "adam", "learningRate": 0.01 },
    // short
    "batchSize": 16
  },
  "arms": { "without": { "network": { "normalization": "none" } }, "BatchNorm": { "network": { "normalization": "batch" } } },
  "claim": { "says": "x", "metric": "testAccuracy", "better": "BatchNorm", "than": "without" }
}`,
    );
  });

  it('do not change an experiment without errors', () => {
    const text = textOf();
    assert.deepEqual(
      fixAll(text, (each) => readExperiment(each).diagnostics),
      { text, count: 0, diagnostics: [] },
    );
  });

  it('keep the line breaks of Windows', () => {
    const text = textOf({ training: { steps: 5 }, batchSize: 8 }).replaceAll('\n', '\r\n');
    const fixed = fixAll(text, (each) => readExperiment(each).diagnostics).text;
    assert.match(fixed, /"steps": 5,\r\n {4}"batchSize": 8\r\n/);
    assert.equal(fixed.replaceAll('\r\n', '').includes('\n'), false);
  });

  it('of words that resemble ours but mean something else are not offered', () => {
    for (const word of ['selu', 'swish', 'elu']) {
      const { diagnostics } = readExperiment(textOf(network({ activation: word })));
      assert.equal(diagnostics[0].fixes, undefined, word);
    }
  });
});
