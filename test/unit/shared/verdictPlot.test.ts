/** The drawing of a verdict's evidence, the same in report and panel. */
import assert from 'node:assert/strict';
import { formatPlain } from '../../../src/shared/numbers';
import { type Evidence, type Shape, verdictAxis, verdictShapes } from '../../../src/shared/verdictPlot';

const evidence: Evidence = {
  differences: [0.1, 0.2, 0.2, 0.2, 0.3].map((difference) => ({ difference })),
  difference: 0.2,
  interval: [0.15, 0.25],
  claim: { by: 0.05 },
};
const ofTag = (shapes: readonly Shape[], name: string) => shapes.filter(([, attributes]) => attributes.class === name);

describe('the axis of a verdict', () => {
  it('contains 0, all pairs, the interval and the band, with round ticks', () => {
    const { low, high, ticks } = verdictAxis(evidence);
    assert.ok(low < -0.05 && high > 0.3);
    assert.deepEqual(ticks, [0, 0.1, 0.2, 0.3]);
    assert.ok(verdictAxis({ ...evidence, claim: { by: 0, within: 2 } }).high > 2);
  });

  it('is valid without pairs, and with hundreds of thousands', () => {
    const { low, high } = verdictAxis({ differences: [], difference: null, interval: null, claim: { by: 0 } });
    assert.ok(low < 0 && high > 0);
    const many = Array.from({ length: 300_000 }, (_, k) => ({ difference: k / 1e5 }));
    assert.ok(verdictAxis({ ...evidence, differences: many }).high > 2.99);
  });
});

for (const size of ['wide', 'narrow'] as const) {
  describe(`the drawing of a verdict, ${size}`, () => {
    const { viewBox, shapes } = verdictShapes(evidence, size, formatPlain);
    const [, , width, height] = viewBox.split(' ').map(Number);

    it('has a ring for each pair, up to three above each other, all within the drawing', () => {
      const rings = ofTag(shapes, 'pair').map(([, { cx, cy, r }]) => [cx, cy, r].map(Number));
      assert.equal(rings.length, 5);
      assert.equal(new Set(rings.map(([, y]) => y)).size, 3);
      assert.ok(rings.every(([x, y, r]) => x > r && x < width - r && y >= r && y < height));
    });

    it('has the mean, its interval and the band at their values on one scale', () => {
      const [[, { x1: zero }]] = ofTag(shapes, 'zero');
      const [[, band]] = ofTag(shapes, 'band');
      const [[, { d: mean }]] = ofTag(shapes, 'mean');
      const [[, { d: interval }]] = ofTag(shapes, 'interval');
      const unit = Number(band.width) / 0.1;
      const at = (value: number, found: RegExpExecArray | null) =>
        assert.ok(Math.abs(Number(found?.[1]) - (Number(zero) + value * unit)) < 1, String(found));
      at(0.2, /L([\d.]+) /.exec(String(mean)));
      at(0.15, /^M([\d.]+) /.exec(String(interval)));
      at(0.25, /H([\d.]+)/.exec(String(interval)));
    });
  });
}
