/** A policy document that IAM would refuse. `path` says where: `policy of x: Statement[1].Action`. */
export class MalformedPolicyError extends Error {
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = "MalformedPolicyError";
    this.path = path;
  }
}
