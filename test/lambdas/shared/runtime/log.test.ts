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

  it("logs an error with its name and message", () => {
    const [line] = linesOf(() => createLog("webhook-dedup").error("failed", { error: new TypeError("broken") }));
    expect(line).toMatchObject({ level: "ERROR", error: { name: "TypeError", message: "broken" } });
  });
});
