/** Records of event files that are damaged or still written. */
import assert from 'node:assert/strict';
import { crc32c } from '../../../../src/runs/log/checksum';
import {
  type GrowingSource,
  longestRead,
  ReadBuffer,
  RecordFollower,
} from '../../../../src/runs/log/foreign/recordFollower';
import { WireError } from '../../../../src/runs/log/foreign/wire';
import { framed, maskedChecksum } from '../../../../src/runs/log/records';

/** A file in memory that records the largest number of bytes read at once. */
class MemoryFile implements GrowingSource {
  bytes = Buffer.alloc(0);
  largestRead = 0;

  get size(): number {
    return this.bytes.length;
  }

  append(...parts: Uint8Array[]): this {
    this.bytes = Buffer.concat([this.bytes, ...parts]);
    return this;
  }

  readInto(target: Uint8Array, offset: number, length: number): number {
    this.largestRead = Math.max(this.largestRead, target.length);
    return this.bytes.copy(target, 0, offset, Math.min(this.size, offset + length));
  }
}

const record = (text: string) => framed(new TextEncoder().encode(text));

/** A header with any length, whose checksum is right. */
function header(length: bigint): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, length, true);
  view.setUint32(8, maskedChecksum(bytes, 0, 8), true);
  return bytes;
}

describe('records of an event file', () => {
  let file: MemoryFile;
  let follower: RecordFollower;
  let found: string[];
  beforeEach(() => {
    file = new MemoryFile();
    follower = new RecordFollower();
    found = [];
  });

  const read = (most = 1 << 30) =>
    follower.advance(file, new ReadBuffer(), most, (bytes, start, end) => {
      found.push(Buffer.from(bytes.subarray(start, end)).toString());
    });
  const readAll = () => {
    while (read());
    return found;
  };

  it('have the checksum of RFC 3720', () => {
    assert.equal(crc32c(new TextEncoder().encode('123456789')) >>> 0, 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)) >>> 0, 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(255)) >>> 0, 0x62a8ab43);
    // Every length modulo the bytes per round, and a range within a larger array.
    const bytes = Uint8Array.from({ length: 64 }, (_, k) => (k * 37) & 255);
    for (let length = 0; length < 40; length++) {
      let expected = -1;
      for (const byte of bytes.subarray(5, 5 + length)) {
        expected ^= byte;
        for (let bit = 0; bit < 8; bit++) expected = expected & 1 ? (expected >>> 1) ^ 0x82f63b78 : expected >>> 1;
      }
      assert.equal(crc32c(bytes, 5, 5 + length), ~expected, `${length} bytes`);
    }
  });

  it('are visited once each, also those longer than a block, in calls that read a bounded part', () => {
    const long = 'x'.repeat(3 << 20);
    const short = Array.from({ length: 60_000 }, (_, k) => `record ${k}`);
    file.append(...short.map(record), record(long), record('end'));
    assert.equal(read(1 << 20), true);
    assert.ok(found.length > 1000 && found.length < 50_000);
    assert.deepEqual(readAll(), [...short, long, 'end']);
    assert.equal(follower.records, 60_002);
    assert.deepEqual(follower.damage, []);
  });

  it('wait for their last byte', () => {
    const bytes = record('torn');
    file.append(record('first'));
    for (const byte of bytes) {
      assert.deepEqual(readAll(), ['first']);
      file.append(Uint8Array.of(byte));
    }
    assert.deepEqual(readAll(), ['first', 'torn']);
    assert.deepEqual(follower.damage, []);
    assert.equal(follower.rest, 0);
  });

  it('are read after a record with wrong content, and the damage has its byte', () => {
    const wrong = record('wrong');
    wrong[14] ^= 1;
    file.append(record('first'), wrong, record('last'));
    assert.deepEqual(readAll(), ['first', 'last']);
    assert.deepEqual(follower.damage, [
      { offset: record('first').length, problem: 'the checksum of a record is wrong' },
    ]);
  });

  it('are read after a length that is wrong', () => {
    const wrong = record('wrong');
    wrong[3] = 255;
    file.append(record('first'), wrong, record('last'));
    assert.deepEqual(readAll(), ['first', 'last']);
    assert.deepEqual(follower.damage, [
      { offset: record('first').length, problem: 'the checksum of the length of a record is wrong' },
    ]);
    assert.ok(file.largestRead <= 1 << 20);
  });

  it('are read after a length that lies with a right checksum, without memory for it', () => {
    for (const length of [2n ** 25n, BigInt(longestRead) * 2n, 2n ** 62n]) {
      file = new MemoryFile().append(record('first'), header(length), record('last'));
      follower = new RecordFollower();
      found = [];
      assert.deepEqual(readAll(), ['first', 'last'], String(length));
      assert.equal(follower.damage.length, 1);
      assert.equal(follower.damage[0].offset, record('first').length);
      assert.ok(file.largestRead <= 1 << 20);
    }
  });

  it('are read after the torn record of a different process', () => {
    file.append(record('first'), record('a torn record').subarray(0, 20), record('second'), record('third'));
    assert.deepEqual(readAll(), ['first', 'second', 'third']);
    assert.deepEqual(follower.damage, [
      { offset: record('first').length, problem: 'the checksum of a record is wrong' },
    ]);
  });

  it('are read after a torn record that would end after them', () => {
    file.append(record('first'), record('x'.repeat(500)).subarray(0, 20));
    readAll();
    assert.deepEqual(follower.damage, [], 'it may still be written');
    file.append(record('second'), record('third'));
    assert.deepEqual(readAll(), ['first', 'second', 'third']);
    assert.deepEqual(follower.damage, [{ offset: record('first').length, problem: 'a record is not complete' }]);
  });

  it('are found after megabytes of zeros, once they are written', () => {
    file.append(record('first'), new Uint8Array(5_000_003));
    assert.deepEqual(readAll(), ['first']);
    assert.equal(follower.damageCount, 1);
    file.append(record('second').subarray(0, 9));
    readAll();
    file.append(record('second').subarray(9), record('third'));
    assert.deepEqual(readAll(), ['first', 'second', 'third']);
    assert.equal(follower.damageCount, 1, 'reported once');
  });

  it('that are not events are damage, and the others are read', () => {
    file.append(record('good'), record('bad'), record('good'));
    const visited: string[] = [];
    while (
      follower.advance(file, new ReadBuffer(), 1 << 20, (bytes, start, end) => {
        const text = Buffer.from(bytes.subarray(start, end)).toString();
        if (text === 'bad') throw new WireError('a field ends after its record');
        visited.push(text);
      })
    );
    assert.deepEqual(visited, ['good', 'good']);
    assert.match(follower.damage[0].problem, /is not an event/);
  });

  it('longer than 64 MB are passed over', () => {
    const length = longestRead + 1;
    file.append(record('first'), header(BigInt(length)), new Uint8Array(length + 4), record('last'));
    assert.deepEqual(readAll(), ['first', 'last']);
    assert.equal(follower.passedOver, 1);
    assert.deepEqual(follower.damage, []);
    assert.ok(file.largestRead <= 1 << 20);
  });

  it('of a file that is damaged everywhere are counted, and only the first places are stored', () => {
    for (let k = 0; k < 100; k++) {
      const wrong = record(`wrong ${k}`);
      wrong[13] ^= 1;
      file.append(wrong, record('good'));
    }
    assert.equal(readAll().length, 100);
    assert.equal(follower.damageCount, 100);
    assert.equal(follower.damage.length, 20);
  });
});
