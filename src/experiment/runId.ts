/** Folder names for arms and points: valid on every system, and unique. */
import { ignoringCase, isDeviceName } from '../shared/fileNames';
import { type Axis, valueInWords } from '../shared/sweep/grid';

const longest = 60;

function folderName(arm: string): string {
  const safe = arm
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M} ._,()+=-]/gu, '-')
    .trim();
  const cut = [...safe]
    .slice(0, longest)
    .join('')
    .replace(/[. ]+$/, '')
    .replace(/^\.+/, '');
  if (cut === '') return 'arm';
  return isDeviceName(cut) ? `arm-${cut}` : cut;
}

/** Folder names of arms. Names that differ only in case get a number, because some systems ignore case. */
export function folderNames(arms: readonly string[]): Map<string, string> {
  const used = new Set<string>();
  const names = new Map<string, string>();
  for (const arm of arms) {
    const name = folderName(arm);
    let unique = name;
    for (let k = 2; used.has(ignoringCase(unique)); k++) unique = `${name}-${k}`;
    used.add(ignoringCase(unique));
    names.set(arm, unique);
  }
  return names;
}

/** Folder name of an additional arm beside existing runs. Returns the name of the arm's own runs if it has any. */
export function freeFolderName(arm: string, others: readonly { arm: string; id: string }[]): string {
  const used = new Map(others.map((other) => [ignoringCase(other.id.split('/')[0]), other.arm]));
  const name = folderName(arm);
  let unique = name;
  const isUsed = () => (used.get(ignoringCase(unique)) ?? arm) !== arm;
  for (let k = 2; isUsed(); k++) unique = `${name}-${k}`;
  return unique;
}

const longestPoint = 100;

/**
 * Folder name of each point of a grid, e.g. `learningRate=0.1, gain=1.5`. If the values are too long or not unique as a name, it
 * uses their positions on the axis. Empty without axes.
 */
export function pointFolders(axes: readonly Axis[]): (places: readonly number[]) => string {
  const labels = axes.map(({ name, values }) => {
    const words = values.map((value) => `${name}=${valueInWords(value)}`);
    return isFit(words) ? words : values.map((_, k) => `${name}=${k + 1}`);
  });
  const longestName = labels.reduce((sum, words) => sum + Math.max(...words.map((word) => word.length)) + 2, 0);
  if (longestName > longestPoint) return (places) => `point-${places.map((place) => place + 1).join('-')}`;
  return (places) => places.map((place, k) => labels[k][place]).join(', ');
}

/** Whether words are valid in a folder name and unique on systems that ignore case. */
function isFit(words: readonly string[]): boolean {
  return (
    words.every((word) => word.length <= 40 && /^[\w.=+-]+$/.test(word) && !word.endsWith('.')) &&
    new Set(words.map(ignoringCase)).size === words.length
  );
}
