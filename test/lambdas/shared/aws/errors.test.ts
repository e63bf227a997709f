import { inDomainTerms } from "../../../../lambdas/shared/aws/errors.ts";
import { PermanentError, RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

function anAwsError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error("secret value 4242"), { name, $metadata: { httpStatusCode } });
}

function failing(error: unknown): Promise<unknown> {
  return inDomainTerms("Testing", Promise.reject(error));
}

describe("errors of AWS in the domain's terms", () => {
  it("hands on a result as it is", async () => {
    expect(await inDomainTerms("Testing", Promise.resolve(42))).toBe(42);
  });

  it.each([
    ["a throttle", anAwsError("ProvisionedThroughputExceededException", 400)],
    ["a throttle by another name", anAwsError("ThrottlingException", 400)],
    ["a fault of the service", anAwsError("InternalServerError", 500)],
    ["an error that says that it is retryable", Object.assign(anAwsError("Odd", 400), { $retryable: {} })],
    ["a lost race between transactions", anAwsError("TransactionInProgressException", 400)],
    ["a lost race between puts", anAwsError("ConditionalRequestConflict", 409)],
    ["a name server that did not answer", Object.assign(new Error("getaddrinfo"), { code: "EAI_AGAIN" })],
    ["a connection that was reset", Object.assign(new Error("read"), { code: "ECONNRESET" })],
    ["a request that took too long", Object.assign(new Error("late"), { name: "TimeoutError" })],
  ])("calls %s retryable", async (_, error) => {
    const thrown = await failing(error).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ cause: error, message: "Testing failed for now" });
  });

  it("rule 15: calls an invalid request permanent", async () => {
    await expect(failing(anAwsError("ValidationException", 400))).rejects.toBeInstanceOf(PermanentError);
  });

  it.each([
    ["a missing permission", anAwsError("AccessDeniedException", 400)],
    ["a missing table", anAwsError("ResourceNotFoundException", 400)],
    ["a failed condition", anAwsError("ConditionalCheckFailedException", 400)],
    ["a bug", new TypeError("x is not a function")],
    ["a bug with a code of Node's", Object.assign(new TypeError("bad argument"), { code: "ERR_INVALID_ARG_TYPE" })],
    ["something that isn't an error", "text"],
  ])("throws %s as it is", async (_, error) => {
    await expect(failing(error)).rejects.toBe(error);
  });

  it("rule 19: quotes nothing of AWS's text", async () => {
    await expect(failing(anAwsError("ValidationException", 400))).rejects.not.toThrow(/4242/);
  });
});
