/**
 * Locates findings in an experiment's text. A finding in an arm is located in the patch if the value comes from there,
 * otherwise in the patched experiment.
 */
import * as l10n from '@vscode/l10n';
import type { Node } from 'jsonc-parser';
import { listWithAnd } from '../shared/lists';
import type { ExperimentDiagnostic } from './diagnostics';
import type { Finding } from './findings';
import type { Lines } from './position';
import { type Remedy, withPaths } from './remedies';
import { quote } from './words';

type Path = readonly (string | number)[];

interface Reached {
  /** Deepest existing node of the path. */
  node: Node;
  /** Number of path parts that lead to it. */
  depth: number;
}

export class Source {
  constructor(
    private readonly tree: Node | undefined,
    private readonly lines: Lines,
  ) {}

  /**
   * Diagnostics sorted by position, without duplicates. If several arms have the same problem at the same position, the
   * message names them, unless all arms have it.
   */
  diagnostics(findings: readonly Finding[], armCount: number): ExperimentDiagnostic[] {
    const groups = new Map<string, { diagnostic: ExperimentDiagnostic; arms: Set<string>; general: boolean }>();
    for (const finding of findings) {
      const { path, fromArm } = this.place(finding);
      const { severity, message, arm } = finding;
      const fixes = this.fixes(finding);
      const range = this.range(path, finding.atName === true);
      const key = JSON.stringify([range.offset, range.length, message]);
      const group = groups.get(key) ?? {
        diagnostic: { severity, message, path: [...path], ...range, ...(fixes.length > 0 && { fixes }) },
        arms: new Set(),
        general: false,
      };
      if (arm === undefined || fromArm) group.general = true;
      else group.arms.add(arm);
      if (groups.has(key)) group.diagnostic = joined(group.diagnostic, fixes);
      groups.set(key, group);
    }
    return [...groups.values()]
      .map(({ diagnostic, arms, general }) => {
        if (general || arms.size >= armCount) return diagnostic;
        return { ...diagnostic, message: `${armsInWords([...arms])}: ${diagnostic.message}` };
      })
      .sort((a, b) => a.offset - b.offset || b.length - a.length);
  }

  /** The remedies with paths in the file. What a problem in an arm's patch needs is written there, so that other arms stay as they are. */
  private fixes(finding: Finding): Remedy[] {
    const { remedies = [], arm } = finding;
    const { fromArm } = this.place(finding);
    return remedies.map((remedy) =>
      withPaths(remedy, (path, isWritten) =>
        fromArm && isWritten && arm !== undefined ? ['arms', arm, ...path] : this.place({ path, arm }).path,
      ),
    );
  }

  /** Path in the file, and whether it is inside the arm. */
  private place({ path, arm }: { path: Path; arm?: string | undefined }): { path: Path; fromArm: boolean } {
    // Positions in the sweep belong to the file, not to an arm.
    if (arm === undefined || path[0] === 'sweep') return { path, fromArm: false };
    const own = ['arms', arm, ...path];
    const patch = this.reach(own);
    const base = this.reach(path);
    const inPatch = patch ? patch.depth - 2 : -1;
    // If the patch has a value other than an object on the path, it replaces that part of the base.
    const replaced = patch !== null && inPatch >= 0 && patch.node.type !== 'object';
    if (inPatch === path.length || replaced) return { path: own, fromArm: true };
    const inBase = base?.depth ?? 0;
    if (inBase === path.length || inBase > inPatch) return { path, fromArm: false };
    return inPatch > 0 ? { path: own, fromArm: true } : { path, fromArm: false };
  }

  private reach(path: Path): Reached | null {
    if (!this.tree) return null;
    let node = this.tree;
    for (let depth = 0; depth < path.length; depth++) {
      const child = childAt(node, path[depth]);
      if (!child) return { node, depth };
      node = child;
    }
    return { node, depth: path.length };
  }

  private range(path: Path, atName: boolean): Omit<ExperimentDiagnostic, 'severity' | 'message' | 'path'> {
    const reached = this.reach(path);
    if (!reached) return this.at(0, 0);
    const { node, depth } = reached;
    const whole = depth === path.length;
    if (whole && !atName) return this.at(node.offset, node.length);
    // For a missing property, mark the object's name, or its opening brace if it has no name.
    const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    return name ? this.at(name.offset, name.length) : this.at(node.offset, Math.min(1, node.length));
  }

  private at(offset: number, length: number) {
    return { offset, length, ...this.lines.at(offset) };
  }
}

/** Adds the edits of the same problem in a different arm. */
function joined(diagnostic: ExperimentDiagnostic, fixes: readonly Remedy[]): ExperimentDiagnostic {
  if (!diagnostic.fixes) return diagnostic;
  const known = diagnostic.fixes.map((fix) => {
    const same = fixes.find(({ title }) => title === fix.title);
    const present = new Set(fix.edits.map((edit) => JSON.stringify(edit)));
    const more = (same?.edits ?? []).filter((edit) => !present.has(JSON.stringify(edit)));
    return more.length === 0 ? fix : { ...fix, edits: [...fix.edits, ...more] };
  });
  return { ...diagnostic, fixes: known };
}

function childAt(node: Node, part: string | number): Node | undefined {
  if (typeof part === 'number') return node.type === 'array' ? node.children?.[part] : undefined;
  if (node.type !== 'object') return undefined;
  return node.children?.find((property) => property.children?.[0].value === part)?.children?.[1];
}

function armsInWords(arms: readonly string[]): string {
  if (arms.length === 1) return l10n.t`arm ${quote(arms[0])}`;
  if (arms.length > 3) return l10n.t`arms ${quote(arms[0])}, ${quote(arms[1])} and ${arms.length - 2} more`;
  return l10n.t`arms ${listWithAnd(arms.map(quote))}`;
}
