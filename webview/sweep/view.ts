/** What the views of a sweep's results have in common. */
import type { ExportHandler } from '../export/exportPart';
import type { Choices } from '../view/choices';
import type { Places } from '../view/point';
import type { Shown } from '../view/shown';
import type { SweepResults } from './results';

export interface SweepEvents {
  pointChosen(places: Places): void;
  sweepChosen(
    change: Partial<Pick<Choices, 'cellMetric' | 'sweepView' | 'sweepX' | 'sweepLines' | 'sweepFilter'>>,
  ): void;
  tableToggled(id: string): void;
  exportChosen: ExportHandler;
  resized(): void;
}

export interface SweepView {
  readonly element: HTMLElement;
  /** Shown beside the metric while the view is shown. */
  readonly controls: HTMLElement | null;
  /** @returns The text of the section's hint, in which a colour bar may stand. */
  update(shown: Shown, results: SweepResults): (Node | string)[];
}
