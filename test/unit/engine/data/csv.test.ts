/** Compares tables from CSV files with manually computed ones. */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { makeDataset } from '../../../../src/engine/data/make';
import { assertWhole, csvSource, dataError, deviation, mean, readCsv, rowOf, utf8 } from './support';

/** All rows of both parts: features, and class name or target. */
function allRows(dataset: Dataset): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const part of [dataset.train, dataset.test]) {
    for (let k = 0; k < part.count; k++) {
      const answer = dataset.task === 'classification' ? dataset.classNames[part.labels[k]] : String(part.targets[k]);
      rows.set(answer, rowOf(part, k));
    }
  }
  return rows;
}

const raw = { standardize: false } as const;

/** `count` lines, each computed from its number. */
function table(header: string, count: number, line: (k: number) => string): string {
  return [header, ...Array.from({ length: count }, (_, k) => line(k)), ''].join('\n');
}

describe('CSV files', () => {
  it('become numbers, one feature per category, and classes', () => {
    const text =
      'size,colour,weight,kind\n1,red,0.5,cat\n2,blue,-1e1,dog\n+3.,red,.25,eel\n4, green ,7,"a ""fox"", big"\n';
    const dataset = readCsv(text, raw);
    assertWhole(dataset);
    assert.deepEqual(dataset.featureNames, ['size', 'colour=blue', 'colour=green', 'colour=red', 'weight']);
    assert.deepEqual(dataset.classNames, ['a "fox", big', 'cat', 'dog', 'eel']);
    assert.deepEqual(
      allRows(dataset),
      new Map(
        [...allRows(dataset).keys()].map((name) => [
          name,
          {
            cat: [1, 0, 0, 1, 0.5],
            dog: [2, 1, 0, 0, -10],
            eel: [3, 0, 0, 1, 0.25],
            'a "fox", big': [4, 0, 1, 0, 7],
          }[name]!,
        ]),
      ),
    );
    assert.equal(allRows(dataset).size, 4);
  });

  it('are read the same with CRLF, a byte order mark, blank lines, other delimiters, and in UTF-16', () => {
    const text = table('a,b,c', 12, (k) => `${k},${k * k},${k % 2 ? 'odd' : 'even'}`);
    const numbersOf = (dataset: Dataset) => ({ ...dataset, table: null });
    const expected = numbersOf(readCsv(text));
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);
    for (const same of [
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '\r'),
      `\ufeff${text}`,
      `\n\n${text.replaceAll('\n', '\n\n')}\n\n`,
      `${text}  \n\t\n`.replaceAll(',', ';'),
      text.replaceAll(',', '\t'),
      text.replaceAll(',', '|'),
      text.replaceAll(/\w+/g, '"$&"'),
      utf16,
    ]) {
      assert.deepEqual(numbersOf(readCsv(same)), expected);
    }
    assert.deepEqual(numbersOf(readCsv(text.replaceAll(',', '~'), { delimiter: '~' })), expected);
  });

  it('in a Western code page keep their letters', () => {
    const text = table('größe,ort', 10, (k) => `${k},${k % 2 ? 'Köln' : 'Zürich'}`);
    const western = readCsv(Uint8Array.from(Buffer.from(text, 'latin1')));
    assert.deepEqual(western.classNames, readCsv(text).classNames);
    assert.deepEqual(western.train, readCsv(text).train);
  });

  it('without a header have numbered columns', () => {
    const dataset = readCsv('1,x,5\n2,y,6\n3,x,7\n4,y,8\n', { header: false, target: 1 });
    assert.deepEqual(dataset.featureNames, ['column 0', 'column 2']);
    assert.deepEqual(dataset.classNames, ['x', 'y']);
    assert.equal(dataset.train.count + dataset.test.count, 4);
  });

  it('keep quoted words whole, also over several lines, and count lines correctly', () => {
    const text = 'name,note,y\n1,"a,\nb",p\n2,c,q\n3,d\n';
    const cause = dataError(() => readCsv(text), /^a\.csv:5: has 2 fields where the header has 3: fill in/, 'path');
    assert.deepEqual(cause.place, { line: 5, column: 2 });
    assert.ok(readCsv(text.replace('3,d', '3,d,q')).featureNames.includes('note=a,\nb'));
  });

  describe('target', () => {
    const text = table('kind,a,b', 10, (k) => `${k % 2 ? 'odd' : 'even'},${k},${10 * k}`);

    it('is found by name or number; default: the last column', () => {
      assert.deepEqual(readCsv(text, { target: 'kind' }), readCsv(text, { target: 0 }));
      assert.deepEqual(readCsv(text, { target: 0 }).featureNames, ['a', 'b']);
      assert.deepEqual(readCsv(text).featureNames, ['kind=even', 'kind=odd', 'a']);
    });

    it('gets a message if the column does not exist', () => {
      dataError(
        () => readCsv(text, { target: 'Kinds' }),
        /^a\.csv has no column "Kinds": did you mean "kind"\?$/,
        'target',
      );
      dataError(() => readCsv(text, { target: 'quite else' }), /it has "kind", "a", "b"$/, 'target');
      dataError(() => readCsv(text, { target: 3 }), /no column 3: .* last is 2$/, 'target');
      dataError(() => readCsv(text, { target: 'kind', header: false }), /number, from 0 to 2$/, 'target');
    });

    it('is a class in numeric order if it has few distinct whole numbers', () => {
      const dataset = readCsv(table('a,y', 30, (k) => `${k},${[10, 9, '9.0', -1][k % 4]}`));
      assert.deepEqual([dataset.task, dataset.classNames], ['classification', ['-1', '9', '10']]);
    });

    it('is a number, unchanged, if it has fractions or many distinct values', () => {
      for (const y of [(k: number) => k + 0.5, (k: number) => k]) {
        const dataset = readCsv(table('a,y', 30, (k) => `${k},${y(k)}`));
        assertWhole(dataset);
        assert.deepEqual([dataset.task, dataset.targetCount], ['regression', 1]);
        const targets = [...dataset.train.targets, ...dataset.test.targets].sort((a, b) => a - b);
        assert.deepEqual(
          targets,
          Array.from({ length: 30 }, (_, k) => y(k)),
        );
      }
    });

    it('has the type that the task requires', () => {
      const whole = table('a,y', 30, (k) => `${k},${k % 2}`);
      assert.equal(readCsv(whole).task, 'classification');
      assert.equal(readCsv(whole, { task: 'regression' }).task, 'regression');
      const fractions = table('a,y', 30, (k) => `${k},${k / 2}`);
      assert.equal(readCsv(fractions, { task: 'classification' }).classCount, 30);
      dataError(
        () => readCsv(text, { target: 'kind', task: 'regression' }),
        /^a\.csv:2: "even" in the target column "kind" is not a number/,
        'task',
      );
      const many = table('a,y', 1500, (k) => `${k},${k}.5`);
      dataError(
        () => readCsv(many, { task: 'classification' }),
        /"y" has more than 1000 different values.*regression/,
        'target',
      );
    });
  });

  describe('split', () => {
    const text = table('a,y', 100, (k) => `${k},${k % 4}`);

    it('uses each row once, with the requested share of test rows', () => {
      for (const [testFraction, test] of [
        [0.2, 20],
        [0.5, 50],
        [0.001, 1],
        [0.999, 96],
      ]) {
        const dataset = readCsv(text, { ...raw, testFraction });
        assert.equal(dataset.test.count, test);
        const all = [...dataset.train.features, ...dataset.test.features].sort((a, b) => a - b);
        assert.deepEqual(
          all,
          Array.from({ length: 100 }, (_, k) => k),
        );
      }
    });

    it('keeps features and classes together', () => {
      const { train } = readCsv(text, raw);
      assert.ok(train.labels.every((label, k) => label === train.features[k] % 4));
    });

    it('depends on the seed', () => {
      assert.deepEqual(readCsv(text, {}, 5), readCsv(text, {}, 5));
      assert.notDeepEqual(readCsv(text, {}, 5).test.features, readCsv(text, {}, 6).test.features);
    });

    it('leaves at least one training example of every class', () => {
      const lonely = table('a,y', 40, (k) => `${k},${k < 5 ? `only ${k}` : 'many'}`);
      for (let seed = 0; seed < 50; seed++) {
        const { train, classCount } = readCsv(lonely, { testFraction: 0.5 }, seed);
        assert.equal(new Set(train.labels).size, classCount);
      }
    });
  });

  describe('standardization', () => {
    it('gives the training rows mean 0 and standard deviation 1, and shifts and scales the test rows equally', () => {
      const text = table('a,b,y', 200, (k) => `${3 * k - 7},${k * k},${k % 2}`);
      const [standard, plain] = [readCsv(text), readCsv(text, raw)];
      for (const axis of [0, 1]) {
        const column = (dataset: Dataset, part: 'train' | 'test') =>
          dataset[part].features.filter((_, k) => k % 2 === axis);
        assert.ok(Math.abs(mean(column(standard, 'train'))) < 1e-6);
        assert.ok(Math.abs(deviation(column(standard, 'train')) - 1) < 1e-6);
        const [middle, spread] = [mean(column(plain, 'train')), deviation(column(plain, 'train'))];
        const expected = column(plain, 'test').map((value) => (value - middle) / spread);
        column(standard, 'test').forEach((value, k) => {
          assert.ok(Math.abs(value - expected[k]) < 1e-5);
        });
      }
    });

    it('only centres a constant column, and leaves categories 0 and 1', () => {
      const dataset = readCsv(table('a,c,y', 20, (k) => `0.1,${k % 2 ? 'u' : 'v'},${k % 2}`));
      assert.deepEqual(dataset.featureNames, ['a', 'c=u', 'c=v']);
      for (let k = 0; k < dataset.train.count; k++) {
        const odd = dataset.train.labels[k];
        assert.deepEqual(rowOf(dataset.train, k), [0, odd, 1 - odd]);
      }
    });
  });

  describe('that cannot be used are refused:', () => {
    const numbers = (middle: string) => table('a,b,y', 30, (k) => `${k},${k === 6 ? middle : k},${k % 2}`);
    const cases: Record<string, [string | Uint8Array, RegExp, Parameters<typeof readCsv>[1]?, string?]> = {
      'an empty file': ['', /^a\.csv is empty/],
      'blank lines only': ['\n \n\r\n', /blank lines only/],
      'a header without rows': ['a,b\n', /a header line and no rows/],
      'a single row': ['a,b\n1,2\n', /a single row/],
      'a single column': ['a\n1\n2\n', /^a\.csv:1: has a single column/],
      'a delimiter that does not occur': [
        'a,b\n1,2\n',
        /^a\.csv:1: has no ";" between fields/,
        { delimiter: ';' },
        'delimiter',
      ],
      'an impossible delimiter': ['a,b\n1,2\n', /cannot stand between fields/, { delimiter: '"' }, 'delimiter'],
      'too few fields': ['a,b,c,d,e\n1,2,3,4,5\n1,2,3\n', /^a\.csv:3: has 3 fields where the header has 5: fill in/],
      'too many fields': ['a,b\n1,2\n\n1,2,3\n', /^a\.csv:4: has 3 fields where the header has 2: put quotation marks/],
      'too many fields without a header': [
        '1,2\n1,2,3\n',
        /^a\.csv:2: has 3 fields where line 1 has 2/,
        { header: false },
      ],
      'a column twice': ['a,b,a\n1,2,3\n4,5,6\n', /^a\.csv:1: fields 1 and 3 of the header are both "a"/],
      'a first row for a header': [
        '5.1,3.5,setosa\n4.9,3,setosa\n4.7,3.2,other\n',
        /^a\.csv:1: the header line holds numbers: give header: false/,
        {},
        'header',
      ],
      'a header for a first row': [
        table('a,y', 30, (k) => `${k},${k % 2}`),
        /^a\.csv:1: "y" in column "column 1" is not a number.*leave out header/,
        { header: false },
      ],
      'an empty field': [
        numbers(''),
        /^a\.csv:8: has no value in column "b": fill it in, or delete the row or the column/,
      ],
      'NA among numbers': [numbers('NA'), /^a\.csv:8: has "NA" for a value in column "b"/],
      NaN: [numbers('NaN'), /^a\.csv:8: has "NaN" for a value/],
      infinity: [numbers('-Infinity'), /^a\.csv:8: "-Infinity" in column "b" is no finite number/],
      'a number beyond all': [numbers('1e999'), /^a\.csv:8: "1e999" in column "b" is no finite number/],
      'a word among numbers': [numbers('12a'), /^a\.csv:8: "12a" in column "b" is not a number, as others/],
      'a slip among a few numbers': [
        table('a,b,y', 30, (k) => `${k},${k === 6 ? '0O' : k % 3},${k % 2}`),
        /^a\.csv:8: "0O" in column "b" is not a number, as others/,
      ],
      'a slip in the target': [
        table('a,y', 30, (k) => `${k},${k === 6 ? 'l' : k % 2}`),
        /^a\.csv:8: "l" in column "y" is not a number, as others/,
      ],
      'the same in several rows': [
        table('a,b,y', 30, (k) => `${k},${[3, 5, 20].includes(k) ? '' : k},${k % 2}`),
        /^a\.csv:5: has no value in column "b": fill it in.*column.* The same on lines 7 and 22\.$/,
      ],
      'the same in many rows': [
        table('a,b,y', 300, (k) => `${k},${k % 20 === 3 ? `x${k}` : k},${k % 2}`),
        /^a\.csv:5: "x3" .*row\. The same on lines 25, 45, 65, 85, 105 and 9 others\.$/,
      ],
      'several rows with too few fields': [
        'a,b,c\n1,2,3\n1,2\n4,5,6\n7\n',
        /^a\.csv:3: has 2 fields .*delete the row\. The same on line 5\.$/,
      ],
      'a decimal comma among decimal points': [
        table('a,b,y', 30, (k) => `${k}.5,${k === 6 ? '"1,5"' : k},${k % 2}`),
        /^a\.csv:8: "1,5" in column "b" has a comma where "0\.5" on line 2, column "a", has a decimal point/,
      ],
      'an open quotation mark': [
        'a,b\n1,2\n3,"4\n5,6\n',
        /^a\.csv:3: a field that begins with a quotation mark is never closed/,
      ],
      'text after a quotation mark': ['a,b\n1,2\n3,"4"5\n5,6\n', /^a\.csv:3: text follows the closing/],
      'a column that names the rows': [
        table('id,y', 1200, (k) => `row${k},${k % 2}`),
        /column "id" has a different word in each of its first 1000 rows.*1000 categories.*ignore: \["id"\]/,
      ],
      'a spreadsheet': [Uint8Array.of(0x50, 0x4b, 3, 4), /save the table as CSV/],
      'a gzipped file': [Uint8Array.of(0x1f, 0x8b, 8, 0), /gunzip/],
      'no text': [Uint8Array.of(1, 0, 2, 0), /not a text file/],
    };
    for (const [name, [bytes, message, changes, property]] of Object.entries(cases)) {
      it(name, () => {
        const cause = dataError(() => readCsv(bytes, changes), message, property ?? 'path');
        const line = /^a\.csv:(\d+):/.exec(cause.message);
        if (line) assert.equal(cause.place?.line, Number(line[1]));
      });
    }

    it('a file that was not read', () => {
      dataError(() => makeDataset(csvSource(), 1, {}), /has not been read/, 'path');
    });
  });

  it('treat a column with a few numbers among words as categories, “none” too', () => {
    const dataset = readCsv(table('many,y', 40, (k) => `${['0', '1', '2', '3+', 'none'][k % 5]},${k % 2}`));
    assert.deepEqual(dataset.featureNames, ['many=0', 'many=1', 'many=2', 'many=3+', 'many=none']);
  });

  it('are read from shared bytes', () => {
    const text = utf8('a,y\n1,p\n2,q\n3,p\n4,q\n');
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    assert.deepEqual(readCsv(shared), readCsv(text));
  });
});
