/** The lines above each arm and each claim of an experiment: run it, with twenty seeds or until clear, and the last verdict in this window. */
import * as l10n from '@vscode/l10n';
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Verdict } from '../experiment/claims/verdict';
import type { Claim } from '../experiment/schema';
import { outcomeInWords } from '../shared/outcomeWords';
import { commands } from './identifiers';
import { codeLens } from './notify';

/** Maximum number of arms, and of claims, with a line of their own. */
const mostLenses = 100;

/** The seeds that a verdict needs at least. */
const twentySeeds = Array.from({ length: 20 }, (_, k) => k + 1);

/**
 * @param claims The claims as read from the file.
 * @param verdicts Those of the last run of this file in this window.
 */
export function armLenses(
  document: vscode.TextDocument,
  tree: Node,
  claims: readonly Claim[],
  verdicts: readonly Verdict[],
): vscode.CodeLens[] {
  const run = (node: Node, title: string, tooltip: string, ...given: unknown[]) => {
    const place = document.positionAt(node.offset);
    const lens = { icon: 'play', title, tooltip, command: commands.run };
    return codeLens(new vscode.Range(place, place), lens, [document.uri, ...given]);
  };
  const arms = findNodeAtLocation(tree, ['arms'])?.children ?? [];
  const ofArms = arms.slice(0, mostLenses).flatMap((node) => {
    const name = String(node.children?.[0]?.value);
    return [
      run(node, l10n.t('Run This Arm'), l10n.t('Run this arm alone'), undefined, [name]),
      run(node, l10n.t('20 Seeds'), l10n.t('Run this arm alone with the seeds 1 to 20'), twentySeeds, [name]),
    ];
  });
  const claim = findNodeAtLocation(tree, ['claim']);
  const nodes = claim?.type === 'array' ? (claim.children ?? []) : (claim?.parent ?? []);
  const ofClaims = [nodes]
    .flat()
    .slice(0, mostLenses)
    .flatMap((node, index) => {
      const stated = claims[index];
      if (stated === undefined) return [];
      const lenses = [
        run(
          node,
          l10n.t('Test With 20 Seeds'),
          l10n.t('Run both arms of the claim with the seeds 1 to 20'),
          twentySeeds,
          [stated.better, stated.than],
        ),
      ];
      const place = document.positionAt(node.offset);
      const test = {
        icon: 'play',
        title: l10n.t('Until Clear'),
        tooltip: l10n.t(
          'Add seeds until the verdict is clear or a bound is reached: a sequential test, on seeds that the file does not have',
        ),
        command: commands.runUntilClear,
      };
      const given = [document.uri, undefined, [stated.better, stated.than]];
      lenses.push(codeLens(new vscode.Range(place, place), test, given));
      const key = JSON.stringify(stated);
      const verdict = verdicts.find((each) => JSON.stringify(each.claim) === key);
      if (verdict) {
        const last = { title: l10n.t`Last verdict: ${outcomeInWords(verdict)}`, tooltip: verdict.reason };
        lenses.push(codeLens(new vscode.Range(place, place), { ...last, command: commands.showLastRun }, []));
      }
      return lenses;
    });
  return [...ofArms, ...ofClaims];
}
