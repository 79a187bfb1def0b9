/** Formats a value as JSON that can be inside a `<script>` element: no string in it can end the element. */
export function scriptData(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
