/** Which arm and seed the folder of a run is, by its names. */

export interface ArmAndSeed {
  arm: string;
  /** Null if the folder names no seed. */
  seed: number | null;
}

/** `seed-1`, `seed_1`, `seed=1`, `seed1`. */
const seedName = /^seed[-_=]?(\d{1,15})$/i;

/**
 * The arm is the path of the folder, without the level that names a seed: `resnet/seed-1/train` is the arm `resnet/train`.
 * @param names Names of the folders from the opened one to the run.
 * @param root Name of the arm of the opened folder itself.
 */
export function armOfFolder(names: readonly string[], root: string): ArmAndSeed {
  const level = names.findLastIndex((name) => seedName.test(name));
  const seed = level < 0 ? null : Number(seedName.exec(names[level])?.[1]);
  return { arm: names.filter((_, k) => k !== level).join('/') || root, seed };
}

/** The arm and seed of each folder, in their order. Folders that would have the same ones are arms of their own. */
export function armsOfFolders(folders: readonly (readonly string[])[], root: string): ArmAndSeed[] {
  const taken = new Set<string>();
  return folders.map((names) => {
    const found = armOfFolder(names, root);
    const key = JSON.stringify([found.arm, found.seed]);
    if (taken.has(key)) return { arm: names.join('/') || root, seed: null };
    taken.add(key);
    return found;
  });
}
