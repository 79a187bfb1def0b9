/** An experiment cannot be exported to a format. The message is a clause with the place and a remedy. */
export class NotExpressible extends Error {
  override readonly name = 'NotExpressible';
}
