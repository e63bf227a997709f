import { createLog, type LogFields } from "../../../../lambdas/shared/runtime/log.ts";

/** What a log writes to standard output and standard error, parsed. */
function linesOf(write: () => void): Record<string, unknown>[] {
  const chunks: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation((chunk) => {
      chunks.push(String(chunk));
      return true;
    }),
  );
  try {
    write();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return chunks
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("createLog", () => {
  it("writes one JSON line a call, with level, service and the fields at the top", () => {
    const [line, ...more] = linesOf(() =>
      createLog("webhook-validator").info("request answered", { eventId: "stripe:evt_1", ms: 12, outcome: "accepted" }),
    );
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: "INFO",
      service: "webhook-validator",
      message: "request answered",
      eventId: "stripe:evt_1",
      ms: 12,
      outcome: "accepted",
    });
  });

  it("rule 19: has no field for bodies, headers or signatures", () => {
    const fields: LogFields = { provider: "stripe" };
    // @ts-expect-error The type is closed: this line stops compiling if somebody opens it.
    const leaking: LogFields = { ...fields, body: "{}" };
    expect(leaking).toBeDefined();
  });

  it("rule 19: says name and code of an error's cause, and nothing that it may quote", () => {
    const deepest = new Error("4242424242424242");
    const cause = Object.assign(new Error("Invalid value: 4242424242424242", { cause: deepest }), {
      name: "ValidationException",
      code: "EINVALID",
      input: "4242424242424242",
    });
    const [line, thrown] = linesOf(() => {
      const log = createLog("webhook-dedup");
      log.error("failed", { error: new Error("refused", { cause }) });
      log.error("failed", { error: new Error("refused", { cause: "4242424242424242" }) });
    });
    const { error } = line as { readonly error: Record<string, unknown> };
    expect(error).toMatchObject({ message: "refused", stack: expect.any(String) });
    expect(error.cause).toEqual({ name: "ValidationException", code: "EINVALID" });
    expect(JSON.stringify([line, thrown])).not.toContain("4242");
  });

  it("logs an error with its name and message", () => {
    const [line] = linesOf(() => createLog("webhook-dedup").error("failed", { error: new TypeError("broken") }));
    expect(line).toMatchObject({ level: "ERROR", error: { name: "TypeError", message: "broken" } });
  });
});
