/** A view of an arm's predictions. */
import type { PredictionRows } from '../session/predictionRows';
import type { Theme } from '../view/theme';

export interface PredictionView {
  readonly element: HTMLElement;
  /**
   * Reads the predictions at a step and updates the text alternative.
   * @returns Text below the arm's name.
   */
  read(rows: PredictionRows, row: number): string;
  /** The last read predictions as exact numbers for export, with a header row. */
  numbers(): (string | number)[][];
  /**
   * Draws the last read predictions.
   * @param width Available width in pixels.
   */
  draw(theme: Theme, width: number): void;
}
