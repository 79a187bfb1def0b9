/** The tools for language models: names, descriptions and inputs. The same in the editor and in `bnexp mcp`. */
import * as z from 'zod';
import { parseSeeds } from '../../experiment/seeds';
import { closest, pathInWords, quote } from '../../experiment/words';
import { ToolError } from './toolError';

/** Maximum characters of a path, and of an experiment that is given as text. */
const longestPath = 4096;
const longestText = 200_000;

const missing = (what: string) => (issue: { input?: unknown }) =>
  issue.input === undefined ? `is missing: give ${what}` : 'must be a string';

function pathOf(what: string) {
  return z
    .string({ error: missing(what) })
    .min(1, { error: `is empty: give ${what}` })
    .max(longestPath, { error: `is longer than ${longestPath} characters` })
    .meta({ description: `${what.charAt(0).toUpperCase()}${what.slice(1)}, relative to the open folder.` });
}

const inExperiment = 'the path of an experiment file (*.bnexp.json)';
const wholeNumber = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most.toLocaleString('en-US')}` })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most.toLocaleString('en-US')}` });

const seeds = z
  .string({ error: 'must be a string such as "1-20" or "1,5,9"' })
  .max(10_000, { error: 'is too long' })
  .transform((text, context) => {
    const parsed = parseSeeds(text);
    if (parsed.seeds === null) {
      context.addIssue(parsed.problem);
      return z.NEVER;
    }
    return parsed.seeds;
  });

const validateInput = z.strictObject({
  path: pathOf(inExperiment).optional(),
  text: z
    .string({ error: 'must be a string' })
    .max(longestText, { error: `is longer than ${longestText.toLocaleString('en-US')} characters` })
    .optional()
    .meta({ description: 'The text of an experiment that is not saved yet, instead of "path".' }),
});

const runInput = z.strictObject({
  path: pathOf(inExperiment),
  arms: z
    .array(z.string({ error: 'must be the name of an arm' }), { error: 'must be a list of names of arms' })
    .min(1, { error: 'is empty: leave it out to run all arms' })
    .max(1000, { error: 'has more than 1,000 names' })
    .optional()
    .meta({ description: 'Names of the only arms to run. Default: all.' }),
  seeds: seeds.optional().meta({
    description:
      'Seeds instead of those of the file, such as "1-20". A verdict needs at least 20 seeds; a first look needs one.',
  }),
  steps: wholeNumber(1, 1e9).optional().meta({ description: 'Number of steps instead of that of the file.' }),
});

const explainInput = z.strictObject({
  path: pathOf('the path of a run folder, or of an experiment file for its newest run'),
  arm: z.string({ error: 'must be the name of an arm' }).optional().meta({
    description: 'Name of the only arm whose layers are described. Default: all.',
  }),
  seed: wholeNumber(0, 0xffff_ffff).optional().meta({
    description: 'Seed of the runs whose layers are described. Default: the first.',
  }),
});

export type ValidateInput = z.output<typeof validateInput>;
export type RunInput = z.output<typeof runInput>;
export type ExplainInput = z.output<typeof explainInput>;

export interface ToolDefinition {
  /** Name in `bnexp mcp`. */
  name: ToolName;
  /** Name in the editor, where all extensions share the names. */
  editorName: string;
  /** Name in a prompt, after `#`. */
  reference: string;
  /** Name of a codicon. */
  icon: string;
  title: string;
  /** One sentence for a person. */
  summary: string;
  /** What it does, for a model. */
  description: string;
  input: z.ZodType;
  /** Whether it changes nothing on the disk. */
  readsOnly: boolean;
}

export type ToolName = 'validate_experiment' | 'run_experiment' | 'explain_run';

export const tools: readonly ToolDefinition[] = [
  {
    name: 'validate_experiment',
    editorName: 'batchnormlab_validate_experiment',
    reference: 'validateExperiment',
    icon: 'checklist',
    title: 'Validate Experiment',
    summary: 'Checks an experiment on batch normalization and lists its mistakes.',
    description:
      'Checks an experiment of BatchNorm Lab (*.bnexp.json) without training it: returns each error and warning with its line, column and remedy, or the number of runs, their disk space and the claims. Call it after every change of an experiment and before run_experiment. Reads only inside the open folder.',
    input: validateInput,
    readsOnly: true,
  },
  {
    name: 'run_experiment',
    editorName: 'batchnormlab_run_experiment',
    reference: 'runExperiment',
    icon: 'play',
    title: 'Run Experiment',
    summary: 'Trains the runs of an experiment on batch normalization on this machine.',
    description:
      'Trains every run of an experiment of BatchNorm Lab (arms × sweep points × seeds) on this machine and returns the final results of each arm, the verdict of each claim (difference, 95 % interval, p, number of pairs) and the run folder, which explain_run reads. The person confirms first. It can take minutes: start with few seeds and steps. A run that diverges is a result.',
    input: runInput,
    readsOnly: false,
  },
  {
    name: 'explain_run',
    editorName: 'batchnormlab_explain_run',
    reference: 'explainRun',
    icon: 'graph-line',
    title: 'Explain Run',
    summary: 'Describes a run: how its layers changed, with numbers, and the verdicts on its claims.',
    description:
      'Reads a saved run of BatchNorm Lab and returns numbers only: the conditions, the verdict of each claim with its evidence, the final results of each arm, and for each layer the scale and the mean of the activations, the learned scale and shift, and the norms of weights and gradients at the first and at the last recorded step. Trains nothing.',
    input: explainInput,
    readsOnly: true,
  },
];

/** JSON Schema of a tool's input. */
export function inputSchema({ input }: ToolDefinition): { type: 'object'; [property: string]: unknown } {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return { ...schema, type: 'object' };
}

/** What `contributes.languageModelTools` of package.json contains. */
export function editorTools(): object[] {
  return tools.map((tool) => ({
    name: tool.editorName,
    displayName: tool.title,
    toolReferenceName: tool.reference,
    canBeReferencedInPrompt: true,
    icon: `$(${tool.icon})`,
    userDescription: tool.summary,
    modelDescription: tool.description.replace(/\b(run_experiment|explain_run)\b/g, (name) => `batchnormlab_${name}`),
    tags: ['batch-normalization', 'neural-network'],
    when: 'isWorkspaceTrusted',
    inputSchema: inputSchema(tool),
  }));
}

export function readValidateInput(given: unknown): ValidateInput {
  const input = read('validate_experiment', validateInput, given);
  if ((input.path === undefined) === (input.text === undefined)) {
    throw new ToolError('validate_experiment needs either "path" or "text", not both.');
  }
  return input;
}

export function readRunInput(given: unknown): RunInput {
  return read('run_experiment', runInput, given);
}

export function readExplainInput(given: unknown): ExplainInput {
  return read('explain_run', explainInput, given);
}

/** Maximum number of mistakes of an input that are reported. */
const mostMistakes = 5;

/** @throws ToolError with every mistake of the input. */
function read<Shape extends z.ZodRawShape>(
  name: ToolName,
  schema: z.ZodObject<Shape, z.core.$strict>,
  given: unknown,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const known = Object.keys(schema.shape);
  const accepted = known.map((each) => `"${each}"`).join(', ');
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.slice(0, mostMistakes).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.slice(0, mostMistakes).map((key) => {
        const near = closest(key, known);
        return `there is no ${quote(key)}${near === undefined ? '' : `: did you mean "${near}"?`}`;
      });
    }
    if (issue.path.length === 0) return ['the input must be an object'];
    return [
      `"${pathInWords(issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)))}" ${issue.message}`,
    ];
  });
  throw new ToolError(`${name} cannot use this input: ${mistakes.join('; ')}. It accepts ${accepted}.`);
}
