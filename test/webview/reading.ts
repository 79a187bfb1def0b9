/** What a person, or someone who listens, gets from a chart of the page. */
import type { FrameLocator, Locator, Page } from 'playwright-core';

export interface ChartReader {
  chart(id: string): Locator;
  /** The canvas in words. */
  label(id: string): Promise<string | null>;
  /** The values above the chart. */
  readings(id: string): Promise<string[]>;
  /** The data table, opened if need be, row by row with the head first. */
  table(id: string): Promise<string[][]>;
}

/** @param page Where the panel's page is: a tab of its own, or a frame in a workbench. */
export function chartReader(page: () => Page | FrameLocator): ChartReader {
  const chart = (id: string) => page().locator(`[data-chart="${id}"]`).filter({ visible: true });
  return {
    chart,
    label: (id) => chart(id).locator('canvas').getAttribute('aria-label'),
    readings: (id) => chart(id).locator('.readings b').allTextContents(),
    async table(id) {
      const toggle = chart(id).getByRole('button', { name: 'data table' });
      if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
      await chart(id).locator('table').waitFor();
      return chart(id)
        .locator('tr')
        .evaluateAll((rows) =>
          rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent ?? '')),
        );
    },
  };
}
