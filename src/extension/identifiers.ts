/** Names that package.json and the code must agree on. */

export const commands = {
  run: 'batchnormLab.run',
  runUntilClear: 'batchnormLab.runUntilClear',
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
  openLatestRun: 'batchnormLab.openLatestRun',
  revealRun: 'batchnormLab.revealRun',
  copySettings: 'batchnormLab.copySettings',
  renameRun: 'batchnormLab.renameRun',
  pinRun: 'batchnormLab.pinRun',
  unpinRun: 'batchnormLab.unpinRun',
  deleteRuns: 'batchnormLab.deleteRuns',
  restoreRuns: 'batchnormLab.restoreRuns',
  emptyTrash: 'batchnormLab.emptyTrash',
  filterRuns: 'batchnormLab.filterRuns',
  clearFilter: 'batchnormLab.clearFilter',
  sortRuns: 'batchnormLab.sortRuns',
  groupRuns: 'batchnormLab.groupRuns',
  refreshRuns: 'batchnormLab.refreshRuns',
  showMoreRuns: 'batchnormLab.showMoreRuns',
  compareRuns: 'batchnormLab.compareRuns',
  compareSettings: 'batchnormLab.compareSettings',
  runQueuedNow: 'batchnormLab.runQueuedNow',
  moveQueuedUp: 'batchnormLab.moveQueuedUp',
  removeQueued: 'batchnormLab.removeQueued',
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
  /** Whether a filter hides runs of the view. */
  filtered: 'batchnormLab.filtered',
  /** Whether the views of the side bar are known to be empty. */
  noExperiments: 'batchnormLab.noExperiments',
  noRuns: 'batchnormLab.noRuns',
  /** Whether a preset was run from the walkthrough, which completes its step. */
  met: (preset: string) => `batchnormLab.met.${preset}`,
} as const;

export const settings = {
  section: 'batchnormLab',
  jobs: 'jobs',
  seedsAtMost: 'seedsAtMost',
  diskBudget: 'diskBudget',
  keepRuns: 'keepRuns',
  keepWeights: 'keepWeights',
  registers: 'registers',
  memory: 'memory',
  historySize: 'historySize',
  watch: 'watch',
  chartPalette: 'chartPalette',
} as const;

/** Tools for language models, by their names in `src/runs/tools`. */
export const languageModelTools = {
  validate_experiment: 'batchnormlab_validate_experiment',
  run_experiment: 'batchnormlab_run_experiment',
  explain_run: 'batchnormlab_explain_run',
} as const;

/** `displayName` in package.json. */
// not translated: a name
export const extensionName = 'BatchNorm Lab';

/** The walkthrough, as the editor names it. */
export const walkthrough = 'batchnorm-lab.batchnorm-lab#meet';

export const panelViewType = 'batchnormLab.panel';

/** The views of the side bar. */
export const views = {
  experiments: 'batchnormLab.experiments',
  runs: 'batchnormLab.runs',
} as const;

/** Scheme of the read-only documents of presets. */
export const presetScheme = 'batchnorm-lab-preset';

/** Scheme of the JSON Schema of experiment files. */
export const schemaScheme = 'batchnorm-lab-schema';

/** Scheme of the read-only documents of the settings of saved runs. */
export const settingsScheme = 'batchnorm-lab-settings';

/** Suffix of the name of an experiment file. */
export const experimentSuffix = '.bnexp.json';
