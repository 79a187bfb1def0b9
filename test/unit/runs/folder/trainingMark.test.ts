/** The mark of a run that a different machine trains, whose clock and that of the file server can differ from this machine's. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisMachine, trainerOf } from '../../../../src/runs/folder/trainingMark';

describe('a run that a different machine trains', () => {
  const day = 86_400_000;
  let own: string;
  beforeEach(() => {
    own = mkdtempSync(join(tmpdir(), 'batchnorm-lab-mark-'));
    const mark = { host: 'there', process: 7, started: '2000-01-01T00:00:00.000Z' };
    writeFileSync(join(own, 'training.json'), JSON.stringify(mark));
  });
  afterEach(() => rmSync(own, { recursive: true }));
  const here = (ahead: number) => {
    const { now, ...machine } = thisMachine();
    return { ...machine, host: 'here', now: now + ahead };
  };

  for (const ahead of [-day, 0, day]) {
    it(`is found while it writes, if this machine's clock differs by ${ahead / day} days`, () => {
      assert.equal(trainerOf(own, here(ahead)), 'process 7 on there');
    });

    it(`is interrupted ten minutes after its last write, if this machine's clock differs by ${ahead / day} days`, () => {
      const mark = join(own, 'training.json');
      const earlier = statSync(mark).mtimeMs / 1000 - 601;
      utimesSync(mark, earlier, earlier);
      assert.equal(trainerOf(own, here(ahead)), null);
      assert.equal(trainerOf(own, here(ahead)), null, 'reading the clock is no write of the run');
      assert.deepEqual(readdirSync(own), ['training.json']);
    });
  }

  it('is looked at without writing anything', () => {
    const machine = {
      ...here(0),
      nowIn: () => assert.fail('a viewer reads no clock by writing'),
    };
    assert.equal(trainerOf(own, machine, true), 'process 7 on there');
  });
});
