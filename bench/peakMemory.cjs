/**
 * Loaded before a program (`node --require`): when it exits, its peak memory in KiB is written to the file named in
 * `BATCHNORM_LAB_PEAK`. Worker threads load this too, and leave it to the main one: the figure is the process's.
 */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.BATCHNORM_LAB_PEAK;
if (isMainThread && file) {
  process.on('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
}
