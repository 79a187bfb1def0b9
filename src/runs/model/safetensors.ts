/**
 * Reads the format safetensors: the length of a JSON header in 8 bytes, the header, and the values of all tensors without gaps.
 * See https://github.com/huggingface/safetensors#format.
 */
import * as l10n from '@vscode/l10n';
import { bytesInWords, formatCount } from '../../shared/numbers';
import type { ByteSource } from '../log/records';
import {
  checkSize,
  isNumberType,
  ModelFileError,
  mostValues,
  numbersIn,
  sizeOfShape,
  sizeOfType,
  type Tensor,
} from './tensor';

/** Maximum length of a header in bytes, as in the reference implementation. */
const longestHeader = 100_000_000;

interface Entry {
  name: string;
  /** May be a type that is not read, such as 8-bit floats. */
  type: string;
  shape: number[];
  /** Bytes in the file. */
  from: number;
  to: number;
}

export interface Safetensors {
  /** In the order of the file's names. */
  tensors: Tensor[];
  /** Sentences about parts that are left out. */
  problems: string[];
}

/**
 * @param most Maximum number of values of a tensor that is read.
 * @throws ModelFileError if the file has no valid header.
 */
export function readSafetensors(source: ByteSource, most = mostValues): Safetensors {
  const header = headerOf(source);
  const problems: string[] = [];
  const entries = Object.entries(header.fields).flatMap(([name, field]): Entry[] => {
    if (name === '__metadata__') return [];
    const entry = entryOf(name, field, header.end, source.size);
    if (typeof entry !== 'string') return [entry];
    problems.push(l10n.t`${name} is left out: ${entry}.`);
    return [];
  });
  problems.push(...overlaps(entries));
  const others = new Map<string, number>();
  const tensors = entries.flatMap(({ name, type, shape, from, to }): Tensor[] => {
    if (!isNumberType(type)) {
      others.set(type, (others.get(type) ?? 0) + 1);
      return [];
    }
    const values = () => {
      checkSize(name, shape, most);
      return numbersIn(source.read(from, to - from), type);
    };
    return [{ name, type, shape, values }];
  });
  for (const [type, number] of others) {
    problems.push(l10n.t`Tensors of type ${type} are not read (${formatCount(number)}).`);
  }
  return { tensors, problems };
}

function headerOf(source: ByteSource): { fields: Record<string, unknown>; end: number } {
  const invalid = (why: string) =>
    new ModelFileError(l10n.t`This is not a safetensors file, or it is damaged: ${why}.`);
  if (source.size < 8) throw invalid(l10n.t`it has ${bytesInWords(source.size)}, fewer than the length of a header`);
  const bytes = source.read(0, 8);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > source.size - 8) {
    throw invalid(
      l10n.t`its header ends at byte ${formatCount(length + 8)}, and the file has ${formatCount(source.size)}`,
    );
  }
  if (length > longestHeader) {
    throw invalid(l10n.t`its header has ${bytesInWords(length)}, and the format allows ${bytesInWords(longestHeader)}`);
  }
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source.read(8, length)));
  } catch {
    throw invalid(l10n.t('its header is not JSON'));
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw invalid(l10n.t('its header is not an object of tensors'));
  }
  return { fields: fields as Record<string, unknown>, end: 8 + length };
}

/** @returns The entry, or why it cannot be read, as a clause. */
function entryOf(name: string, field: unknown, start: number, size: number): Entry | string {
  const { dtype, shape, data_offsets: offsets } = (field ?? {}) as Record<string, unknown>;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isCount)) {
    return l10n.t('its type or its shape is missing');
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    return l10n.t('its place in the file is missing');
  }
  const [from, to] = offsets.map((offset: number) => start + offset);
  if (to > size) return l10n.t`it ends at byte ${formatCount(to)}, and the file has ${formatCount(size)}`;
  if (isNumberType(dtype) && to - from !== sizeOfShape(shape) * sizeOfType(dtype)) {
    return l10n.t`it has ${formatCount(to - from)} bytes, and its shape needs ${formatCount(sizeOfShape(shape) * sizeOfType(dtype))}`;
  }
  return { name, type: dtype, shape, from, to };
}

function overlaps(entries: readonly Entry[]): string[] {
  const sorted = [...entries].sort((a, b) => a.from - b.from || a.to - b.to);
  return sorted.flatMap((entry, k) => {
    const before = sorted[k - 1];
    return before && entry.from < before.to
      ? [l10n.t`${before.name} and ${entry.name} overlap in the file: at least one of them is wrong.`]
      : [];
  });
}
