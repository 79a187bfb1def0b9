/** What the tests of experiment files share. */
import assert from 'node:assert/strict';
import type { Reading } from '../../../src/experiment/claims/reading';
import type { ExperimentDiagnostic } from '../../../src/experiment/diagnostics';
import { type ReadExperiment, type ReadOptions, readExperiment } from '../../../src/experiment/read';
import type { Claim } from '../../../src/experiment/schema';

/** The least that an experiment says. */
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

/** An experiment of some properties over the least one, as a text. */
export function textOf(properties: object = {}): string {
  return JSON.stringify({ ...minimal, ...properties }, null, 2);
}

export function read(properties: object = {}, options?: ReadOptions): ReadExperiment {
  return readExperiment(textOf(properties), options);
}

/** The plan of an experiment that has to be sound. */
export function planOf(properties: object = {}, options?: ReadOptions) {
  const { plan, diagnostics } = read(properties, options);
  assert.deepEqual(diagnostics, []);
  assert.ok(plan);
  return plan;
}

/** What a diagnostic points at. */
export function pointedAt(text: string, { offset, length }: ExperimentDiagnostic): string {
  return text.slice(offset, offset + length);
}

/** Every diagnostic as `what it points at: message`. */
export function told(text: string, options?: ReadOptions): string[] {
  return readExperiment(text, options).diagnostics.map(
    (diagnostic) => `${pointedAt(text, diagnostic)}: ${diagnostic.message}`,
  );
}

/** The only diagnostic of an experiment, and what it points at. */
export function onlyError(properties: object, options?: ReadOptions): { at: string; message: string } {
  const text = textOf(properties);
  const { plan, diagnostics } = readExperiment(text, options);
  assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics, null, 1));
  assert.equal(diagnostics[0].severity, 'error');
  assert.equal(plan, null, 'an experiment with an error has no plan');
  return { at: pointedAt(text, diagnostics[0]), message: diagnostics[0].message };
}

/** Line and column that belong to the offset, nothing outside of the text, and nothing empty but at an end. */
export function assertPlaced(text: string, diagnostic: ExperimentDiagnostic): void {
  const { offset, length, line, column, message } = diagnostic;
  assert.ok(Number.isInteger(offset) && offset >= 0 && length >= 0, message);
  assert.ok(offset + length <= text.length, `${message}: ${offset}+${length} of ${text.length}`);
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  // Between \r and \n is still the first one's line.
  if (text[offset - 1] !== '\r') {
    assert.equal(line, before.length, message);
    assert.equal(column, before[before.length - 1].length + 1, message);
  }
  assert.ok(message.length > 0 && message.length < 1000, message);
}

/** @param expected A number, `never by` and a bound, or why there is no number. */
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
