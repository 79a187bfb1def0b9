/** A tool cannot do what it was called for. The message is a sentence for the model and the person, with the remedy. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
