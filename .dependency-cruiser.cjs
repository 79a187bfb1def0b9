// The house's rule: imports point downwards only. `npm run lint:layers` keeps it so.
//
//   webview      extension      cli
//      |             \          /
//      |                 runs
//      |              experiment
//      |                engine
//   protocol (types of messages; imports types of engine and experiment only)
//   shared (small pure functions that both sides of a border need)

/** Layers from the lowest up: [name, files]. A layer may import from itself and from those named after it. */
const mayImport = {
  '^src/shared/': ['^src/shared/'],
  '^src/engine/': ['^src/shared/', '^src/engine/'],
  '^src/experiment/': ['^src/shared/', '^src/engine/', '^src/experiment/', '^examples/'],
  '^src/protocol\\.ts$': ['^src/shared/', '^src/engine/', '^src/experiment/'],
  '^src/runs/': ['^src/shared/', '^src/engine/', '^src/experiment/', '^src/protocol\\.ts$', '^src/runs/'],
  '^src/cli/': ['^src/shared/', '^src/engine/', '^src/experiment/', '^src/protocol\\.ts$', '^src/runs/', '^src/cli/'],
  '^src/extension/': [
    '^src/shared/',
    '^src/engine/',
    '^src/experiment/',
    '^src/protocol\\.ts$',
    '^src/runs/',
    '^src/extension/',
  ],
  '^webview/': ['^src/shared/', '^src/protocol\\.ts$', '^webview/'],
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
      comment: 'Shared, engine, experiment and protocol run in a browser too.',
      severity: 'error',
      from: { path: '^src/(shared|engine|experiment)/|^src/protocol\\.ts$|^webview/' },
      to: { dependencyTypes: ['core'] },
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
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
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
