/** Editor support: the language of an experiment file, and the hints from its JSON Schema. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, openFile, openText, replaceAll, reset, until } from '../support/lab';

/** Mistakes of many kinds, and after each line what is marked in it, and how its message begins. */
const mistakes = `{
  "name": 5, // 5: name must be a string of at least one character
  "data": { "kind": "spiral", "train": "200" }, // "200": train must be a whole number from 1 to 10
  "network": {
    "layers": [
      { "dense": 8.5 }, // 8.5: dense must be a whole number from 1 to 100
      { "dens": 8 } // "dens": "dens" is not a property of layers[1]
    ],
    "activation": "tanhh", // "tanhh": activation cannot be "tanhh"
    "normalization": {
      "kind": "batch",
      "momentum": 2, // 2: momentum must be a number from 0 to 1
      "scale": "yes" // "yes": scale must be true or false
    }
  },
  "training": {
    "optimizer": { "kind": "sgd", "learningRate": 0 }, // 0: learningRate must be a number above 0 and of at most 1
    "batchSise": 20, // "batchSise": "batchSise" is not a property of training
    "steps": true // true: steps must be a whole number from 1 to 1
  },
  "pace": null, // null: pace must be a number above 0 and of at most 1
  "arms": {
    "without": { "netwrk": {} }, // "netwrk": An arm cannot change "netwrk"
    "BatchNorm": 5 // 5: The arm "BatchNorm" must be an object with the changes of this arm
  },
  "claim": { "says": "x", "better": "BatchNorm", "than": "without", "by": 0 }, // "claim": "metric" is missing in claim
  "sweep": { "/training/steps": 7 }, // 7: The axis "/training/steps" must be a list of values
  "colour": "red" // "colour": "colour" is not a property of an experiment
}`;

describe('an experiment file in the editor', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const marks = (uri: vscode.Uri, source: string | undefined) =>
    vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);

  it('is JSON with comments, and has no marks if it is valid', async () => {
    const { document } = await openFile('small.bnexp.json');
    assert.equal(document.languageId, 'jsonc');
    // A mark that appears and disappears proves that it was checked.
    const text = document.getText();
    await replaceAll(vscode.window.activeTextEditor!, text.replace('"steps": 60', '"stepz": 60'));
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
    await replaceAll(vscode.window.activeTextEditor!, text);
    await until(() => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('has each mistake reported once, by the lab and not by its JSON Schema', async () => {
    const editor = await openText(mistakes);
    const { document } = editor;
    const expected = [...mistakes.matchAll(/\/\/ (.*)/g)].flatMap(([, words]) => words.split('; '));
    const found = await until(() => {
      const all = marks(document.uri, 'BatchNorm Lab');
      return all.length >= expected.length && all;
    });
    assert.deepEqual(
      found.map(({ range, message }) => `${document.getText(range)}: ${message.split(/[:,]/)[0]}`.slice(0, 200)),
      expected,
    );
    // A broken line is marked by the editor. Its JSON support then has no other mark, although it has checked all of it.
    await replaceAll(editor, `${mistakes} 1`);
    const broken = await until(() => {
      const all = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source !== 'BatchNorm Lab');
      return all.length > 0 && all;
    });
    assert.deepEqual(
      broken.map(({ range }) => range.start.line),
      [document.lineCount - 1],
    );
  });

  it('gets a suggestion for an unknown property', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize"', '"batchSise"'));
    const [mark] = await until(() => {
      const found = marks(document.uri, 'BatchNorm Lab').filter(({ message }) => message.includes('batchSise'));
      return found.length > 0 && found;
    });
    assert.match(mark.message, /batchSize/);
    assert.equal(document.getText(mark.range).replaceAll('"', ''), 'batchSise');
  });

  it('gets completions of properties and values', async () => {
    const text = await changed('small.bnexp.json', '"kind": "spiral"', '"kind": ""');
    const { document } = await openText(text);
    const labels = await until(async () => {
      const inQuotes = document.positionAt(text.indexOf('"kind": ""') + '"kind": "'.length);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        inQuotes,
      );
      const found = list.items.map(({ label }) =>
        (typeof label === 'string' ? label : label.label).replaceAll('"', ''),
      );
      return found.includes('spiral') && found;
    });
    for (const kind of ['digits', 'moons', 'circles', 'csv', 'idx']) assert.ok(labels.includes(kind), kind);

    const properties = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(text.indexOf('"training"')),
    );
    assert.ok(
      properties.items.some(({ label }) => (typeof label === 'string' ? label : label.label).includes('claim')),
      'claim is not offered as a property of the experiment',
    );
  });

  it('gets the words of a value and the properties of a kind, even where something else is wrong', async () => {
    const offered = async (text: string, at: string) => {
      const { document } = await openText(text);
      const place = document.positionAt(text.indexOf(at) + at.length);
      return until(async () => {
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          place,
        );
        const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label).replaceAll('"', ''));
        return labels.length > 0 && labels;
      });
    };
    const wrong = mistakes.replace('"tanhh"', '""');
    const words = await offered(wrong, '"activation": "');
    for (const word of ['relu', 'sigmoid', 'tanh']) assert.ok(words.includes(word), `${word}: ${words}`);
    const ofKind = await offered(mistakes.replace('"learningRate": 0', ''), '"kind": "sgd", ');
    assert.ok(ofKind.includes('learningRate') && ofKind.includes('momentum'), String(ofKind));
    assert.ok(!ofKind.includes('beta1'), 'a property of another kind');
    const ofLayer = await offered(mistakes.replace('{ "dense": 8.5 }', '{ "dense": 8, "" }'), '"dense": 8, "');
    assert.ok(ofLayer.includes('bias') && !ofLayer.includes('kernel'), String(ofLayer));
    const yesOrNo = await offered(mistakes.replace('"yes"', ''), '"scale": ');
    assert.ok(yesOrNo.includes('true') && yesOrNo.includes('false'), String(yesOrNo));
  });

  it('gets explanations of properties in hovers', async () => {
    const { document } = await openFile('small.bnexp.json');
    const at = document.positionAt(document.getText().indexOf('"batchSize"') + 2);
    const words = await until(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      return hovers
        .flatMap((hover) => hover.contents)
        .map((content) => (typeof content === 'string' ? content : content.value))
        .join('\n');
    });
    assert.ok(words.length > 10, words);
  });
});
