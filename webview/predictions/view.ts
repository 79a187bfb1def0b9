/** One way to show what an arm's network says. */
import type { PredictionRows } from '../session/predictionRows';
import type { Theme } from '../view/theme';

export interface PredictionView {
  readonly element: HTMLElement;
  /** Pixels that there are for it; 0 while it has no place on the page. */
  readonly width: number;
  /**
   * Takes up what was said at a step, and puts it into words.
   * @returns What is said below the arm's name.
   */
  read(rows: PredictionRows, row: number): string;
  /** What was read last, for other programs: the head first, nothing rounded. */
  numbers(): (string | number)[][];
  /** Draws what was read last. */
  draw(theme: Theme): void;
}
