/** Facts and questions about a table that the lab reports. */
import assert from 'node:assert/strict';
import type { CsvSource } from '../../../../src/engine/data/dataSpecification';
import { summaryOf } from '../../../../src/experiment/dataSummary';
import { dataError, deviation, mean, readCsv } from './support';

function table(header: string, count: number, line: (k: number) => string): string {
  return [header, ...Array.from({ length: count }, (_, k) => line(k)), ''].join('\n');
}

function questions(text: string, changes: Partial<CsvSource> = {}): string {
  return (readCsv(text, changes).table?.questions ?? []).map(({ message }) => message).join('\n');
}

const kind = (k: number) => (k % 2 ? 'p' : 'q');

describe('the facts about a table', () => {
  it('are its columns, task and first row', () => {
    const text = table('a,b,colour,kind', 30, (k) => `${k / 2},${-k / 4},c${k % 5},${kind(k)}`);
    const { lines } = summaryOf(readCsv(text));
    assert.equal(
      lines[0],
      '2 numbers, 1 column of 5 words → 7 features; classification of "kind", 2 classes: "p", "q"; 22 training and 8 test examples',
    );
    assert.equal(lines[1], 'first row: a "0", b "0", colour "c0", kind "q"');
  });

  it('are units, spread of the target and omitted columns', () => {
    const text = table('id,price,y', 30, (k) => `${k},"$1,${200 + k}.50",${1000 * k}.5`);
    const { lines } = summaryOf(readCsv(text, { ignore: ['id'] }));
    assert.match(lines[0], /^1 number \("price" in \$\) → 1 feature; regression of "y"/);
    assert.ok(lines.includes('left out: "id"'));
    assert.ok(lines.includes('read with thousands separated by ,'));
    assert.match(lines.join('\n'), /target "y": mean [\d,]+, standard deviation [\d,]+/);
  });

  it('name a column that numbers the rows, and how to omit it', () => {
    const text = table(',a,kind', 30, (k) => `${k},${(k * 7) % 11}.5,${kind(k)}`);
    assert.match(questions(text), /column 0, which has no name, numbers the rows from 0.*ignore: \[0\]/);
    assert.equal(questions(text, { ignore: [] }), '');
    assert.deepEqual(readCsv(text, { ignore: [0] }).featureNames, ['a']);
    assert.match(questions(text.replace(/^,/, 'id,')), /column "id" numbers the rows/);
    // A measured time increases as well.
    assert.equal(questions(text.replace(/^,/, 'seconds,')), '');
  });

  it('name identifiers and names', () => {
    const ids = table('customer_id,a,kind', 30, (k) => `${1000 + ((k * 7919) % 9973)},${k % 11}.5,${kind(k)}`);
    assert.match(questions(ids), /"customer_id" has a different whole number in every row/);
    const names = table('who,a,kind', 30, (k) => `person ${k},${k % 11}.5,${kind(k)}`);
    assert.match(questions(names), /"who" has a different word in every row, as "person 0".*ignore: \["who"\]/);
    dataError(
      () => readCsv(names, { target: 'who' }),
      /^a\.csv:2: the target column "who" has a different word/,
      'target',
    );
  });

  it('ask whether many whole numbers are classes', () => {
    const letters = table('a,letter', 260, (k) => `${k / 3},${(k % 26) + 1}`);
    assert.equal(readCsv(letters).task, 'regression');
    assert.match(questions(letters), /26 different whole numbers from 1 to 26.*task: "classification"/);
    const classes = readCsv(letters, { task: 'classification' });
    assert.deepEqual([classes.task, classes.classCount, classes.table?.questions], ['classification', 26, []]);
    assert.doesNotMatch(questions(letters, { task: 'regression' }), /whole numbers/);
  });

  it('ask whether to standardize a large target', () => {
    const house = table('rooms,price', 100, (k) => `${k % 7},${100_000 + 3517 * ((k * 13) % 100)}`);
    assert.match(questions(house), /"price" has mean 2[\d,]+ and standard deviation [\d,]+.*standardizeTarget: true/);
    assert.ok(summaryOf(readCsv(house)).farTarget);
    const standardized = readCsv(house, { standardizeTarget: true });
    assert.equal(standardized.table?.questions.length, 0);
    assert.ok(Math.abs(mean(standardized.train.targets)) < 1e-5);
    assert.ok(Math.abs(deviation(standardized.train.targets) - 1) < 1e-5);
    // The test rows use the same shift and scale.
    const { mean: middle, std } = standardized.table!.target.numbers!;
    const plain = readCsv(house, { standardizeTarget: false });
    plain.test.targets.forEach((value, k) => {
      assert.ok(Math.abs(standardized.test.targets[k] - (value - middle) / std) < 1e-5);
    });
    assert.equal(plain.table?.questions.length, 0);
  });

  it('are not computed for options that name no column, or leave none', () => {
    const text = table('a,kind', 30, (k) => `${k}.5,${kind(k)}`);
    dataError(() => readCsv(text, { ignore: ['b'] }), /no column "b"/, 'ignore');
    dataError(() => readCsv(text, { categories: [7] }), /no column 7/, 'categories');
    dataError(() => readCsv(text, { ignore: [0] }), /no column left beside the target/, 'ignore');
  });
});
