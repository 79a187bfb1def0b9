/** Writes records of event files byte by byte, with the field numbers of TensorFlow's event.proto and summary.proto. */
import { framed } from '../../../../../src/runs/log/records';

export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export const numberField = (field: number, value: number | bigint): number[] => [
  ...varint(field << 3),
  ...varint(value),
];

export function bytesField(field: number, content: Iterable<number>): number[] {
  const bytes = [...content];
  return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
}

export const textField = (field: number, text: string): number[] => bytesField(field, new TextEncoder().encode(text));

export function doubleField(field: number, value: number): number[] {
  return [...varint((field << 3) | 1), ...new Uint8Array(new Float64Array([value]).buffer)];
}

export function floatField(field: number, value: number): number[] {
  return [...varint((field << 3) | 5), ...new Uint8Array(new Float32Array([value]).buffer)];
}

export const scalarValue = (tag: string, value: number): number[] => [...textField(1, tag), ...floatField(2, value)];

/** A legacy histogram of the given limits and counts. */
export function histogramValue(tag: string, limits: number[], counts: number[], min: number, max: number): number[] {
  const numbers = (values: number[]) => new Uint8Array(new Float64Array(values).buffer);
  const histogram = [
    ...doubleField(1, min),
    ...doubleField(2, max),
    ...bytesField(6, numbers(limits)),
    ...bytesField(7, numbers(counts)),
  ];
  return [...textField(1, tag), ...bytesField(5, histogram)];
}

/** An event, without its envelope. */
export function event(step: number | bigint, values: number[][], wallTime = 1_700_000_000): Uint8Array {
  const summary = values.flatMap((value) => bytesField(1, value));
  return Uint8Array.from([...doubleField(1, wallTime), ...numberField(2, step), ...bytesField(5, summary)]);
}

/** The record of a start at a step, as PyTorch's `purge_step` writes it. */
export function startRecord(step: number): Uint8Array {
  return framed(Uint8Array.from([...doubleField(1, 0), ...numberField(2, step), ...bytesField(7, numberField(1, 1))]));
}

/** The record of one scalar. */
export function scalarRecord(tag: string, step: number | bigint, value = Number(step), wallTime?: number): Uint8Array {
  return framed(event(step, [scalarValue(tag, value)], wallTime));
}

/** Records of one scalar at each step from 0. */
export function scalarRecords(tag: string, steps: number, first = 0): Uint8Array[] {
  return Array.from({ length: steps }, (_, k) => scalarRecord(tag, first + k));
}
