// @ts-check
/**
 * The panel in a real browser: main-thread work while streaming and scrubbing, opening a finished run, memory.
 */
import { shown, table } from './numbers.mjs';
import { benchProgram, buildAll, measured } from './programs.mjs';

/** Two arms of so many layers, and so many frames of each. */
const size = { layers: 30, frames: 2000 };

/** What is aimed at, in milliseconds. */
const aims = { frame: 16, opening: 500, scrubbing: 16 };

/**
 * @param {number} batches Of the host, that stream while the memory is watched.
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
    `Panel: 2 arms × ${size.layers} layers × ${size.frames} frames, ${times.charts} charts in sight, Chromium without a GPU`,
    table([
      ['milliseconds of the main thread', 'number', 'median', '95 % within', 'longest', 'aim'],
      row('an animation frame that draws, streaming', times.streaming, `95 % ≤ ${aims.frame}`),
      row(`the same with ${times.usualCharts} charts`, times.streamingUsual, ''),
      row('taking in a message', times.messages, ''),
      row('a step of the scrubber', times.scrubbing, `≤ ${aims.scrubbing}`),
      ['opening a finished run', String(sorted.length), shown(sorted[1]), '', shown(sorted[2]), `≤ ${aims.opening}`],
    ]),
    `JavaScript heap at even times of streaming ${batches} batches of 4 frames, MiB: ${mebibytes.join(', ')}`,
  ].join('\n');
  return { text, numbers: times };
}
