// @ts-check
/**
 * Measures the panel in a real browser: main-thread work while streaming and scrubbing, opening a finished run, memory.
 */
import { shown, table } from './numbers.mjs';
import { benchProgram, buildAll, measured } from './programs.mjs';

/** Layers and frames of each of the two arms. */
const size = { layers: 30, frames: 2000 };

/** Targets in milliseconds. */
const aims = { frame: 16, opening: 500, scrubbing: 16 };

/**
 * @param {number} batches Number of batches that stream during the memory measurement.
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchPanel(batches) {
  await buildAll();
  const program = await benchProgram('panel');
  /** @type {import('../../../bench/panel').PanelTimes} */
  const times = await measured([process.execPath, program, ...[size.layers, size.frames, batches].map(String)]);
  /** @param {string} what @param {import('../../../bench/trace').Spans} spans @param {string} aim */
  const row = (what, { count, median, p95, longest }, aim) => [
    what,
    String(count),
    shown(median),
    shown(p95),
    shown(longest),
    aim,
  ];
  const sorted = [...times.opening].sort((a, b) => a - b);
  const mebibytes = times.heap.map((bytes) => (bytes / 2 ** 20).toFixed(1));
  const text = [
    `Panel: 2 arms × ${size.layers} layers × ${size.frames} frames, ${times.charts} visible charts, Chromium without a GPU`,
    table([
      ['milliseconds of the main thread', 'count', 'median', '95th percentile', 'maximum', 'target'],
      row('an animation frame that draws, streaming', times.streaming, `95 % ≤ ${aims.frame}`),
      row(`the same with ${times.usualCharts} charts`, times.streamingUsual, ''),
      row('receiving a message', times.messages, ''),
      row('moving the scrubber by one step', times.scrubbing, `≤ ${aims.scrubbing}`),
      ['opening a finished run', String(sorted.length), shown(sorted[1]), '', shown(sorted[2]), `≤ ${aims.opening}`],
    ]),
    `JavaScript heap at equal intervals while streaming ${batches} batches of 4 frames, MiB: ${mebibytes.join(', ')}`,
  ].join('\n');
  return { text, numbers: times };
}
