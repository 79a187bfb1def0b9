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
  resumeRuns: 'batchnormLab.resumeRuns',
  new: 'batchnormLab.new',
  showLastRun: 'batchnormLab.showLastRun',
  openRun: 'batchnormLab.openRun',
  watchLogs: 'batchnormLab.watchLogs',
  exportHtml: 'batchnormLab.exportHtml',
  showLog: 'batchnormLab.showLog',
  meet: 'batchnormLab.meet',
  runPreset: 'batchnormLab.runPreset',
  watchPyTorch: 'batchnormLab.watchPyTorch',
  exportPyTorch: 'batchnormLab.exportPyTorch',
} as const;

/** Context keys that `when` clauses in package.json read. */
export const contextKeys = {
  /** A `SessionState`. */
  state: 'batchnormLab.state',
  /** Whether an experiment is running or paused. */
  active: 'batchnormLab.active',
  /**
   * Path of the file whose experiment is running or paused, as it is and in the form of URIs. In a remote window, the editor has a different
   * scheme.
   */
  activeFiles: 'batchnormLab.activeFiles',
  /** Whether Show Last Run can show a run of this window. */
  hasLastRun: 'batchnormLab.hasLastRun',
  /** Whether the experiment in the panel has runs that can be resumed. */
  resumable: 'batchnormLab.resumable',
  /** Whether a preset was run from the walkthrough, which completes its step. */
  met: (preset: string) => `batchnormLab.met.${preset}`,
} as const;

export const settings = {
  section: 'batchnormLab',
  jobs: 'jobs',
  diskBudget: 'diskBudget',
  keepRuns: 'keepRuns',
  keepWeights: 'keepWeights',
  registers: 'registers',
} as const;

/** The walkthrough, as the editor names it. */
export const walkthrough = 'batchnorm-lab.batchnorm-lab#meet';

export const panelViewType = 'batchnormLab.panel';

/** Scheme of the read-only documents of presets. */
export const presetScheme = 'batchnorm-lab-preset';

/** Scheme of the JSON Schema of experiment files. */
export const schemaScheme = 'batchnorm-lab-schema';

/** Suffix of the name of an experiment file. */
export const experimentSuffix = '.bnexp.json';
