/** A secret's value with which nobody here can sign, said so that it can be mended. */
export class SigningError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SigningError";
  }
}
