// @ts-check
/**
 * Generates the interface between the engine and the AssemblyScript of its kernels. Functions and structures are declared
 * in `assembly/`, codes and numbers in `simd/shared.ts`. Each side receives the declarations of the other.
 *
 * AssemblyScript has TypeScript's syntax, so TypeScript's parser reads it.
 */
import { resolve } from 'node:path';
import ts from 'typescript';
import { root } from './files.mjs';

/** Size of a field of each type in bytes, and the view of the memory that writes it. */
const fieldTypes = {
  i32: { bytes: 4, view: 'words' },
  usize: { bytes: 4, view: 'words' },
  f32: { bytes: 4, view: 'floats' },
  f64: { bytes: 8, view: 'doubles' },
  bool: { bytes: 1, view: 'bytes' },
};

/** TypeScript's types for AssemblyScript's. WebAssembly has integers for booleans, and addresses for structures. */
const parameterTypes = { i32: 'number', f32: 'number', f64: 'number', usize: 'Address', bool: '0 | 1', void: 'void' };

/** @typedef {{ name: string, type: keyof typeof fieldTypes, doc: string }} Field */
/** @typedef {{ name: string, doc: string, fields: Field[] }} Structure */
/** @typedef {{ name: string, doc: string, parameters: { name: string, type: string }[], result: string }} Kernel */

/**
 * Reads what a module of AssemblyScript exports, also from the modules that it re-exports.
 * @param {string} entry Path, relative to the root.
 * @param {string[]} enumerations Names of enumerations that parameters may have as types.
 * @returns {{ kernels: Kernel[], structures: Structure[] }}
 */
export function readAssembly(entry, enumerations) {
  const file = resolve(root, entry);
  const program = ts.createProgram([file], { noLib: true, types: [], experimentalDecorators: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} exports nothing.`);
  const structures = program
    .getSourceFiles()
    .flatMap(({ statements }) => [...statements])
    .filter(ts.isClassDeclaration)
    .map(readStructure);
  const types = { ...parameterTypes };
  for (const { name } of structures) Object.assign(types, { [name]: `Pointer<'${name}'>` });
  for (const name of enumerations) Object.assign(types, { [name]: `Code<'${name}'>` });
  const kernels = checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap(({ declarations = [] }) => declarations)
    .filter(ts.isFunctionDeclaration)
    .map((declaration) => readKernel(declaration, types));
  return { kernels, structures };
}

/** @param {ts.ClassDeclaration} declaration @returns {Structure} */
function readStructure(declaration) {
  const fields = declaration.members.filter(ts.isPropertyDeclaration).map((member) => {
    const [name, type] = [member.name.getText(), member.type?.getText() ?? ''];
    if (!(type in fieldTypes)) throw new Error(`Field ${name}: the host cannot write the type "${type}".`);
    return { name, type: /** @type {keyof typeof fieldTypes} */ (type), doc: docOf(member) };
  });
  return { name: nameOf(declaration), doc: docOf(declaration), fields };
}

/** @param {ts.FunctionDeclaration} declaration @param {Record<string, string>} types @returns {Kernel} */
function readKernel(declaration, types) {
  const name = nameOf(declaration);
  /** @param {ts.TypeNode | undefined} node */
  const typeOf = (node) => {
    const [type, missing] = (node?.getText() ?? 'void').split(' | ');
    if (!types[type]) throw new Error(`${name}: the host has no type for "${node?.getText()}".`);
    return missing === 'null' ? `${types[type]} | Missing` : types[type];
  };
  const parameters = declaration.parameters.map((each) => ({ name: each.name.getText(), type: typeOf(each.type) }));
  return { name, doc: docOf(declaration), parameters, result: typeOf(declaration.type) };
}

/** @param {ts.FunctionDeclaration | ts.ClassDeclaration} declaration */
function nameOf({ name }) {
  if (!name) throw new Error('Exported functions and classes have names.');
  return name.text;
}

/** Returns the comment of a declaration, unchanged. @param {ts.Node} node */
function docOf(node) {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return doc ? `${doc.getText().replaceAll(/\n\s*/g, '\n ')}\n` : '';
}

/** @param {string} text */
function indented(text) {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/**
 * The host's declarations of kernels and structures.
 * @param {ReturnType<typeof readAssembly>} assembly
 */
export function hostDeclarations({ kernels, structures }) {
  const functions = kernels.map(({ name, doc, parameters, result }) => {
    const list = parameters.map((each) => `${each.name}: ${each.type}`).join(', ');
    return indented(`${doc}${name}(${list}): ${result};\n`);
  });
  return `${heading('assembly/')}
/** Bytes from the start of the memory. */
export type Address = number;
/** Address of a structure in memory. */
export type Pointer<Structure extends string> = Address & { readonly structure: Structure };
/** Address of an omitted structure. */
export type Missing = 0;
/** Member of an enumeration; see \`shared.ts\`. */
export type Code<Enumeration extends string> = number & { readonly enumeration: Enumeration };

/** All of the memory, as numbers of each size. */
export interface MemoryViews {
  bytes: Uint8Array;
  words: Uint32Array;
  floats: Float32Array;
  doubles: Float64Array;
}

/** Functions that \`assembly/index.ts\` exports. */
export interface SimdExports {
${functions.join('')}}
${structures.map(hostStructure).join('')}`;
}

/** Fields are laid out as in C: one after the other, each aligned to its size. @param {Structure} structure */
function hostStructure({ name, doc, fields }) {
  let end = 0;
  let largest = 1;
  const writes = fields.map((field) => {
    const { bytes, view } = fieldTypes[field.type];
    const place = Math.ceil(end / bytes);
    end = (place + 1) * bytes;
    largest = Math.max(largest, bytes);
    const start = bytes > 1 ? `(address >> ${Math.log2(bytes)})` : 'address';
    const index = place > 0 ? `${start} + ${place}` : start;
    const value = field.type === 'bool' ? `Number(fields.${field.name})` : `fields.${field.name}`;
    return `  memory.${view}[${index}] = ${value};\n`;
  });
  const types = fields.map((field) => indented(`${field.doc}${field.name}: ${hostType(field)};\n`));
  const size = Math.ceil(end / largest) * largest;
  return `
${doc}export interface ${name}Fields {
${types.join('')}}

export const ${name[0].toLowerCase()}${name.slice(1)}Bytes = ${size};

export function write${name}(memory: MemoryViews, address: Address, fields: ${name}Fields): Pointer<'${name}'> {
${writes.join('')}  return address as Pointer<'${name}'>;
}
`;
}

/** @param {Field} field */
function hostType({ type }) {
  if (type === 'bool') return 'boolean';
  return type === 'usize' ? 'Address' : 'number';
}

/**
 * AssemblyScript's declarations of codes and numbers.
 * @param {Record<string, readonly string[]>} enumerations
 * @param {Record<string, number>} constants
 */
export function assemblyDeclarations(enumerations, constants) {
  const enums = Object.entries(enumerations).map(
    ([name, members]) =>
      `\nexport const enum ${name} {\n${members.map((each) => `  ${camelCase(each)},\n`).join('')}}\n`,
  );
  const numbers = Object.entries(constants).map(([name, value]) => `export const ${name}: i32 = ${value};\n`);
  return `${heading('../shared.ts')}${enums.join('')}\n${numbers.join('')}`;
}

/** @param {string} name */
function camelCase(name) {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/** @param {string} source */
function heading(source) {
  return `// Generated from ${source} by \`npm run generate\`.\n`;
}
