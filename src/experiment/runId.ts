/** Names of arms and points as folder names: the same on every system, and never two alike. */
import { type Axis, valueInWords } from '../shared/sweep/grid';

const longest = 60;
/** Windows keeps these for devices, whatever follows the dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export function folderName(arm: string): string {
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
  return reserved.test(cut) ? `arm-${cut}` : cut;
}

/** A folder name for each arm. Two that differ in case alone would be one folder on some systems, and get a number. */
export function folderNames(arms: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const arm of arms) {
    const name = folderName(arm);
    let unique = name;
    for (let k = 2; taken.has(unique.toLowerCase()); k++) unique = `${name}-${k}`;
    taken.add(unique.toLowerCase());
    names.set(arm, unique);
  }
  return names;
}

/** A folder name for an arm more, beside those that runs have already: that of its own runs, where it has some. */
export function freeFolderName(arm: string, others: readonly { arm: string; id: string }[]): string {
  const taken = new Map(others.map((other) => [other.id.split('/')[0].toLowerCase(), other.arm]));
  const name = folderName(arm);
  let unique = name;
  const isTaken = () => (taken.get(unique.toLowerCase()) ?? arm) !== arm;
  for (let k = 2; isTaken(); k++) unique = `${name}-${k}`;
  return unique;
}

const longestPoint = 100;

/**
 * A folder name for each point of a grid, as `learningRate=0.1, gain=1.5`; by the numbers of the values where these would be
 * too long or too alike. Empty without an axis.
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

/** Whether words can stand in the name of a folder as they are, and are told apart whatever the system makes of case. */
function isFit(words: readonly string[]): boolean {
  return (
    words.every((word) => word.length <= 40 && /^[\w.=+-]+$/.test(word) && !word.endsWith('.')) &&
    new Set(words.map((word) => word.toLowerCase())).size === words.length
  );
}
