// The house's rule: imports point downwards only. `npm run lint:layers` keeps it so.
//
//   webview      extension   cli   library
//      |             \        |       /
//      |                    runs
//   protocol (types of messages: imports types of engine and experiment, and shared)
//      |              experiment
//      |                engine
//      \                 /
//            shared (small pure functions and their types: imports nothing above it)

/** What files of each layer, from the lowest up, may import of the project's own. */
const shared = '^src/shared/';
const engine = [shared, '^src/engine/'];
const experiment = [...engine, '^src/experiment/'];
const runs = [...experiment, '^src/protocol\\.ts$', '^src/runs/'];
const mayImport = {
  [shared]: [shared],
  '^src/engine/': engine,
  '^src/experiment/': [...experiment, '^examples/'],
  '^src/protocol\\.ts$': experiment,
  '^src/runs/': runs,
  '^src/cli/': [...runs, '^src/cli/'],
  '^src/library/': [...runs, '^src/library/'],
  '^src/extension/': [...runs, '^src/extension/'],
  '^webview/': [shared, '^src/protocol\\.ts$', '^webview/'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([from, allowed]) => ({
      name: `layers: ${from}`,
      comment: `Files in ${from} may import, of the project's own, only from ${allowed.join(', ')}.`,
      severity: 'error',
      from: { path: from },
      to: { path: '^(src|webview|examples|test|scripts|bench)/', pathNot: allowed },
    })),
    {
      name: 'no-circles',
      comment: 'What two files need of each other belongs in a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-layers-know-no-node',
      comment: 'Engine, experiment, sessions, run logs, model files, protocol and shared run in a browser too.',
      severity: 'error',
      from: {
        path: '^src/(engine|experiment|shared|runs/session|runs/log|runs/model)/|^src/runs/worker/|^src/(protocol|library/(engine|experiment))\\.ts$|^webview/',
        pathNot:
          '^src/runs/worker/(dataWorker|dataJobs|startDataWorker|nodeWorker|startNodeWorker|startProcessWorker|trainingProcess|startWorkers|wideRegisters|machineKernels|trainingThread)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sessions-know-no-folder',
      comment: 'A session saves its runs through the record that it is given.',
      severity: 'error',
      from: { path: '^src/runs/session/' },
      to: { path: '^src/runs/', pathNot: '^src/runs/(session/|worker/worker\\.ts$)' },
    },
    {
      name: 'only-the-extension-knows-vscode',
      comment: 'Everything below src/extension runs without an editor.',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/extension/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'protocol-is-types',
      comment: 'The protocol is a contract: it brings no code along.',
      severity: 'error',
      from: { path: '^src/protocol\\.ts$' },
      to: { dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(vscode$|.*\\.bnexp\\.json$|\\./assembly\\.wasm$)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript, whose built-in functions are no imports.
    exclude: { path: 'simd/assembly/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
