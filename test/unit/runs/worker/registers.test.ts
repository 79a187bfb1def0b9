import assert from 'node:assert/strict';
import { registersFor } from '../../../../src/runs/worker/wideRegisters';

describe('the register width for training', () => {
  const machine = (arch: NodeJS.Architecture, v8: string) => ({ arch, versions: { ...process.versions, v8 } });
  const node24 = machine('x64', '13.6.233.17-node.50');

  it('is wide by default if V8 and the processor support it', () => {
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

  it('is the requested one if V8 supports it', () => {
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
