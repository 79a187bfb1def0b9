/** Headings of tables of predictions, the same in run logs and in exports of the page, and so in all languages. */

/** @param isRegression A regression predicts a number, without a probability. */
export function predictionColumns(isRegression: boolean): string[] {
  return isRegression ? ['predicted'] : ['predicted', 'probability'];
}

/** One row per test example. */
export function exampleColumns(isRegression: boolean): string[] {
  return ['example', 'actual', ...predictionColumns(isRegression)];
}
