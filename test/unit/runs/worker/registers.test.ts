import assert from 'node:assert/strict';
import { registersFor } from '../../../../src/runs/worker/registers';

describe('the registers that train', () => {
  const machine = (arch: NodeJS.Architecture, v8: string) => ({ arch, versions: { ...process.versions, v8 } });
  const node24 = machine('x64', '13.6.233.17-node.50');

  it('are wide by default where V8 and the processor have them', () => {
    assert.equal(
      registersFor('auto', node24, () => true),
      'wide',
    );
    assert.equal(
      registersFor('auto', node24, () => false),
      'narrow',
    );
    assert.equal(
      registersFor('auto', machine('x64', '12.4.254.21-node.33'), () => true),
      'narrow',
    );
    assert.equal(
      registersFor('auto', machine('arm64', '13.6.233.17-node.50'), () => true),
      'narrow',
    );
  });

  it('are those that were asked for, as far as V8 has them', () => {
    assert.equal(
      registersFor('narrow', node24, () => true),
      'narrow',
    );
    assert.equal(
      registersFor('wide', node24, () => false),
      'wide',
    );
    assert.equal(
      registersFor('wide', machine('x64', '11.3.244.8-node.30'), () => true),
      'narrow',
    );
  });
});
