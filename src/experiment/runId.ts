/** Names of arms as folder names: the same on every system, and never two alike. */

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
