/**
 * How long the extension takes to activate. Runs inside the extension host, as its test module: nothing has activated the
 * extension before. Writes JSON to the file named in `BATCHNORM_LAB_RESULTS`, in milliseconds.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../src/extension/api';

export interface Activation {
  /** From asking until it is active: its code is loaded and compiled first. */
  whole: number;
  /** `activate()` alone. */
  call: number;
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<BatchNormLabApi>('batchnorm-lab.batchnorm-lab');
  assert.ok(extension, 'the extension is not there');
  assert.ok(!extension.isActive, 'the extension has been activated before');
  const begun = performance.now();
  const api = await extension.activate();
  const activation: Activation = { whole: performance.now() - begun, call: api.activationTime };
  writeFileSync(process.env.BATCHNORM_LAB_RESULTS!, JSON.stringify(activation));
}
