import { SigningError } from "../../../lambdas/shared/providers/signing-error.ts";
import { explainError } from "../../../tools/aws/explain-error.ts";
import { resolveTarget, type TargetOptions } from "../../../tools/aws/target.ts";

function targetOf(options: TargetOptions) {
  const result = resolveTarget(options, {});
  if (result.kind === "usage") throw new Error(result.message);
  return result.target;
}

const local = targetOf({ local: true });
const prod = targetOf({ env: "prod" });
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe("an error in words", () => {
  it("says how to start what doesn't answer", () => {
    const refused = Object.assign(new Error(""), { code: "ECONNREFUSED" });
    expect(explainError(refused, local)).toBe(
      'Nothing answers at http://127.0.0.1:4566. Start the local runtime with "npm start", or give its --endpoint.',
    );
    // What Node throws where a name has several addresses.
    expect(explainError(new AggregateError([refused], ""), local)).toContain("npm start");
    expect(explainError(Object.assign(new Error(""), { code: "ENOTFOUND" }), prod)).toContain("check the network");
  });

  it("leaves what says itself what to do as it is", () => {
    expect(explainError(new SigningError("Put a testSender."), prod)).toBe("Put a testSender.");
  });

  it.each([
    [named("CredentialsProviderError", "Could not load credentials"), "There are no AWS credentials for prod in AWS"],
    [named("ResourceNotFoundException", "Requested resource not found"), "has no such table, secret or log group"],
    [named("AccessDeniedException", "not authorized"), "AWS refused the credentials for prod in AWS, us-east-1: not"],
    [named("ExpiredTokenException", "expired"), "AWS refused the credentials"],
    [named("OddException", "odd"), "OddException: odd"],
  ])("explains %s", (error, message) => {
    expect(explainError(error, prod)).toContain(message);
  });
});
