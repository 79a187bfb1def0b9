/** Search in rising numbers. */

/** Number of the first `count` numbers that are at most `limit`: the index of the first larger one. */
export function countUpTo(numbers: ArrayLike<number>, limit: number, count = numbers.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
