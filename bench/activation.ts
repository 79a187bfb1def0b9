/**
 * Time that the extension takes to activate. Runs inside the extension host, as its test module; nothing has activated the
 * extension before. Writes JSON to the file named in `BATCHNORM_LAB_RESULTS`, in milliseconds.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../src/extension/api';

export interface Activation {
  /** From the request to activate until the extension is active, including loading and compiling its code. */
  whole: number;
  /** `activate()` alone. */
  call: number;
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<BatchNormLabApi>('batchnorm-lab.batchnorm-lab');
  assert.ok(extension, 'the extension is not installed');
  assert.ok(!extension.isActive, 'the extension is already active');
  const start = performance.now();
  const api = await extension.activate();
  const activation: Activation = { whole: performance.now() - start, call: api.activationTime };
  writeFileSync(process.env.BATCHNORM_LAB_RESULTS!, JSON.stringify(activation));
}
