import { asError, outcomeOfError } from "../../../../lambdas/shared/domain/outcomes.ts";
import { PermanentError, RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

describe("what an error means for its record", () => {
  it("delivers it again after a transient fault", () => {
    const error = new RetryableError("throttled", "later");
    expect(outcomeOfError(error)).toEqual({ kind: "retry", outcome: "throttled", error });
  });

  it("rule 15: rejects what can never succeed, with its reason", () => {
    const error = new PermanentError("ValidationException", "too large");
    expect(outcomeOfError(error)).toEqual({
      kind: "reject",
      reason: "ValidationException",
      detail: "too large",
      error,
    });
  });

  it("delivers it again after a bug or a wrong deployment, for which it isn't to blame", () => {
    const error = new TypeError("x is not a function");
    expect(outcomeOfError(error)).toEqual({ kind: "retry", outcome: "unexpected-error", error });
  });

  it("makes an error of whatever was thrown", () => {
    expect(asError("text")).toMatchObject({ cause: "text" });
  });
});
