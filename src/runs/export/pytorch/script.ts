/** Writes the script that trains an experiment with PyTorch. */
import { joinChanges } from '../../../engine/currentSettings';
import { fashionClasses } from '../../../engine/data/fashionMnist';
import { positionsOf, type Shape } from '../../../engine/shape';
import {
  decayable,
  hasRunningStatistics,
  type LayerSpecification,
  type OptimizerSpecification,
  type RunSpecification,
  valueNormalization,
} from '../../../engine/specification';
import type { DataSpecification } from '../../../experiment/schema';
import type { SettingsChange } from '../../../shared/settings';
import { unexpected } from '../../../shared/unexpected';
import { NotExpressible } from '../notExpressible';
import { glyphLines } from './glyphs';
import { networkBody } from './network';
import { importsFor, partsUsedIn } from './parts';
import { code, docText, identifier, literal, marked, type PythonValue, statement, wrapped } from './python';

/** An arm at a point of the sweep. */
export interface ScriptArm {
  /** Unique. */
  name: string;
  /** Its subfolder of the folder with recorded starts. */
  folder: string;
  specification: RunSpecification;
  data: DataSpecification;
  /** Paths at which the data files were found, from the folder of the experiment; absolute where a package installed them. */
  dataPaths: readonly string[];
  /** What comes into the network, and what leaves it. */
  input: Shape;
  outputs: number;
  /** Numbers of examples. */
  train: number;
  test: number;
}

/**
 * What is read from files instead of being drawn by the script: nothing, the data, or the data with initial weights and the order
 * of the minibatches.
 */
export type Recorded = 'nothing' | 'data' | 'everything';

export interface ScriptOptions {
  title: string;
  notes: string;
  seeds: readonly number[];
  arms: readonly ScriptArm[];
  recorded: Recorded;
  /** Name of the folder with recorded starts, beside the script. */
  recordedFolder: string;
  /** Name of the folder of its logs. */
  logs: string;
  /** Path of a data file, from the folder of the script. */
  dataPath: (path: string) => string;
}

/** @throws NotExpressible */
export function pytorchScript(options: ScriptOptions): string {
  const { arms, recorded } = options;
  const tasks = new Set(arms.map(({ specification }) => specification.loss));
  if (tasks.size > 1) {
    throw new NotExpressible('some arms classify and others predict numbers: export them separately, with --arm');
  }
  for (const { specification } of arms) requireExpressible(specification);
  const networks = namedOnce(arms, (arm) =>
    networkBody({
      ...arm,
      layers: arm.specification.layers,
      filePath: recorded === 'everything' ? null : options.dataPath,
    }),
  );
  const fields = fieldsOf(options, networks.nameOf);
  const features = featuresOf(options, fields);
  const functions = networks.functions.map(({ name, arms: users, lines }) =>
    [`def ${name}():`, ...networkDoc(users), ...lines].join('\n'),
  );
  const definitions = [armClass(fields), armsTable(arms, fields)];
  const body = [...functions, ...definitions, ...trainingCode(features)].join('\n\n\n');
  const parts = partsUsedIn(body);
  if (parts.some((part) => part.includes('GLYPHS'))) parts.push(glyphLines().join('\n'));
  const constants = constantLines(options);
  const code_ = [...parts, body].join('\n\n\n');
  const imports = importsFor(`${constants.join('\n')}\n${code_}`);
  const weightNorm = /\bweight_norm\(/.test(code_)
    ? [
        'try:',
        '    from torch.nn.utils.parametrizations import weight_norm',
        'except ImportError:  # PyTorch before 2.1',
        '    from torch.nn.utils import weight_norm',
        '',
      ]
    : [];
  const head = [
    ...header(options, recorded),
    '',
    ...imports,
    '',
    'from batchnorm_lab import watch',
    '',
    ...weightNorm,
    ...constants,
  ];
  return `${head.join('\n')}\n\n\n${code_}\n\n\nif __name__ == "__main__":\n    main()\n`;
}

/** @throws NotExpressible */
function requireExpressible({ training }: RunSpecification): void {
  const { optimizer, changes = [] } = training;
  if (optimizer.kind !== 'sgd') return;
  let [momentum, hasEnded] = [optimizer.momentum, false];
  for (const change of joinChanges(changes)) {
    if (change.momentum === undefined) continue;
    if (momentum > 0 && change.momentum === 0) hasEnded = true;
    else if (hasEnded && change.momentum > 0) {
      throw new NotExpressible(
        `momentum is turned off and on again (training.changes at step ${change.at}), where PyTorch goes on with the old velocity: use a small momentum in place of 0`,
      );
    }
    momentum = change.momentum;
  }
}

function header({ title, notes, arms }: ScriptOptions, recorded: Recorded): string[] {
  const text = [...wrapped(docText(title), 74).map(marked)];
  const about = notes.split(/\n\s*\n/).flatMap((paragraph) => ['', ...wrapped(docText(paragraph), 79)]);
  const start =
    recorded === 'nothing'
      ? []
      : recorded === 'data'
        ? ['', 'The examples are those of BatchNorm Lab, from the files beside this script.']
        : [
            '',
            'Initial weights, examples and the order of the minibatches are those of',
            'BatchNorm Lab, from the files beside this script.',
          ];
  return [
    '"""',
    ...text,
    ...(notes.trim() === '' ? [] : about),
    ...start,
    '',
    ...wrapped(
      `Written by BatchNorm Lab. Trains ${arms.length === 1 ? 'one arm' : `${arms.length} arms`} with PyTorch 1.12 or newer: on a CUDA device, if there is one, and on several with torchrun. batchnorm_lab.py, which must be beside this script, logs what the panel of BatchNorm Lab shows.`,
      79,
    ),
    '"""',
  ];
}

function constantLines({ seeds, recorded, recordedFolder, logs }: ScriptOptions): string[] {
  const isRange = seeds.length > 2 && seeds.every((seed, k) => seed === seeds[0] + k);
  const list = isRange
    ? [`SEEDS = range(${seeds[0]}, ${seeds[0] + seeds.length})`]
    : statement('SEEDS = [', seeds.map(String), ']');
  return [
    '',
    ...list,
    ...statement('LOGS = ', [literal(logs)], ''),
    ...(recorded === 'nothing' ? [] : [marked(`RECORDED = Path(__file__).with_name(${literal(recordedFolder)})`)]),
  ];
}

//#region Arms

interface Field {
  name: string;
  type: string;
  /** By arm, as Python. */
  values: string[];
  /** The most frequent value; null if each arm states its own. */
  usual: string | null;
}

/** The fields of the class Arm: what differs between experiments and arms. */
function fieldsOf({ arms, recorded, dataPath }: ScriptOptions, networkName: (arm: ScriptArm) => string): Field[] {
  const fields: Field[] = [];
  const add = (name: string, type: string, value: (arm: ScriptArm) => PythonValue) => {
    const values = arms.map((arm) => literal(value(arm)));
    const counts = new Map<string, number>();
    for (const each of values) counts.set(each, (counts.get(each) ?? 0) + 1);
    const [[usual]] = [...counts].sort((a, b) => b[1] - a[1]);
    fields.push({ name, type, values, usual });
  };
  const addIf = (
    isNeeded: (arm: ScriptArm) => boolean,
    name: string,
    type: string,
    value: (arm: ScriptArm) => PythonValue,
  ) => {
    if (arms.some(isNeeded)) add(name, type, value);
  };
  add('network', 'Callable', (arm) => code(networkName(arm)));
  fields[0].usual = null;
  if (recorded === 'nothing') {
    add('data', 'Callable', ({ data, dataPaths, input }) =>
      dataFunction(data, dataPaths.map(dataPath), positionsOf(input) === 1),
    );
    add('sizes', 'tuple', ({ train, test }) => [train, test]);
  } else {
    add('folder', 'str', ({ folder }) => folder);
    fields[fields.length - 1].usual = null;
  }
  add('optimizer', 'Callable', ({ specification }) => optimizerFunction(specification.training.optimizer));
  addIf(hasRate, 'learning_rate', 'float', ({ specification }) => specification.training.optimizer.learningRate);
  addIf(hasSchedule, 'schedule', 'Callable', ({ specification }) => scheduleFunction(specification));
  addIf(
    (arm) => changesOf(arm).length > 0,
    'changes',
    'tuple',
    (arm) => changesOf(arm).map((change) => changeLiteral(change, arm.specification.training.optimizer)),
  );
  addIf(isSelective, 'decayed', 'tuple', ({ specification }) => [
    ...(specification.training.optimizer.decayed ?? decayable),
  ]);
  addIf(
    ({ specification }) => specification.training.maxGradientNorm !== undefined,
    'max_gradient_norm',
    'float',
    ({ specification }) => specification.training.maxGradientNorm ?? code('math.inf'),
  );
  if (recorded === 'nothing') {
    addIf(
      ({ specification }) => specification.training.labelNoise !== undefined,
      'label_noise',
      'float',
      ({ specification }) => specification.training.labelNoise ?? 0,
    );
  }
  add('batch_size', 'int', ({ specification }) => specification.training.batchSize);
  add('steps', 'int', ({ specification }) => specification.training.steps);
  add('every', 'int', ({ specification }) => specification.watch.every);
  add('evaluate_every', 'int', ({ specification }) => specification.watch.evaluateEvery);
  return fields;
}

function changesOf({ specification }: ScriptArm): SettingsChange[] {
  const { changes = [], steps } = specification.training;
  return joinChanges(changes).filter(({ at }) => at < steps);
}

/** Whether weight decay leaves out some parameters. */
function isSelective({ specification }: ScriptArm): boolean {
  return specification.training.optimizer.decayed !== undefined;
}

function hasSchedule({ specification }: ScriptArm): boolean {
  const { kind, warmUp } = specification.training.schedule;
  return kind !== 'constant' || warmUp > 0;
}

/** Whether the training loop sets the learning rate. */
function hasRate(arm: ScriptArm): boolean {
  return hasSchedule(arm) || changesOf(arm).some(({ learningRate }) => learningRate !== undefined);
}

function changeLiteral(
  { at, learningRate, momentum, weightDecay, batchSize, freezeStatistics }: SettingsChange,
  optimizer: OptimizerSpecification,
): PythonValue {
  const settings: Record<string, PythonValue> = {};
  if (learningRate !== undefined) settings.learning_rate = learningRate;
  if (momentum !== undefined && optimizer.kind === 'sgd') {
    settings.momentum = momentum;
    // PyTorch accepts Nesterov's momentum only if there is one.
    if (optimizer.nesterov) settings.nesterov = momentum > 0;
  }
  if (weightDecay !== undefined) settings.weight_decay = weightDecay;
  if (batchSize !== undefined) settings.batch_size = batchSize;
  if (freezeStatistics !== undefined) settings.frozen = freezeStatistics;
  return [at, settings];
}

function partialOf(name: string, named: Record<string, PythonValue | undefined>): PythonValue {
  const list = Object.entries(named).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${literal(value)}`],
  );
  return code(list.length === 0 ? name : `partial(${[name, ...list].join(', ')})`);
}

function optimizerFunction(optimizer: OptimizerSpecification): PythonValue {
  const { learningRate: lr, weightDecay } = optimizer;
  switch (optimizer.kind) {
    case 'sgd':
      return partialOf('torch.optim.SGD', {
        lr,
        momentum: optimizer.momentum === 0 ? undefined : optimizer.momentum,
        dampening: optimizer.dampening || undefined,
        weight_decay: weightDecay === 0 ? undefined : weightDecay,
        nesterov: optimizer.nesterov && optimizer.momentum > 0 ? true : undefined,
      });
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon, kind } = optimizer;
      const usualDecay = kind === 'adam' ? 0 : 0.01;
      return partialOf(kind === 'adam' ? 'torch.optim.Adam' : 'torch.optim.AdamW', {
        lr,
        betas: beta1 === 0.9 && beta2 === 0.999 ? undefined : [beta1, beta2],
        eps: epsilon === 1e-8 ? undefined : epsilon,
        weight_decay: weightDecay === usualDecay ? undefined : weightDecay,
      });
    }
    default:
      return unexpected(optimizer);
  }
}

function scheduleFunction({ training }: RunSpecification): PythonValue {
  const { kind, warmUp, every, factor, floor } = training.schedule;
  const warm = warmUp === 0 ? undefined : warmUp;
  switch (kind) {
    case 'constant':
      return partialOf('constant_rate', { warm_up: Math.max(1, warmUp) });
    case 'step':
      return partialOf('step_rate', { every, factor, warm_up: warm });
    case 'cosine':
      return partialOf('cosine_rate', { floor: floor === 0 ? undefined : floor, warm_up: warm });
    default:
      return unexpected(kind);
  }
}

/**
 * @param paths Paths of the data files, from the folder of the script.
 * @param readsRows Whether the network reads images as rows of numbers.
 */
function dataFunction(data: DataSpecification, paths: readonly string[], readsRows: boolean): PythonValue {
  switch (data.kind) {
    case 'spiral':
      return partialOf('spiral', { classes: data.classes, turns: data.turns, noise: data.noise });
    case 'circles':
      return partialOf('circles', { classes: data.classes, noise: data.noise });
    case 'moons':
      return partialOf('moons', { noise: data.noise });
    case 'xor':
      return partialOf('xor', { dimensions: data.dimensions, noise: data.noise });
    case 'gaussians':
      return partialOf('gaussians', {
        classes: data.classes,
        dimensions: data.dimensions,
        separation: data.separation,
      });
    case 'digits':
      return partialOf('digits', { noise: data.noise });
    case 'idx':
    case 'fashion-mnist': {
      const { binarize, standardize } = data;
      const transpose = data.kind === 'idx' ? data.transpose : undefined;
      return partialOf('idx_images', {
        paths: [...paths],
        classes: data.kind === 'idx' ? undefined : fashionClasses.length,
        transpose: transpose ? true : undefined,
        binarize,
        standardize: standardize ? true : undefined,
      });
    }
    case 'cifar-10': {
      const { binarize, standardize } = data;
      return partialOf('cifar10', {
        folder: paths[0],
        binarize,
        standardize: standardize ? true : undefined,
        pixelwise: readsRows ? true : undefined,
      });
    }
    case 'png':
    case 'csv':
      // Tables and PNG files are read by the lab: `Recorded` is at least 'data'.
      throw new NotExpressible('these data are read from files beside the script');
    default:
      return unexpected(data);
  }
}

function armClass(fields: readonly Field[]): string {
  const lines = fields.flatMap(({ name, type, usual }) =>
    usual === null ? [`    ${name}: ${type}`] : assignment(`    ${name}: ${type} = `, usual),
  );
  return ['@dataclass', 'class Arm:', '    """Settings of a variant of the experiment."""', '', ...lines].join('\n');
}

/** Breaks the arguments of a value that is too long. */
function assignment(start: string, value: string): string[] {
  if (`${start}${value}`.length <= 79) return [`${start}${value}`];
  const split = /^(\w*\()(.*)(\))$/s.exec(value);
  return split ? statement(`${start}${split[1]}`, topLevelItems(split[2]), split[3]) : [marked(`${start}${value}`)];
}

/** Items of a list that are separated by commas outside of brackets and strings. */
function topLevelItems(text: string): string[] {
  const items = [''];
  let depth = 0;
  let isString = false;
  for (let k = 0; k < text.length; k++) {
    const character = text[k];
    if (isString && character === '\\') {
      items[items.length - 1] += character + text[++k];
      continue;
    }
    if (character === '"') isString = !isString;
    if (!isString && '([{'.includes(character)) depth++;
    if (!isString && ')]}'.includes(character)) depth--;
    if (!isString && depth === 0 && character === ',') items.push('');
    else items[items.length - 1] += character;
  }
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function armsTable(arms: readonly ScriptArm[], fields: readonly Field[]): string {
  const lines = arms.flatMap((arm, k) => {
    const own = fields.filter(({ values, usual }) => values[k] !== usual);
    const items = own.map(({ name, values }) => `${name}=${values[k]}`);
    return statement(`    ${literal(arm.name)}: Arm(`, items, '),');
  });
  return ['ARMS = {', ...lines, '}'].join('\n');
}

//#endregion

//#region Networks

interface NamedFunction {
  name: string;
  arms: ScriptArm[];
  lines: string[];
}

/** One function for each different network, named after the first arm that has it. */
function namedOnce(arms: readonly ScriptArm[], linesOf: (arm: ScriptArm) => string[]) {
  const byText = new Map<string, NamedFunction>();
  const names = new Set<string>();
  const nameOf = new Map<ScriptArm, string>();
  for (const arm of arms) {
    const lines = linesOf(arm);
    const key = lines.join('\n');
    let made = byText.get(key);
    if (!made) {
      const base = arms.length === 1 ? 'make_network' : `${identifier(arm.name).slice(0, 40)}_network`;
      let name = base;
      for (let number = 2; names.has(name); number++) name = `${base}_${number}`;
      names.add(name);
      made = { name, arms: [], lines };
      byText.set(key, made);
    }
    made.arms.push(arm);
    nameOf.set(arm, made.name);
  }
  // One network for all arms has a plain name.
  const functions = [...byText.values()];
  if (functions.length === 1) functions[0].name = 'make_network';
  const single = functions.length === 1 ? 'make_network' : null;
  return { functions, nameOf: (arm: ScriptArm) => single ?? nameOf.get(arm) ?? '' };
}

function networkDoc(arms: readonly ScriptArm[]): string[] {
  const names = arms.map(({ name }) => docText(name));
  const shown = names.length > 3 ? `${names.slice(0, 3).join('; ')} and ${names.length - 3} more` : names.join('; ');
  const [first, ...rest] = wrapped(`Network of ${arms.length === 1 ? 'arm' : 'arms'} ${shown}.`, 69);
  if (rest.length === 0) return [marked(`    """${first}"""`)];
  return ['    """', ...[first, ...rest].map((line) => marked(`    ${line}`)), '    """'];
}

//#endregion

//#region Training

/** What the training loop of these arms needs. */
interface Features {
  isClassification: boolean;
  recorded: Recorded;
  setsRate: boolean;
  hasSchedule: boolean;
  hasChanges: boolean;
  changesBatchSize: boolean;
  freezes: boolean;
  freezesByChange: boolean;
  renormalizes: boolean;
  decaysSelectively: boolean;
  clips: boolean;
  hasLabelNoise: boolean;
}

function featuresOf({ arms, recorded }: ScriptOptions, fields: readonly Field[]): Features {
  const has = (name: string) => fields.some((field) => field.name === name);
  const changes = arms.flatMap(changesOf);
  const normalizations = arms.flatMap(({ specification }) => [...normalizationsIn(specification.layers)]);
  const freezesByChange = changes.some(({ freezeStatistics }) => freezeStatistics !== undefined);
  return {
    isClassification: arms[0].specification.loss === 'cross-entropy',
    recorded,
    setsRate: has('learning_rate'),
    hasSchedule: has('schedule'),
    hasChanges: has('changes'),
    changesBatchSize: changes.some(({ batchSize }) => batchSize !== undefined),
    freezes:
      freezesByChange || normalizations.some((each) => hasRunningStatistics(each) && each.freezeAt !== undefined),
    freezesByChange,
    renormalizes: normalizations.some(({ kind }) => kind === 'batch-renorm'),
    decaysSelectively: has('decayed'),
    clips: has('max_gradient_norm'),
    hasLabelNoise: has('label_noise'),
  };
}

function* normalizationsIn(
  layers: readonly LayerSpecification[],
): Iterable<NonNullable<ReturnType<typeof valueNormalization>>> {
  for (const layer of layers) {
    if (layer.kind === 'residual') yield* normalizationsIn(layer.layers);
    if (layer.kind !== 'dense' && layer.kind !== 'convolution') continue;
    const normalization = valueNormalization(layer.normalization);
    if (normalization) yield normalization;
  }
}

/** The functions behind the arms. */
function trainingCode(features: Features): string[] {
  return [
    ...(features.isClassification ? [classificationResults] : [regressionResults]),
    evaluateFunction,
    ...(features.freezes ? [freezeFunction(features)] : []),
    trainFunction(features),
    mainFunction,
  ];
}

const classificationResults = `def results(outputs, y):
    """Loss, and share of the examples that are classified correctly."""
    accuracy = (outputs.argmax(1) == y).float().mean()
    return {"loss": F.cross_entropy(outputs, y), "accuracy": accuracy}`;

const regressionResults = `def results(outputs, y):
    """Mean squared error."""
    return {"loss": F.mse_loss(outputs, y)}`;

const evaluateFunction = `@torch.no_grad()
def evaluate(network, x, y):
    """Results for all examples, normalized by the running statistics."""
    network.eval()
    outputs = torch.cat([network(rows) for rows in x.split(256)])
    network.train()
    return results(outputs, y)`;

function freezeFunction({ freezesByChange }: Features): string {
  const at = 'freeze_at.get(name, math.inf)';
  return [
    `def freeze_statistics(network, step${freezesByChange ? ', frozen' : ''}):`,
    '    """Normalizes by constant running statistics where this is due."""',
    '    freeze_at = getattr(network, "freeze_at", {})',
    '    for name, module in network.named_modules():',
    '        if hasattr(module, "running_mean"):',
    `            at = ${freezesByChange ? `0 if frozen else ${at}` : at}`,
    '            module.train(step < at)',
  ].join('\n');
}

function trainFunction(features: Features): string {
  const { recorded, setsRate, hasSchedule, hasChanges, changesBatchSize, freezes, freezesByChange, renormalizes } =
    features;
  const { decaysSelectively, clips, hasLabelNoise } = features;
  const lines = [
    'def train(name, seed, logs, rank, processes, device):',
    '    """Trains an arm and logs it. Returns results of training and test."""',
    '    arm = ARMS[name]',
    '    torch.manual_seed(seed)',
  ];
  if (recorded !== 'everything') lines.push('    generator = torch.Generator().manual_seed(seed)');
  if (recorded === 'nothing') {
    lines.push('    data = arm.data(arm.sizes, generator)');
    if (hasLabelNoise) lines.push('    data = noisy_labels(data, arm.label_noise, generator)');
  } else {
    lines.push(
      '    start = load_safetensors(',
      '        RECORDED / arm.folder / f"seed-{seed}.safetensors")',
      '    data = [(start[f"{part}.x"], start[f"{part}.y"])',
      '            for part in ("train", "test")]',
    );
  }
  lines.push(
    '    (train_x, train_y), (test_x, test_y) = [',
    '        (x.to(device), y.to(device)) for x, y in data]',
    '    network = arm.network().to(device)',
  );
  if (recorded === 'everything') {
    lines.push(
      '    network.load_state_dict({',
      '        key[len("network."):]: value for key, value in start.items()',
      '        if key.startswith("network.")})',
      '    minibatches = Minibatches(len(train_x), torch.default_generator)',
      '    minibatches.order = start["minibatches"].long()',
    );
  } else {
    lines.push('    minibatches = Minibatches(len(train_x), generator)');
  }
  lines.push(
    '    model = network',
    '    if processes > 1:',
    '        if device.type == "cuda":',
    '            network = nn.SyncBatchNorm.convert_sync_batchnorm(network)',
    '        model = nn.parallel.DistributedDataParallel(network)',
    decaysSelectively
      ? '    optimizer = arm.optimizer(decay_groups(network, arm.decayed))'
      : '    optimizer = arm.optimizer(network.parameters())',
  );
  if (setsRate) lines.push('    learning_rate = arm.learning_rate');
  if (changesBatchSize) lines.push('    batch_size = arm.batch_size');
  if (freezesByChange) lines.push('    frozen = False');
  lines.push(
    '    lab = watch(model, logs, arm=name, seed=seed, every=arm.every,',
    '                optimizers=optimizer)',
    '    for step in range(arm.steps):',
  );
  if (hasChanges) {
    lines.push(
      '        for at, change in arm.changes:',
      '            if at == step:',
      '                settings = dict(change)',
      ...(setsRate
        ? ['                learning_rate = settings.pop(', '                    "learning_rate", learning_rate)']
        : []),
      ...(changesBatchSize ? ['                batch_size = settings.pop("batch_size", batch_size)'] : []),
      ...(freezesByChange ? ['                frozen = settings.pop("frozen", frozen)'] : []),
      decaysSelectively
        ? '                set_options(optimizer, settings)'
        : '                optimizer.param_groups[0].update(settings)',
    );
  }
  if (setsRate) {
    const rate = hasSchedule ? 'learning_rate * arm.schedule(step, arm.steps)' : 'learning_rate';
    const line = `        optimizer.param_groups[0]["lr"] = ${rate}`;
    const short = line.length <= 79 ? [line] : ['        optimizer.param_groups[0]["lr"] = (', `            ${rate})`];
    lines.push(
      ...(decaysSelectively ? [`        rate = ${rate}`, '        set_options(optimizer, {"lr": rate})'] : short),
    );
  }
  lines.push('        if step % arm.evaluate_every == 0:', '            lab.test(**evaluate(network, test_x, test_y))');
  if (freezes) lines.push(`        freeze_statistics(network, step${freezesByChange ? ', frozen' : ''})`);
  if (renormalizes) {
    lines.push(
      '        for module in network.modules():',
      '            if isinstance(module, BatchRenorm):',
      '                module.step = step',
    );
  }
  const size = changesBatchSize ? 'batch_size' : 'arm.batch_size';
  lines.push(
    '        # Each process learns from its part of the minibatch.',
    `        drawn = minibatches.draw(${size})[rank::processes].to(device)`,
    '        result = results(model(train_x[drawn]), train_y[drawn])',
    '        optimizer.zero_grad()',
    '        result["loss"].backward()',
    ...(clips ? ['        nn.utils.clip_grad_norm_(', '            network.parameters(), arm.max_gradient_norm)'] : []),
    '        optimizer.step()',
    '        lab.step(**result)',
    '    lab.close()',
    '    return (evaluate(network, train_x, train_y),',
    '            evaluate(network, test_x, test_y))',
  );
  return lines.join('\n');
}

const mainFunction = `def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arm", action="append", choices=ARMS, metavar="NAME",
                        help="train only this arm; can be repeated")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--logs", default=LOGS, help="folder of the logs")
    options = parser.parse_args()
    rank, processes, device = start_processes()
    for name in options.arm or ARMS:
        if ARMS[name].batch_size % processes > 0:
            raise SystemExit(f"{name}: {processes} processes cannot share "
                             f"minibatches of {ARMS[name].batch_size}.")
        for seed in options.seeds:
            trained = train(name, seed, options.logs, rank, processes, device)
            if rank > 0:
                continue
            for part, result in zip(("training", "test"), trained):
                numbers = ", ".join(f"{key} {value.item():.4f}"
                                    for key, value in result.items())
                print(f"{name}, seed {seed}, {part}: {numbers}")`;

//#endregion
