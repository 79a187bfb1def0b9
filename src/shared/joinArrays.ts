/** Concatenates arrays. The result shares no memory with them. */
export function joinArrays<Values extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(
  parts: readonly Values[],
  make: new (length: number) => Values,
): Values {
  const all = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
