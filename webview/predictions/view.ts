/** One way to show what an arm's network says. */
import type { PredictionRows } from '../predictionRows';
import type { Theme } from '../theme';

export interface PredictionView {
  readonly element: HTMLElement;
  /** Pixels that there are for it; 0 while it has no place on the page. */
  readonly width: number;
  draw(rows: PredictionRows, row: number, theme: Theme): void;
  /** Said behind the arm's name, of what was drawn last. */
  remark(): string;
}
