/** Declarations of charts: the page finds a chart, and the editor saves its place, by its id alone. */
import assert from 'node:assert/strict';
import { chartSections } from '../../webview/sections/chartSections';

describe('the sections of charts', () => {
  it('give each section and each chart an id of its own', () => {
    const ids = chartSections.flatMap(({ id, charts }) => [id, ...charts.map((chart) => chart.id)]);
    const shared = ids.filter((id, place) => ids.indexOf(id) !== place);
    assert.deepEqual(shared, []);
    assert.ok(ids.length > 2 * chartSections.length, ids.join());
  });
});
