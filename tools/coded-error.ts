/** Something outside of the code is missing or wrong. Scripts go by the code, people by the message, which stands alone. */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code;

  /** @param message says what is wrong and what to do: it is all that a person sees */
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
