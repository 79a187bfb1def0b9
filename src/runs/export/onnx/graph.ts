/** Collects the nodes and constants of an ONNX graph. A value has the name of the node that computes it. */
import { create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../model/onnx_pb';

/** A whole number is written as an integer; a list is one of integers. */
export type Attribute = { float: number } | { int: number } | { ints: readonly number[] };

export class Graph {
  readonly proto: GraphProto;
  private readonly constants = new Set<string>();

  constructor(name: string) {
    this.proto = create(GraphProtoSchema, { name });
  }

  /** Bytes of all constants. */
  get size(): number {
    return this.proto.initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
  }

  /** Adds a node with one result. @returns Its name. */
  node(
    operator: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.proto.node.push(
      create(NodeProtoSchema, {
        name,
        opType: operator,
        input: [...inputs],
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      }),
    );
    return name;
  }

  floats(name: string, shape: readonly number[], values: Float32Array): string {
    return this.constant(name, shape, DataType.FLOAT, values);
  }

  integers(name: string, values: readonly number[]): string {
    return this.constant(name, [values.length], DataType.INT64, BigInt64Array.from(values, BigInt));
  }

  private constant(
    name: string,
    shape: readonly number[],
    dataType: DataType,
    values: Float32Array | BigInt64Array,
  ): string {
    if (this.constants.has(name)) return name;
    this.constants.add(name);
    const rawData = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    this.proto.initializer.push(create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData }));
    return name;
  }

  /** Gives the result of the newest node the name of the graph's output. */
  nameOutput(name: string): void {
    const node = this.proto.node[this.proto.node.length - 1];
    node.output = [name];
  }
}

function attribute(name: string, value: Attribute) {
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('int' in value) return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
}

/** A float32 input or output of any number of examples. @param shape Shape of one example. */
export function batchOf(name: string, shape: readonly number[], docString: string): ValueInfoProto {
  const dim = [
    { value: { case: 'dimParam', value: 'batch' } },
    ...shape.map((size) => ({ value: { case: 'dimValue', value: BigInt(size) } }) as const),
  ] as const;
  const tensorType = { elemType: DataType.FLOAT, shape: { dim: [...dim] } };
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } });
  return create(ValueInfoProtoSchema, { name, type, docString });
}
