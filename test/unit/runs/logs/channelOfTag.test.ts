/** Tags of other programs that are channels like the lab's own. */
import assert from 'node:assert/strict';
import { channelsOf } from '../../../../src/engine/channels';
import { presets } from '../../../../src/experiment/presets';
import { readExperiment } from '../../../../src/experiment/read';
import { channelOfTag } from '../../../../src/runs/log/foreign/channelOfTag';

describe('channels of tags', () => {
  it('are all channels of the presets, as the lab makes them', () => {
    let count = 0;
    for (const { text } of presets) {
      const { plan } = readExperiment(text);
      for (const { specification } of plan?.samples ?? []) {
        for (const channel of channelsOf(specification, true)) {
          assert.deepEqual(channelOfTag(channel.name), channel);
          count++;
        }
      }
    }
    assert.ok(count > 1000, String(count));
  });

  it('may have names of layers like those of PyTorch', () => {
    assert.deepEqual(channelOfTag('layer1.0.bn1/normalized/std'), {
      layer: 'layer1.0.bn1',
      tap: 'normalized',
      quantity: 'std',
      name: 'layer1.0.bn1/normalized/std',
    });
  });

  it('do not exist for other tags', () => {
    const names = [
      'loss',
      'loss/train',
      'loss/train/loss',
      'network/activated/std',
      'a/b/activated/std',
      'a/activated',
    ];
    for (const name of [...names, 'a/activated/median', '/activated/std', 'a/constructor/name', 'a/activated/', '']) {
      assert.equal(channelOfTag(name), null, name);
    }
  });
});
