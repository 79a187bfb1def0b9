/** Names that package.json and the code must agree on. */

export const commands = {
  run: 'batchnormLab.run',
  stop: 'batchnormLab.stop',
  pauseResume: 'batchnormLab.pauseResume',
  pause: 'batchnormLab.pause',
  resume: 'batchnormLab.resume',
  step: 'batchnormLab.step',
  changeLearningRate: 'batchnormLab.changeLearningRate',
  runAgain: 'batchnormLab.runAgain',
  new: 'batchnormLab.new',
  showLastRun: 'batchnormLab.showLastRun',
  showLog: 'batchnormLab.showLog',
} as const;

/** Context keys that `when` clauses in package.json read. */
export const contextKeys = {
  /** A `SessionState`. */
  state: 'batchnormLab.state',
  /** Whether an experiment is running or paused. */
  active: 'batchnormLab.active',
  /** Whether there is something that Show Last Run would show at once. */
  hasLastRun: 'batchnormLab.hasLastRun',
} as const;

export const settings = { section: 'batchnormLab', jobs: 'jobs', keepRuns: 'keepRuns' } as const;

export const panelViewType = 'batchnormLab.panel';

/** Ending of an experiment file's name. */
export const experimentSuffix = '.bnexp.json';
