/** Model files, inspected: those of PyTorch, damaged ones, and those that should not be opened. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectModelFile } from '../../../../src/runs/folder/modelFile';
import { ModelFileError } from '../../../../src/runs/model/tensor';

const near = (actual: ArrayLike<number>, wanted: readonly number[], tolerance: number) => {
  assert.equal(actual.length, wanted.length);
  wanted.forEach((value, k) => {
    assert.ok(Math.abs(actual[k] - value) <= tolerance * Math.abs(value), `${actual[k]} instead of ${value}`);
  });
};
const fixtures = 'test/fixtures/models';
const expected = JSON.parse(readFileSync(join(fixtures, 'net.json'), 'utf8'));

describe('a model file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-model-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const problemOf = (path: string): string => {
    try {
      inspectModelFile(path);
    } catch (error) {
      assert.ok(error instanceof ModelFileError, String(error));
      return error.message;
    }
    return '';
  };
  const findings = (model: ReturnType<typeof inspectModelFile>) =>
    Object.fromEntries(model.normalizations.map(({ name, findings }) => [name, findings]));

  describe('in ONNX', () => {
    const model = inspectModelFile(join(fixtures, 'net.onnx'));

    it('has the normalizations of the network in its order, also one that was exported as several operators', () => {
      assert.deepEqual(
        model.normalizations.map(({ name, kind, features, foldsInto }) => [name, kind, features, foldsInto]),
        [
          ['/bn/BatchNormalization', 'batch', 3, '/conv/Conv'],
          ['/grouped/InstanceNormalization', 'instance', 1, null],
          ['/bn10/BatchNormalization', 'batch', 10, '/fc/Gemm'],
          ['ln2', 'layer', 10, null],
        ],
      );
      near(
        model.normalizations.map(({ epsilon }) => epsilon ?? 0),
        [1e-3, 1e-5, 1e-5, 1e-5],
        1e-7,
      );
    });

    it('has the values that PyTorch has', () => {
      const [bn] = model.values;
      near(bn.scale ?? [], expected.bn.scale, 1e-12);
      near(bn.mean ?? [], expected.bn.mean, 1e-12);
      near(bn.variance ?? [], expected.bn.variance, 1e-12);
      const { factor } = model.normalizations[0];
      near(
        [factor?.smallest ?? 0, factor?.largest ?? 0],
        [Math.min(...expected.bn.factor), Math.max(...expected.bn.factor)],
        1e-6,
      );
    });

    it('says what looks wrong', () => {
      assert.deepEqual(findings(model), {
        '/bn/BatchNormalization': ['1 of 3 channels almost off: |scale| below 0.001'],
        '/grouped/InstanceNormalization': [],
        '/bn10/BatchNormalization': [
          'the running statistics were never updated: the mean is 0 and the variance 1 everywhere',
        ],
        ln2: ['the scale of 1 of 10 channels is NaN or infinite'],
      });
      assert.deepEqual(model.problems, ['ε differs between layers: 1e−5 in 3 layers, 0.0010 in 1 layer.']);
    });
  });

  describe('in safetensors', () => {
    const model = inspectModelFile(join(fixtures, 'net.safetensors'));

    it('has the normalizations by name, and no other layers', () => {
      assert.deepEqual(
        model.normalizations.map(({ name, kind, features, epsilon }) => [name, kind, features, epsilon]),
        [
          ['bn', 'batch', 3, null],
          ['bn10', 'batch', 10, null],
          ['grouped', 'unknown', 3, null],
          ['ln2', 'layer', 10, null],
        ],
      );
    });

    it('has values of all types that PyTorch has', () => {
      const [bn] = model.values;
      near(bn.mean ?? [], expected.bn.meanAsHalf, 1e-12);
      near(bn.shift ?? [], [0, 0, 0], 1e-12);
      near(bn.variance ?? [], expected.bn.variance, 1e-12);
      assert.equal(bn.batches, 3);
      assert.equal(model.values[1].batches, 0);
    });
  });

  /** A safetensors file with this header. */
  const withHeader = (name: string, header: unknown, data = new Uint8Array(0)) => {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return write(name, Buffer.concat([length, text, data]));
  };
  const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const tensor = (count: number, from: number) => ({
    dtype: 'F32',
    shape: [count],
    data_offsets: [from, from + 4 * count],
  });

  it('is refused if its header is longer than the file or than the format allows, or is not JSON', () => {
    const long = Buffer.alloc(16);
    long.writeBigUInt64LE(2n ** 63n);
    assert.match(
      problemOf(write('a.safetensors', long)),
      /its header ends at byte 9,223,372,036,854,776,000, and the file has 16/,
    );
    assert.match(problemOf(withHeader('b.safetensors', '{"a":')), /its header is not JSON/);
    assert.match(problemOf(withHeader('c.safetensors', '[]')), /not an object of tensors/);
    assert.match(problemOf(write('d.safetensors', 'abc')), /it has 3 bytes, fewer than the length of a header/);
  });

  it('is shown without the tensors that end beyond the file or do not fit their shape, and says which overlap', () => {
    const path = withHeader(
      'e.safetensors',
      {
        'bn.weight': tensor(2, 0),
        'bn.bias': { ...tensor(2, 4), shape: [3] },
        'bn.running_mean': tensor(2, 4),
        'bn.running_var': tensor(2, 1000),
        other: { dtype: 'F8_E4M3', shape: [1], data_offsets: [12, 13] },
        'ln.weight': tensor(1, 12),
      },
      floats(1, 2, 3, 4),
    );
    const { problems, normalizations } = inspectModelFile(path);
    assert.deepEqual(
      problems.map((problem) => problem.replace(/byte [\d,]+, and the file has [\d,]+/, 'byte N')),
      [
        'bn.bias is left out: it has 8 bytes, and its shape needs 12.',
        'bn.running_var is left out: it ends at byte N.',
        'bn.weight and bn.running_mean overlap in the file: at least one of them is wrong.',
        'other and ln.weight overlap in the file: at least one of them is wrong.',
        'Tensors of type F8_E4M3 are not read (1).',
      ],
    );
    assert.deepEqual(
      normalizations.map(({ name, scale }) => [name, scale?.smallest, scale?.largest]),
      [
        ['bn', 1, 2],
        ['ln', 4, 4],
      ],
    );
  });

  it('says what looks wrong in statistics: variances of 0 and below, factors that are too large', () => {
    const path = withHeader(
      'f.safetensors',
      {
        'bn.weight': tensor(3, 0),
        'bn.running_mean': tensor(3, 12),
        'bn.running_var': tensor(3, 24),
      },
      floats(1, 1e4, 1, 0, Number.POSITIVE_INFINITY, 0, 0, 1, -1),
    );
    assert.deepEqual(findings(inspectModelFile(path)).bn, [
      'the running mean of 1 of 3 channels is NaN or infinite',
      'the running variance of 2 of 3 channels is 0 or negative',
      'the factor of 1 of 3 channels is above 1,000',
    ]);
  });

  it('that can contain a pickle is not opened, and an unknown or missing one is refused', () => {
    for (const name of ['model.pt', 'model.PTH', 'pytorch_model.bin']) {
      assert.match(problemOf(write(name, '')), /can contain a pickle, which runs code when it is opened.+safetensors/);
    }
    assert.match(
      problemOf(write('model.h5', '')),
      /^The type \.h5 is not known: give a \.safetensors or an \.onnx file\.$/,
    );
    assert.equal(problemOf(join(folder, 'none.onnx')), 'none.onnx is missing');
    assert.equal(
      problemOf(write('empty.onnx', '')),
      'This is not an ONNX model: it has no graph, or no version of the format.',
    );
  });

  /** Bytes of a message in Protocol Buffers: pairs of a field's number, and its text, bytes or whole number. */
  const message = (...fields: [number, string | Uint8Array | number][]): Buffer =>
    Buffer.concat(
      fields.map(([field, value]) => {
        if (typeof value === 'number') return Buffer.from([field << 3, value]);
        const bytes = Buffer.from(value);
        const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
        return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]);
      }),
    );
  const onnx = (...graph: [number, Uint8Array][]) => message([1, 8], [7, message(...graph)]);
  const norm = (input: string, output: string) =>
    message(
      [1, input],
      [1, 'scale'],
      [1, 'shift'],
      [1, 'mean'],
      [1, 'variance'],
      [2, output],
      [3, output],
      [4, 'BatchNormalization'],
    );

  it('in ONNX without its external data, or with data outside its folder, is shown without them', () => {
    const external = (name: string, location: string) =>
      message([1, 2], [2, 1], [8, name], [13, message([1, 'location'], [2, location])], [14, 1]);
    write('data.bin', floats(5, 6));
    const path = write(
      'g.onnx',
      onnx(
        [1, norm('x', 'y')],
        [5, external('scale', 'data.bin')],
        [5, external('shift', 'gone.bin')],
        [5, external('mean', '../data.bin')],
        [5, message([1, 3], [2, 1], [8, 'variance'], [9, floats(1)])],
      ),
    );
    const [{ scale, findings: found }] = inspectModelFile(path).normalizations;
    assert.deepEqual([scale?.smallest, scale?.largest], [5, 6]);
    assert.deepEqual(found, [
      'gone.bin, which contains its data, is missing',
      'the model names data outside its own folder, which are not opened: ../data.bin',
      'variance has 1 values, and its shape needs 3',
    ]);
  });

  it('in ONNX whose graph has a circle is listed in the order of the file', () => {
    const { normalizations, problems } = inspectModelFile(
      write('h.onnx', onnx([1, norm('b', 'a')], [1, norm('a', 'b')])),
    );
    assert.deepEqual(
      normalizations.map(({ name, features }) => [name, features]),
      [
        ['a', 0],
        ['b', 0],
      ],
    );
    assert.match(problems[0], /^The graph is not in order, or has a circle/);
  });

  it('in ONNX that ends early is shown up to there', () => {
    const graph = Buffer.concat([message([1, norm('x', 'y')]), Buffer.from([0x0a, 100])]);
    const { normalizations, problems } = inspectModelFile(write('i.onnx', message([1, 8], [7, graph])));
    assert.deepEqual(
      normalizations.map(({ name }) => name),
      ['y'],
    );
    assert.match(
      problems[0],
      /^The file is damaged or of a different format: no field of a message begins at byte \d+\.$/,
    );
  });

  it('that is damaged anywhere is refused or shown, without any other error', () => {
    for (const name of ['net.onnx', 'net.safetensors']) {
      const whole = readFileSync(join(fixtures, name));
      for (let k = 0; k < 300; k++) {
        const damaged = Buffer.from(whole);
        // Deterministic places and values, spread over the file.
        damaged[(k * 7919) % whole.length] ^= 1 + ((k * 31) % 255);
        problemOf(write(`damaged-${name}`, k % 3 === 0 ? damaged.subarray(0, (k * 104_729) % whole.length) : damaged));
      }
    }
  });
});
