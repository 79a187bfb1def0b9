/** Value axes hold what is drawn, with few and round ticks, whatever the numbers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Axis, emptyExtent, joinExtents, makeAxis, position, tickLabel, widen } from '../../webview/charts/axis';
import type { Scaling } from '../../webview/charts/content';

function axisOf(scaling: Scaling, values: number[], diverged: number[] = []): Axis {
  const held = emptyExtent();
  const gone = emptyExtent();
  for (const value of values) widen(held, value);
  for (const value of diverged) widen(gone, value);
  return makeAxis(scaling, joinExtents(held, gone, scaling));
}

const labels = (axis: Axis) => axis.ticks.map((tick) => tickLabel(axis, tick, 'value'));

describe('value axes', () => {
  for (const scaling of ['linear', 'log', 'symlog', 'fine-symlog'] as const) {
    it(`${scaling}: every value is on the axis, and the few ticks ascend`, () => {
      const value = fc.oneof(fc.float({ noNaN: false }), fc.float({ min: -2, max: 2, noNaN: true }), fc.constant(0));
      fc.assert(
        fc.property(fc.array(value, { maxLength: 8 }), (values) => {
          const axis = axisOf(scaling, values);
          assert.ok(axis.low < axis.high, `${axis.low} to ${axis.high}`);
          assert.ok(axis.ticks.length >= 1 && axis.ticks.length <= 7, axis.ticks.join());
          for (const [index, tick] of axis.ticks.entries()) {
            assert.ok(index === 0 || tick > axis.ticks[index - 1]);
            const at = position(axis, tick);
            assert.ok(at > -0.01 && at < 1.01, `tick ${tick} at ${at}`);
            assert.notEqual(tickLabel(axis, tick, 'value'), '');
          }
          for (const one of values) {
            const shown = Number.isFinite(one) && (scaling !== 'log' || one > 0);
            const at = position(axis, one);
            if (shown) assert.ok(at >= -1e-6 && at <= 1 + 1e-6, `${one} at ${at}`);
            else if (Number.isNaN(one) || scaling === 'log') assert.ok(!(at >= 0 && at <= 1), `${one} at ${at}`);
          }
        }),
        { numRuns: 2000, seed: 7 },
      );
    });
  }

  it('logarithmic: whole decades with few labels', () => {
    assert.deepEqual(labels(axisOf('log', [0.02, 6])), ['0.01', '0.1', '1', '10']);
    assert.deepEqual(labels(axisOf('log', [3e-14, 1])), ['10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '1']);
    const wide = axisOf('log', [3e-14, 1]);
    assert.deepEqual([wide.low, wide.high], [1e-14, 1]);
  });

  it('logarithmic within a decade: 1, 2, 5, 10', () => {
    assert.deepEqual(labels(axisOf('log', [2.1, 4.2])), ['2', '5']);
    assert.deepEqual(labels(axisOf('log', [0.98, 1.1])), ['0.5', '1', '2']);
    assert.deepEqual(labels(axisOf('log', [1])).length >= 2, true);
  });

  it('symlog: both sides of zero, or the one that there is', () => {
    assert.deepEqual(labels(axisOf('symlog', [-0.3, 0.5])), ['−1', '−0.1', '0', '0.1', '1']);
    assert.deepEqual(labels(axisOf('symlog', [0, 0.5])), ['0', '0.1', '1']);
    assert.deepEqual(labels(axisOf('fine-symlog', [-0.3, 0.5])), ['−1', '−10⁻³', '0', '10⁻³', '1']);
    const small = axisOf('fine-symlog', [-2e-5, 8e-5]);
    assert.deepEqual(labels(small), ['−10⁻⁴', '0', '10⁻⁴']);
  });

  it('linear: round steps', () => {
    assert.deepEqual(labels(axisOf('linear', [0.93, 1.07])), ['0.95', '1', '1.05']);
  });

  it('what diverged may widen the axis a little, and then runs off', () => {
    const axis = axisOf('log', [0.01, 1], [0.5, 1e30]);
    assert.equal(axis.high, 10);
    assert.equal(axisOf('linear', [0, 1], [1e30]).high < 2, true);
    assert.equal(axisOf('log', [], [1, 1e30]).high, 1e30, 'alone it has the axis to itself');
  });
});
