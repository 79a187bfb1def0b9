/** The generator of the interface between the engine and the AssemblyScript kernels. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScript } from '../../support/scripts';

type KernelInterface = typeof import('../../../scripts/lib/kernelInterface.mjs');

const structures = `
/** A header. */
@unmanaged
export class Tensor {
  data: usize;
  @inline
  get panels(): i32 { return 1; }
}
@unmanaged
export class Step {
  nesterov: bool;
  rate: f32;
  beta: f64;
  decoupled: bool;
}
`;

describe('the interface of the kernels', () => {
  let scripts: KernelInterface;
  let folder: string;
  before(async () => {
    scripts = await loadScript<KernelInterface>('lib/kernelInterface.mjs');
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-interface-'));
    writeFileSync(join(folder, 'structures.ts'), structures);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function declarationsOf(source: string): string {
    writeFileSync(join(folder, 'kernels.ts'), source);
    writeFileSync(join(folder, 'index.ts'), `export * from './kernels';\n`);
    return scripts.hostDeclarations(scripts.readAssembly(join(folder, 'index.ts'), ['Kind']));
  }

  const imports = `import { Kind } from './shared';\nimport { Step, Tensor } from './structures';\n`;

  it('contains each exported function with its comment, and the types of its parameters', () => {
    const declarations = declarationsOf(`${imports}
const inner: i32 = 3;
function notExported(a: usize): void {}

/**
 * y = f(x)
 * @param flag A flag.
 */
export function activate(
  kind: Kind, slope: f32, x: Tensor, bias: Tensor | null, step: Step, flag: bool, scratch: usize, rows: i32,
): bool {
  return true;
}
`);
    assert.ok(
      declarations.includes(`export interface SimdExports {
  /**
   * y = f(x)
   * @param flag A flag.
   */
  activate(kind: Code<'Kind'>, slope: number, x: Pointer<'Tensor'>, bias: Pointer<'Tensor'> | Missing, step: Pointer<'Step'>, flag: 0 | 1, scratch: Address, rows: number): 0 | 1;
}
`),
      declarations,
    );
  });

  it('lays out fields like the compiler, each aligned to its size', () => {
    const declarations = declarationsOf(`${imports}export function use(t: Tensor, step: Step): void {}`);
    assert.ok(
      declarations.includes(`/** A header. */
export interface TensorFields {
  data: Address;
}

export const tensorBytes = 4;
`),
      declarations,
    );
    assert.ok(
      declarations.includes(`export const stepBytes = 24;

export function writeStep(memory: MemoryViews, address: Address, fields: StepFields): Pointer<'Step'> {
  memory.bytes[address] = Number(fields.nesterov);
  memory.floats[(address >> 2) + 1] = fields.rate;
  memory.doubles[(address >> 3) + 1] = fields.beta;
  memory.bytes[address + 16] = Number(fields.decoupled);
  return address as Pointer<'Step'>;
}
`),
      declarations,
    );
  });

  it('refuses a type that the host cannot pass, and names function and type', () => {
    assert.throws(() => declarationsOf('export function wide(a: v128): void {}'), /wide: .*"v128"/);
    assert.throws(
      () => declarationsOf('export function listed(a: i32, b: Array<i32>): void {}'),
      /listed: .*"Array<i32>"/,
    );
  });

  it('writes codes in the order of the list, and numbers', () => {
    const declarations = scripts.assemblyDeclarations({ Kind: ['linear', 'leaky-relu'] }, { lanes: 8 });
    assert.ok(
      declarations.endsWith('\nexport const enum Kind {\n  linear,\n  leakyRelu,\n}\n\nexport const lanes: i32 = 8;\n'),
    );
  });
});
