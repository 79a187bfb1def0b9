/** Rules for file names that are valid on every system. */

/** Names of devices of Windows, with any extension: also with the superscripts ¹, ² and ³, and with spaces before the extension. */
const device = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/i;

/** Whether Windows takes the name for a device, so that no file can have it. */
export function isDeviceName(name: string): boolean {
  return device.test(name);
}

/**
 * The same string for all names that a system that ignores case takes for one. Upper case comes first, because lower case distinguishes
 * letters that share an upper case, such as σ and ς.
 */
export function ignoringCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}
