/** The Python that oracle tests run. */
import { spawnSync } from 'node:child_process';

export const python = '/usr/bin/python3';

/** Why a script cannot run here, or null. @param needs Names of Python modules. */
export function absence(needs: readonly string[]): string | null {
  const look = `import importlib.util as u; print(*[m for m in ${JSON.stringify(needs)} if u.find_spec(m) is None])`;
  const { status, stdout, error } = spawnSync(python, ['-c', look], { encoding: 'utf8' });
  if (status !== 0) return `${python} does not run${error ? ` (${error.message})` : ''}`;
  const missing = stdout.trim();
  if (missing === '') return null;
  const isInDebian = missing.split(' ').every((name) => ['torch', 'numpy', 'scipy', 'onnx'].includes(name));
  const remedy = isInDebian ? "; Debian's python3-torch, python3-scipy and python3-onnx bring them" : '';
  return `${python} has no ${missing.replaceAll(' ', ' and no ')}${remedy}`;
}
