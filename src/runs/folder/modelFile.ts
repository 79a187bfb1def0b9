/** Opens model files. Only formats that cannot run code are opened. */
import { closeSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { InspectedModel } from '../../shared/inspectedModel';
import { inspectModel } from '../model/inspectModel';
import type { Normalization } from '../model/normalization';
import { ModelFileError } from '../model/tensor';
import { sourceOf } from './byteSource';
import { pathInside } from './paths';
import { type OpenFile, openRegularFile } from './regularFile';
import { unreadable } from './systemErrors';

/** Files of PyTorch and other Python programs that may contain a pickle, which runs code when it is opened. */
const pickles = new Set(['.pt', '.pth', '.bin', '.ckpt', '.pkl', '.pickle', '.joblib']);

const formats: Record<string, InspectedModel['format']> = { '.safetensors': 'safetensors', '.onnx': 'ONNX' };

/**
 * Returns the extension of a model file, in lower case.
 * @param known Extensions of the formats that can be read.
 * @throws ModelFileError for a different format, with a remedy if the file could contain a pickle.
 */
export function requireModelFile(path: string, known: readonly string[]): string {
  const extension = extname(path).toLowerCase();
  if (pickles.has(extension)) {
    throw new ModelFileError(
      l10n.t`Files of type ${extension} can contain a pickle, which runs code when it is opened, so they are not opened here. Save the weights as safetensors: from safetensors.torch import save_model; save_model(model, "model.safetensors").`,
    );
  }
  if (!known.includes(extension)) {
    const types = known.reduce((first, second) => l10n.t`${first} or an ${second}`);
    throw new ModelFileError(
      extension === ''
        ? l10n.t`A file without an extension is not known: give a ${types} file.`
        : l10n.t`The type ${extension} is not known: give a ${types} file.`,
    );
  }
  return extension;
}

/**
 * Inspects a model file.
 * @throws ModelFileError with a sentence if it cannot be read.
 */
export function inspectModelFile(path: string): InspectedModel & { values: Normalization[] } {
  const format = formats[requireModelFile(path, Object.keys(formats))];
  const open: OpenFile[] = [];
  const openSource = (file: string, name: string) => {
    const opened = openRegularFile(file);
    open.push(opened);
    return sourceOf(name, opened.fd, opened.size);
  };
  try {
    const source = tried(() => openSource(path, basename(path)), basename(path));
    return inspectModel(source, format, (location) => {
      const beside = pathInside(dirname(path), location);
      if (beside === null) {
        throw new ModelFileError(
          l10n.t`the model names data outside its own folder, which are not opened: ${location}`,
        );
      }
      return tried(() => openSource(beside, location), l10n.t`${location}, which contains its data,`);
    });
  } finally {
    for (const { fd } of open) closeSync(fd);
  }
}

function tried<T>(work: () => T, subject: string): T {
  try {
    return work();
  } catch (error) {
    throw new ModelFileError(`${subject} ${unreadable(error)}`);
  }
}
