/**
 * Loaded before a program (`node --require`): writes the process's peak memory in KiB and its CPU time in microseconds to the
 * file named in `BATCHNORM_LAB_PEAK` on exit. Worker threads load this too, but only the main thread writes.
 */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.BATCHNORM_LAB_PEAK;
if (isMainThread && file) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(file, `${maxRSS} ${userCPUTime + systemCPUTime}`);
  });
}
