/** Experiments that are bundled as text (esbuild's loader, see scripts/lib/bundles.mjs). */
declare module '*.bnexp.json' {
  const text: string;
  export default text;
}
