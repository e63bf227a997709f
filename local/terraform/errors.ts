/** What is wrong with the synthesized Terraform, for whoever wants to act on it by code. */
type TerraformErrorCode =
  /** No synthesized stacks for the environment: synthesis has to run first. */
  | "NOT_SYNTHESIZED"
  /** A stack's file isn't Terraform's JSON. */
  | "INVALID_STACK"
  /** Terraform allows it, the local runtime doesn't: a function, a condition, `count`, `for_each`, another backend. */
  | "UNSUPPORTED"
  /** A reference to something that no stack declares. */
  | "UNKNOWN_REFERENCE"
  /** A reference to an attribute that the resource doesn't configure and nobody computes. */
  | "MISSING_ATTRIBUTE"
  /** Things that need each other. */
  | "CYCLE";

/** The one error of this folder. `problems` holds every problem found, the message all of them. */
export class TerraformError extends Error {
  readonly code: TerraformErrorCode;
  readonly problems: readonly string[];

  constructor(code: TerraformErrorCode, message: string, problems: readonly string[] = [message]) {
    super(message);
    this.name = "TerraformError";
    this.code = code;
    this.problems = problems;
  }
}
