/** What the build makes of the folder `assembly`. */
declare module '*/assembly.wasm' {
  const code: Uint8Array<ArrayBuffer>;
  export default code;
}
