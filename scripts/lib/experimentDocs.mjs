// @ts-check
/**
 * Generates docs/experiment-file.md from the JSON Schema: every property with its values, default and meaning.
 */

/** @typedef {import('../../src/experiment/jsonNode').JsonSchema} JsonSchema */

const introduction = `# The experiment file

Generated from the schema by \`npm run generate\`. To change a description, edit \`src/experiment/schema/\`.

An experiment is a JSON file whose name ends in \`.bnexp.json\`. Comments and trailing commas are allowed. The editor shows
the same descriptions while you type. The smallest experiment states the data and the hidden layers:

\`\`\`json
{ "data": { "kind": "spiral" }, "network": { "layers": [{ "dense": 16 }, { "dense": 16 }] } }
\`\`\`
`;

const ending = `## How arms change an experiment

An arm is a JSON Merge Patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)): it changes objects property by
property, \`null\` removes a property, and lists are replaced as a whole. Two rules keep patches short:

* If an arm changes a \`kind\`, properties that only the old kind has are removed. For example,
  \`{ "training": { "optimizer": { "kind": "adam" } } }\` turns SGD with momentum into Adam. Properties of both kinds keep their
  values, here the learning rate.
* \`normalization\` of kind \`none\` ignores its other properties, so an arm can turn it off by changing only the kind.

An arm cannot change the seeds, the name or the notes. Two identical arms are an error.

## \`sweep\`: a grid of values

Each axis is a [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) to a property of data, network or training, with its values:

\`\`\`jsonc
"sweep": {
  "/training/optimizer/learningRate": [0.01, 0.1, 1],
  "/network/initialization/gain": [0.5, 1, 1.5]
}
\`\`\`

Every arm runs at every point of the grid with every seed: 2 arms × 9 points × 20 seeds are 360 runs. The point is applied
last, after the experiment and the arm. If an arm sets a property that is also an axis, the file has a warning. An axis can address a
property of a value that the file abbreviates or omits: the gain above works with \`"initialization": "he"\` and without
it. List indices start at 0: \`/network/layers/0/dense\`. Seeds cannot be an axis.

The name of a run contains its point: \`BatchNorm/learningRate=0.1, gain=1/seed-1\`. More than 10,000 runs start only after a
confirmation that shows their estimated duration (\`--yes\` on the command line). More than 10,000,000 runs are an error.
[claims.md](claims.md) describes how a claim is compared over a sweep.

## Defaults that depend on other properties

| omitted property | default |
| --- | --- |
| \`initialization\` | \`he\` with relu, leaky-relu and gelu, otherwise \`xavier\`; the output layer inherits from the network |
| \`scale\`, \`shift\` | true, but both false for \`naive\`, and no shift for \`rms\` |
| \`bias\` | true, but false directly before a per-feature batch normalization with a learned shift |
| \`schedule.every\` | a third of the steps |
| \`watch.every\` | about 200 frames, or down to 100 if 200 would take more than 3 % of the training time |
| \`watch.evaluateEvery\` | about 5 % of the training time, but at least about 10 evaluations and at most one per frame |
| \`watch.predictionEvery\` | every evaluation, but at most 100; for data with two features about 5 % of the training time, but at least 25 |
| \`arms\` | one arm, named \`experiment\` |

A run folder contains \`experiment.json\` with all defaults filled in. It is itself an experiment file and gives the same run.
`;

/**
 * @param {JsonSchema} schema
 * @returns {string}
 */
export function experimentDocs(schema) {
  const { data, network, training, watch, claim } = schema.properties ?? {};
  const layer = network.properties?.layers.items ?? {};
  const claimObject = claim.anyOf?.find((member) => member.properties) ?? {};
  const parts = [
    introduction,
    section('## The experiment', schema),
    ...family('## `data`', data),
    section('## `network`', network),
    ...layers('## `network.layers`: each hidden layer', layer),
    section('## `network.output`', network.properties?.output),
    words('## `activation`', network.properties?.activation),
    ...family('## `initialization`', objectOf(network.properties?.initialization)),
    ...family('## `normalization`', objectOf(network.properties?.normalization)),
    section('## `training`', training),
    ...family('## `training.optimizer`', training.properties?.optimizer),
    ...family('## `training.schedule`', training.properties?.schedule),
    section('## `training.changes`: each change', training.properties?.changes?.items),
    section('## `watch`', watch),
    list('## `watch.probes`', watch.properties?.probes),
    section('## `claim`', claimObject, claim.description),
    ending,
  ];
  return parts.join('\n');
}

/** @param {JsonSchema | undefined} schema @returns {JsonSchema} */
function objectOf(schema) {
  const member = schema?.anyOf?.find(({ type }) => type === 'object') ?? {};
  return { description: schema?.description, markdownDescription: schema?.markdownDescription, ...member };
}

/**
 * @param {string} title
 * @param {JsonSchema} [schema]
 * @param {string} [description]
 */
function section(title, schema = {}, description = meaning(schema)) {
  return `${title}\n\n${description}\n\n${table(schema)}`;
}

/**
 * Layers, told apart by their first property.
 * @param {string} title
 * @param {JsonSchema} schema
 */
function layers(title, schema) {
  return [
    `${title}\n\n${meaning(schema)}\n`,
    ...(schema.anyOf ?? []).map((member) => `**\`"${member.title}": …\`**: ${meaning(member)}\n\n${table(member)}`),
  ];
}

/**
 * A family of objects told apart by their kind.
 * @param {string} title
 * @param {JsonSchema} [schema]
 */
function family(title, schema = {}) {
  const explained = /** @type {string[]} */ (schema.properties?.kind?.markdownEnumDescriptions ?? []);
  const members = /** @type {{ then: JsonSchema }[]} */ (schema.allOf ?? []);
  const kinds = schema.properties?.kind?.enum ?? [];
  return [
    `${title}\n\n${meaning(schema)}\n`,
    ...kinds.map((kind, index) => `**\`"kind": "${kind}"\`**: ${explained[index]}\n\n${table(members[index].then)}`),
  ];
}

/**
 * @param {string} title
 * @param {JsonSchema} [schema]
 */
function words(title, schema = {}) {
  const [choice] = schema.anyOf ?? [];
  const explained = /** @type {string[]} */ (choice.markdownEnumDescriptions ?? []);
  const rows = (choice.enum ?? []).map((word, index) => `| \`"${word}"\` | ${cell(explained[index])} |`);
  return [
    `${title}\n\n${meaning(schema)} Either a word, or an object with \`kind\` and, for \`leaky-relu\`, \`slope\`.\n`,
    '| word | function |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/**
 * Table of words with their meanings.
 * @param {string} title
 * @param {JsonSchema} [schema]
 */
function list(title, schema = {}) {
  const { items } = schema;
  const explained = /** @type {string[]} */ (items?.markdownEnumDescriptions ?? []);
  const rows = (items?.enum ?? []).map((word, index) => `| \`"${word}"\` | ${cell(explained[index])} |`);
  return [`${title}\n\n${meaning(schema)}\n`, '| word | meaning |', '| --- | --- |', ...rows, ''].join('\n');
}

/** @param {JsonSchema} schema */
function table(schema) {
  const rows = Object.entries(schema.properties ?? {})
    .filter(([, property]) => typeof property === 'object')
    .map(([name, property]) => {
      const required = schema.required?.includes(name) ? ' (required)' : '';
      return `| \`${name}\`${required} | ${cell(values(property))} | ${cell(meaning(property) + choices(property))} |`;
    });
  if (rows.length === 0) return '';
  return ['| property | value | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** @param {JsonSchema} schema @returns {string} */
function values(schema) {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(values))].join(', or ');
  if (schema.enum) return schema.enum.map((word) => `\`"${word}"\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  switch (schema.type) {
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'list';
    case 'string':
      return 'string';
    default:
      return 'object';
  }
}

/** @param {JsonSchema} schema */
function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const show = (/** @type {unknown} */ value) => Number(value).toLocaleString('en-US');
  const from =
    minimum !== undefined
      ? ` from ${show(minimum)}`
      : exclusiveMinimum !== undefined
        ? ` above ${show(exclusiveMinimum)}`
        : '';
  const most = maximum === undefined || Number(maximum) >= Number.MAX_SAFE_INTEGER ? '' : ` to ${show(maximum)}`;
  return from + (exclusiveMaximum !== undefined ? `, below ${show(exclusiveMaximum)}` : most);
}

/** Meanings of the allowed words, if there are any. @param {JsonSchema} schema */
function choices(schema) {
  const explained = /** @type {string[] | undefined} */ (schema.markdownEnumDescriptions);
  if (!explained) return '';
  return (schema.enum ?? []).map((word, index) => `<br>\`${word}\`: ${explained[index]}`).join('');
}

/** @param {JsonSchema} schema @returns {string} */
function meaning(schema) {
  return String(schema.markdownDescription ?? schema.description ?? '');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
