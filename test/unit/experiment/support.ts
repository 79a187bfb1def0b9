/** Shared by the tests of experiment files. */
import assert from 'node:assert/strict';
import type { Reading } from '../../../src/experiment/claims/reading';
import type { ExperimentDiagnostic } from '../../../src/experiment/diagnostics';
import { type ReadExperiment, type ReadOptions, readExperiment } from '../../../src/experiment/read';
import type { Claim } from '../../../src/experiment/schema';

/** The minimal experiment. */
export const minimal = { data: { kind: 'spiral' }, network: { layers: [{ dense: 8 }, { dense: 8 }] } };

/** A claim that A is better than B, with some properties changed. */
export function claim(more: Partial<Claim> = {}): Claim {
  return {
    says: 'A is better',
    metric: 'testAccuracy',
    take: 'final',
    better: 'A',
    than: 'B',
    by: 0,
    compare: 'same',
    diverged: 'worst',
    ...more,
  };
}

/** The minimal experiment with some properties changed, as a string. */
export function textOf(properties: object = {}): string {
  return JSON.stringify({ ...minimal, ...properties }, null, 2);
}

export function read(properties: object = {}, options?: ReadOptions): ReadExperiment {
  return readExperiment(textOf(properties), options);
}

/** The plan of an experiment that must be valid. */
export function planOf(properties: object = {}, options?: ReadOptions) {
  const { plan, diagnostics } = read(properties, options);
  assert.deepEqual(diagnostics, []);
  assert.ok(plan);
  return plan;
}

/** The text that a diagnostic marks. */
export function pointedAt(text: string, { offset, length }: ExperimentDiagnostic): string {
  return text.slice(offset, offset + length);
}

/** Every diagnostic as `marked text: message`. */
export function reported(text: string, options?: ReadOptions): string[] {
  return readExperiment(text, options).diagnostics.map(
    (diagnostic) => `${pointedAt(text, diagnostic)}: ${diagnostic.message}`,
  );
}

/** The only diagnostic of an experiment, and the text that it marks. */
export function onlyError(properties: object, options?: ReadOptions): { at: string; message: string } {
  const text = textOf(properties);
  const { plan, diagnostics } = readExperiment(text, options);
  assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics, null, 1));
  assert.equal(diagnostics[0].severity, 'error');
  assert.equal(plan, null, 'an experiment with an error has no plan');
  return { at: pointedAt(text, diagnostics[0]), message: diagnostics[0].message };
}

/** Checks that line and column match the offset, and that the range is inside the text and empty only at an end. */
export function assertPlaced(text: string, diagnostic: ExperimentDiagnostic): void {
  const { offset, length, line, column, message } = diagnostic;
  assert.ok(Number.isInteger(offset) && offset >= 0 && length >= 0, message);
  assert.ok(offset + length <= text.length, `${message}: ${offset}+${length} of ${text.length}`);
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  // A position between \r and \n belongs to the first line.
  if (text[offset - 1] !== '\r') {
    assert.equal(line, before.length, message);
    assert.equal(column, before[before.length - 1].length + 1, message);
  }
  assert.ok(message.length > 0 && message.length < 1000, message);
}

/** @param expected A number, `never by` and a bound, or the reason for a missing number. */
export function checkReading(reading: Reading, expected: number | string): void {
  const found =
    reading.kind === 'measured'
      ? reading.value
      : reading.kind === 'placeholder'
        ? `never by ${reading.bound}`
        : reading.why;
  if (typeof found === 'number' && typeof expected === 'number') {
    assert.ok(Math.abs(found - expected) < 1e-12, `${found}, expected ${expected}`);
  } else {
    assert.equal(found, expected);
  }
}
