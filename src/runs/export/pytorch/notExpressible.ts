/** An experiment cannot be written as a script of PyTorch. The message is a clause with the place and a remedy. */
export class NotExpressible extends Error {
  override readonly name = 'NotExpressible';
}
