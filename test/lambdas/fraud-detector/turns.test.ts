import { createTurns } from "../../../lambdas/fraud-detector/turns.ts";

/** A task that says when it begins, and ends when told to. */
function aTask(log: string[], name: string) {
  const end = Promise.withResolvers<string>();
  const run = () => {
    log.push(name);
    return end.promise;
  };
  return { run, end: () => end.resolve(name), fail: () => end.reject(new Error(name)) };
}

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("turns", () => {
  it("lets tasks without a common key run together, and the others one after the other", async () => {
    const [log, inTurn] = [[] as string[], createTurns()];
    const [a, ab, b, c] = ["a", "ab", "b", "c"].map((name) => aTask(log, name));
    if (!a || !ab || !b || !c) throw new Error("no tasks");
    const results = Promise.all([
      inTurn(["A"], a.run),
      inTurn(["A", "B"], ab.run),
      inTurn(["B"], b.run),
      inTurn(["C"], c.run),
    ]);
    await idle();
    expect(log).toEqual(["a", "c"]);
    a.end();
    await idle();
    expect(log).toEqual(["a", "c", "ab"]);
    for (const task of [ab, b, c]) task.end();
    expect(await results).toEqual(["a", "ab", "b", "c"]);
    expect(log).toEqual(["a", "c", "ab", "b"]);
  });

  it("goes on after a task that failed", async () => {
    const [log, inTurn] = [[] as string[], createTurns()];
    const failing = aTask(log, "failing");
    const first = inTurn(["A"], failing.run);
    const second = inTurn(["A"], async () => "second");
    failing.fail();
    await expect(first).rejects.toThrow("failing");
    expect(await second).toBe("second");
  });
});
