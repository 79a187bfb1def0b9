/**
 * Reads the nodes and the initializers of an ONNX model. Field numbers are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; subgraphs and functions are not entered.
 */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../shared/numbers';
import type { ByteSource } from '../log/records';
import { type Field, fieldsOf, float32Of, textOf, varintsOf } from './protobuf';
import { checkSize, ModelFileError, type NumberType, numbersIn, sizeOfShape, sizeOfType, type Tensor } from './tensor';

export interface OnnxNode {
  name: string;
  /** `BatchNormalization`. */
  operator: string;
  inputs: string[];
  outputs: string[];
  /** Attributes that are single numbers. */
  numbers: Map<string, number>;
}

export interface OnnxModel {
  /** Program that wrote it; empty if it does not say. */
  producer: string;
  /** In the file's order. */
  nodes: OnnxNode[];
  /** Tensors with known values, by name: initializers, and results of nodes that are constant. */
  initializers: Map<string, Tensor>;
  /** Names of the values that the model returns. */
  outputs: Set<string>;
  /** Sentences about parts that are left out. */
  problems: string[];
}

/**
 * Opens a file of external data, in the folder of the model.
 * @param location Relative path, as the model gives it.
 * @throws ModelFileError if it cannot be opened.
 */
export type OpenExternal = (location: string) => ByteSource;

/** `TensorProto.DataType`. */
const types = new Map<number, NumberType>([
  [1, 'F32'],
  [2, 'U8'],
  [3, 'I8'],
  [4, 'U16'],
  [5, 'I16'],
  [6, 'I32'],
  [7, 'I64'],
  [9, 'BOOL'],
  [10, 'F16'],
  [11, 'F64'],
  [12, 'U32'],
  [13, 'U64'],
  [16, 'BF16'],
]);

/** Maximum number of nodes, far more than any network has. */
const mostNodes = 1_000_000;

/** @throws ModelFileError if the file is not an ONNX model. */
export function readOnnx(source: ByteSource, external: OpenExternal): OnnxModel {
  const model: OnnxModel = { producer: '', nodes: [], initializers: new Map(), outputs: new Set(), problems: [] };
  let graph: Field | null = null;
  let hasVersion = false;
  for (const field of fieldsOf(source)) {
    if (field.number === 1) hasVersion = true;
    else if (field.number === 2) model.producer = textOf(source, field);
    else if (field.number === 7) graph = field;
  }
  if (!graph || !hasVersion) {
    throw new ModelFileError(l10n.t('This is not an ONNX model: it has no graph, or no version of the format.'));
  }
  try {
    readGraph(model, source, graph, external);
  } catch (error) {
    if (!(error instanceof ModelFileError) || model.nodes.length === 0) throw error;
    model.problems.push(error.message);
  }
  return model;
}

function readGraph(model: OnnxModel, source: ByteSource, { from, to }: Field, external: OpenExternal): void {
  for (const field of fieldsOf(source, from, to)) {
    if (field.number === 1) addNode(model, source, field, external);
    else if (field.number === 5) addTensor(model, source, field, external);
    else if (field.number === 12) model.outputs.add(nameOf(source, field));
    if (model.nodes.length >= mostNodes) {
      throw new ModelFileError(l10n.t`The nodes after the first ${formatCount(mostNodes)} are not read.`);
    }
  }
}

/** Name of a `ValueInfoProto`. */
function nameOf(source: ByteSource, { from, to }: Field): string {
  for (const field of fieldsOf(source, from, to)) if (field.number === 1) return textOf(source, field);
  return '';
}

function addNode(model: OnnxModel, source: ByteSource, { from, to }: Field, external: OpenExternal): void {
  const node: OnnxNode = { name: '', operator: '', inputs: [], outputs: [], numbers: new Map() };
  const attributes: Field[] = [];
  for (const field of fieldsOf(source, from, to)) {
    switch (field.number) {
      case 1:
        node.inputs.push(textOf(source, field));
        break;
      case 2:
        node.outputs.push(textOf(source, field));
        break;
      case 3:
        node.name = textOf(source, field);
        break;
      case 4:
        node.operator = textOf(source, field);
        break;
      case 5:
        attributes.push(field);
        break;
      default:
    }
  }
  model.nodes.push(node);
  for (const field of attributes) {
    const tensor = readAttribute(node, source, field);
    if (tensor && node.operator === 'Constant') addTensor(model, source, tensor, external, node.outputs[0]);
  }
}

/** @returns The place of a value that is a tensor. */
function readAttribute(node: OnnxNode, source: ByteSource, { from, to }: Field): Field | null {
  let name = '';
  let value: number | null = null;
  let tensor: Field | null = null;
  for (const field of fieldsOf(source, from, to)) {
    if (field.number === 1) name = textOf(source, field);
    else if (field.number === 2) value = float32Of(source, field);
    else if (field.number === 3) value = Number(field.varint);
    else if (field.number === 5) tensor = field;
  }
  if (value !== null) node.numbers.set(name, value);
  return tensor;
}

/** @param as Name of a tensor that has none of its own. */
function addTensor(
  model: OnnxModel,
  source: ByteSource,
  { from, to }: Field,
  external: OpenExternal,
  as?: string,
): void {
  const shape: number[] = [];
  const parts: { data: Field | null; numbers: Field[] } = { data: null, numbers: [] };
  const place = new Map<string, string>();
  let [name, dataType, isExternal] = ['', 0, false];
  for (const field of fieldsOf(source, from, to)) {
    if (field.number === 1) for (const size of varintsOf(source, field)) shape.push(Number(size));
    else if (field.number === 2) dataType = Number(field.varint);
    else if (field.number === 8) name = textOf(source, field);
    else if (field.number === 9) parts.data = field;
    else if (field.number === 13) addPlace(place, source, field);
    else if (field.number === 14) isExternal = field.varint === 1n;
    // float_data, int32_data, int64_data, double_data, uint64_data.
    else if ([4, 5, 7, 10, 11].includes(field.number)) parts.numbers.push(field);
  }
  const type = types.get(dataType);
  if (!type || shape.some((size) => size < 0)) return;
  const values = () => {
    checkSize(name, shape);
    if (isExternal) return externalValues(name, type, shape, place, external);
    if (parts.data)
      return checked(name, shape, numbersIn(source.read(parts.data.from, parts.data.to - parts.data.from), type));
    return checked(
      name,
      shape,
      Float64Array.from(parts.numbers.flatMap((field) => [...listedNumbers(source, field, type)])),
    );
  };
  model.initializers.set(as ?? name, { name: as ?? name, type, shape, values });
}

function addPlace(place: Map<string, string>, source: ByteSource, { from, to }: Field): void {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(source, from, to)) {
    if (field.number === 1) key = textOf(source, field);
    else if (field.number === 2) value = textOf(source, field);
  }
  place.set(key, value);
}

/** Numbers that are not stored as bytes: floats and doubles as such, all others as varints. */
function* listedNumbers(source: ByteSource, field: Field, type: NumberType): Generator<number> {
  const { number, from, to } = field;
  if (number === 4 || number === 10) yield* numbersIn(source.read(from, to - from), number === 4 ? 'F32' : 'F64');
  else if (type === 'F16' || type === 'BF16') {
    const bits = Uint16Array.from(varintsOf(source, field), Number);
    yield* numbersIn(new Uint8Array(bits.buffer), type);
  } else for (const value of varintsOf(source, field)) yield Number(value);
}

function externalValues(
  name: string,
  type: NumberType,
  shape: readonly number[],
  place: ReadonlyMap<string, string>,
  external: OpenExternal,
): Float64Array {
  const file = external(place.get('location') ?? '');
  const from = Number(place.get('offset') ?? 0);
  const length = sizeOfShape(shape) * sizeOfType(type);
  if (!Number.isSafeInteger(from) || from < 0 || from + length > file.size) {
    throw new ModelFileError(
      l10n.t`${name} ends at byte ${formatCount(from + length)} of ${file.name}, which has ${formatCount(file.size)}`,
    );
  }
  return numbersIn(file.read(from, length), type);
}

function checked(name: string, shape: readonly number[], values: Float64Array): Float64Array {
  if (values.length === sizeOfShape(shape)) return values;
  throw new ModelFileError(
    l10n.t`${name} has ${formatCount(values.length)} values, and its shape needs ${formatCount(sizeOfShape(shape))}`,
  );
}
