// @ts-check
/**
 * docs/experiment-file.md, made from the JSON Schema: every property with its values, its default and its meaning.
 */

/** @typedef {import('../../src/experiment/jsonNode').JsonSchema} JsonSchema */

const introduction = `# The experiment file

Generated from the schema by \`npm run generate\`: change the descriptions in \`src/experiment/schema/\`, not here.

An experiment is a file whose name ends in \`.bnexp.json\`: JSON, with comments and trailing commas if you like. The
editor offers the same words while you type. The least one says what to learn and with which hidden layers:

\`\`\`json
{ "data": { "kind": "spiral" }, "network": { "layers": [{ "dense": 16 }, { "dense": 16 }] } }
\`\`\`
`;

const ending = `## How arms change an experiment

An arm is a JSON Merge Patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)): objects are changed property by
property, \`null\` takes a property away, and lists are replaced as a whole. Two things make it pleasant:

* Where an arm changes a \`kind\`, properties that only the old kind had are left behind: SGD with momentum becomes Adam
  by \`{ "training": { "optimizer": { "kind": "adam" } } }\`. What both kinds have stays as it was written, the learning
  rate here.
* \`normalization\` of kind \`none\` does not read its other properties, so an arm turns it off by its kind alone.

An arm cannot change the seeds, the name or the notes. Two arms that train the same are an error.

## \`sweep\`: a grid of values

Each axis is a [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) to a place in data, network or training, with its values:

\`\`\`jsonc
"sweep": {
  "/training/optimizer/learningRate": [0.01, 0.1, 1],
  "/network/initialization/gain": [0.5, 1, 1.5]
}
\`\`\`

Every arm is run at every point of the grid with every seed: 2 arms × 9 points × 20 seeds are 360 runs. The order is
experiment, arm, point: an axis has the last word, and an arm that sets the same place is told so. What the file writes in
short or leaves out is written out where an axis goes through it, so that the gain above works beside
\`"initialization": "he"\` and without it. Items of lists are counted from 0: \`/network/layers/0/dense\`. Seeds are no axis.

Runs are named by their points: \`BatchNorm/learningRate=0.1, gain=1/seed-1\`. More than 10,000 runs are begun only after a
question (\`--yes\` on the command line), which says about how long they take on this machine; more than 10,000,000 are refused.
How a claim is compared over a sweep: [claims.md](claims.md).

## What is decided for you

| left out | becomes |
| --- | --- |
| \`initialization\` | \`he\` with relu, leaky-relu and gelu, else \`xavier\`; the output layer follows the network |
| \`scale\`, \`shift\` | true, but false for \`naive\`, and for \`rms\` no shift |
| \`bias\` | true, but false directly before a batch normalization per feature that learns a shift |
| \`schedule.every\` | a third of the steps |
| \`watch.every\` | what makes about 200 frames; fewer, but at least 100, where they would cost more than 3 % of the training |
| \`watch.evaluateEvery\` | what costs about 5 % of the training, but at least about 10 evaluations and at most one a frame |
| \`watch.predictionEvery\` | every evaluation, but at most 100; where a plane is asked what costs about 5 % of the training, but at least 25 |
| \`arms\` | one arm, named \`experiment\` |

A run's folder keeps its \`experiment.json\` with every choice made. It is an experiment file itself, and reads to the
same run.
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
    `${title}\n\n${meaning(schema)} A word, or an object with \`kind\` and, for \`leaky-relu\`, \`slope\`.\n`,
    '| word | function |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/**
 * A list of words, each with its meaning.
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
  if (schema.const !== undefined) return `\`"${schema.const}"\``;
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
      return 'text';
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

/** What each word means, where words are to choose from. @param {JsonSchema} schema */
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
