/**
 * Histograms of the numbers at a tap, on one fixed set of signed logarithmic bins for all layers, arms and steps, so that
 * any two of them can be laid side by side.
 *
 * Each octave of magnitude, from 2^-20 (about 1e-6) to 2^14 (16,384), is cut into four bins of equal width, on both sides of one
 * bin for all that is nearer to 0; larger numbers are in the outermost bins. Edges are powers of two and quarters between
 * them, so the first bits of a float32 determine its bin, which is therefore the same on every machine.
 */
const binsPerOctave = 4;
const lowestExponent = -20;
const highestExponent = 13;

/** Number of bins on each side of the bin around 0. */
export const sideBins = (highestExponent - lowestExponent + 1) * binsPerOctave;
/** The bin of all numbers of a magnitude below 2^-20. */
export const zeroBin = sideBins;
export const binCount = 2 * sideBins + 1;

/** The first 11 bits of a float32 but its sign: 8 of the exponent, 2 of the mantissa. */
export const mantissaShift = 21;
/** These bits of 2^-20. */
export const lowestBits = (lowestExponent + 127) * binsPerOctave;
/** These bits of an infinity: from here on there is no number. */
export const infinityBits = 255 * binsPerOctave;

const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** Where the bins meet, rising: `binCount + 1` of them, the first and the last an infinity. */
export const binEdges: readonly number[] = edges();

function edges(): number[] {
  const side = Array.from({ length: sideBins }, (_, k) => edgeOf(k));
  return [Number.NEGATIVE_INFINITY, ...side.toReversed().map((edge) => -edge), ...side, Number.POSITIVE_INFINITY];
}

/** Where the k-th bin beside the one around 0 begins: of the numbers with its bits the least is the one that ends in zeros. */
function edgeOf(k: number): number {
  bits[0] = (lowestBits + k) << mantissaShift;
  return number[0];
}

/** 2^14, where the outermost bins would end if they ended. */
const outermostEdge = edgeOf(sideBins);

/** Value that represents a bin: its middle, 0 for the bin around 0. The outermost bins count as if they ended at the next power of two. */
export const binCentres: readonly number[] = Array.from({ length: binCount }, (_, bin) => {
  const [low, high] = [Math.max(binEdges[bin], -outermostEdge), Math.min(binEdges[bin + 1], outermostEdge)];
  return (low + high) / 2;
});

/** The bin of a number as float32; −1 for NaN and the infinities. */
export function binOf(value: number): number {
  number[0] = value;
  const magnitude = (bits[0] & 0x7fffffff) >>> mantissaShift;
  if (magnitude >= infinityBits) return -1;
  const distance = Math.max(0, Math.min(magnitude - lowestBits + 1, sideBins));
  return bits[0] >>> 31 === 0 ? zeroBin + distance : zeroBin - distance;
}

/** How many of the values lie in each bin, into `counts` [binCount]. */
export function countBins(values: Float32Array, counts: Uint32Array): void {
  counts.fill(0);
  for (let k = 0; k < values.length; k++) {
    const bin = binOf(values[k]);
    if (bin >= 0) counts[bin]++;
  }
}
