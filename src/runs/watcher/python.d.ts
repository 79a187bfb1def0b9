/** Python files are strings in bundles. */
declare module '*.py' {
  const content: string;
  export default content;
}
