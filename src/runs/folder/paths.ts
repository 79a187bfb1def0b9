/** Paths on every system. The last parameter is Node's `path` of a system, so that tests can pass that of Windows. */
import nodePath, { type PlatformPath } from 'node:path';
import { ignoringCase } from '../../shared/fileNames';

/** Whether two paths name the same place. Windows ignores case. */
export function isSamePlace(one: string, other: string, path: PlatformPath = nodePath): boolean {
  const [a, b] = [one, other].map((each) => path.resolve(each));
  return a === b || (path.sep === '\\' && ignoringCase(a) === ignoringCase(b));
}

/** Path of a file from a folder, with `/` between its parts on every system. */
export function slashedPath(folder: string, file: string, path: PlatformPath = nodePath): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

/** Absolute path of a location in a folder. Null if the location is outside, or, on Windows, names a drive or a stream of a file. */
export function pathInside(folder: string, location: string, path: PlatformPath = nodePath): string | null {
  if (path.sep === '\\' && location.includes(':')) return null;
  const whole = path.resolve(folder, location);
  return isInside(folder, whole, path) ? whole : null;
}

/** Whether a path is below a folder. */
export function isInside(folder: string, file: string, path: PlatformPath = nodePath): boolean {
  const way = path.relative(folder, file);
  // Between two drives, the way is an absolute path.
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** Name of a file from its path or, as the editor gives it, from its URI, where a space is `%20`. */
export function fileNameOf(file: string, path: PlatformPath = nodePath): string {
  // One letter before the colon is a drive of Windows.
  if (!/^[a-z][a-z\d+.-]+:\//i.test(file)) return path.basename(file);
  return decodeURIComponent(path.posix.basename(file));
}
