import type { SecretLookup } from "../../../lambdas/shared/domain/webhook-ports.ts";
import { createProviderSchemes } from "../../../lambdas/webhook-validator/provider-schemes.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

/** A secret store that answers when it is told to, and a clock that stands still. */
function harness(answers: (SecretLookup | Error)[]) {
  let nowMs = 1_000_000_000;
  let fetches = 0;
  const store = {
    async fetch() {
      fetches += 1;
      await Promise.resolve();
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
  };
  const log = createMemoryLog();
  return {
    lines: log.lines,
    schemes: createProviderSchemes({ store, now: () => nowMs, log }),
    fetches: () => fetches,
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

const value = (...secrets: string[]): SecretLookup => ({ kind: "found", value: { secrets } });
const noValue: SecretLookup = { kind: "no-value" };

describe("provider schemes", () => {
  it("rule 3: reads a secret once, also for concurrent requests", async () => {
    const { schemes, fetches } = harness([value("a")]);
    const [first, second] = await Promise.all([schemes.current("stripe"), schemes.current("stripe")]);
    expect(first).toBe(second);
    expect(await schemes.current("stripe")).toBe(first);
    expect(fetches()).toBe(1);
  });

  it("rule 3: reads again after a mismatch, at most once a minute, shared by concurrent requests", async () => {
    const { schemes, fetches, pass } = harness([value("old"), value("new")]);
    const old = await schemes.current("stripe");
    const [first, second] = await Promise.all([
      schemes.afterMismatch("stripe", old),
      schemes.afterMismatch("stripe", old),
    ]);
    expect(first).toBe(second);
    expect(first).not.toBe(old);
    expect(fetches()).toBe(2);
    if (first === undefined) throw new Error("nothing was read");
    expect(await schemes.afterMismatch("stripe", first)).toBeUndefined();
    pass(59);
    expect(await schemes.afterMismatch("stripe", first)).toBeUndefined();
    pass(1);
    expect(await schemes.afterMismatch("stripe", first)).toBeDefined();
    expect(fetches()).toBe(3);
  });

  it("rule 3: keeps what verifies when the new value can't be used, and says so", async () => {
    const { schemes, pass, lines } = harness([value("good"), value(), value("newer")]);
    const good = await schemes.current("stripe");
    expect(await schemes.afterMismatch("stripe", good)).toBe(good);
    expect(lines).toMatchObject([{ level: "error", code: "secret_misconfigured", provider: "stripe" }]);
    pass(60);
    expect(await schemes.afterMismatch("stripe", good)).not.toBe(good);
    expect(lines).toHaveLength(1);
  });

  it("rule 3: closes when the secret has no value any more", async () => {
    const { schemes } = harness([value("good"), noValue]);
    const good = await schemes.current("stripe");
    expect(await schemes.afterMismatch("stripe", good)).toMatchObject({ kind: "closed", code: "secret_missing" });
  });

  it("rule 3: a request that used the scheme of before gets the newer one without a read", async () => {
    const { schemes, fetches } = harness([value("old"), value("new")]);
    const old = await schemes.current("stripe");
    const newer = await schemes.afterMismatch("stripe", old);
    expect(await schemes.afterMismatch("stripe", old)).toBe(newer);
    expect(fetches()).toBe(2);
  });

  it("rule 3: one provider's reads don't count for another", async () => {
    const { schemes, fetches } = harness([value("a")]);
    const stripe = await schemes.current("stripe");
    const github = await schemes.current("github");
    await schemes.afterMismatch("stripe", stripe);
    expect(await schemes.afterMismatch("github", github)).toBeDefined();
    expect(fetches()).toBe(4);
  });

  it("forgets a withdrawn secret after ten minutes, but not because the store is down", async () => {
    const { schemes, fetches, pass } = harness([value("a"), new Error("down"), value("b")]);
    const first = await schemes.current("stripe");
    pass(601);
    expect(await schemes.current("stripe")).toBe(first);
    expect(await schemes.current("stripe")).toBe(first);
    expect(fetches()).toBe(2);
    pass(61);
    expect(await schemes.current("stripe")).not.toBe(first);
  });

  it("looks soon again for a secret that is missing or wrong", async () => {
    const { schemes, fetches, pass } = harness([noValue, { kind: "found", value: "text" }, value("a")]);
    expect(await schemes.current("stripe")).toMatchObject({ kind: "closed", code: "secret_missing" });
    expect(await schemes.current("stripe")).toMatchObject({ code: "secret_missing" });
    expect(fetches()).toBe(1);
    pass(5);
    expect(await schemes.current("stripe")).toMatchObject({ kind: "closed", code: "secret_misconfigured" });
    pass(5);
    expect(await schemes.current("stripe")).toMatchObject({ kind: "opened" });
  });

  it("rule 4: throws while the store can't answer and nothing is known, and recovers", async () => {
    const { schemes } = harness([new Error("down"), value("a")]);
    await expect(schemes.current("stripe")).rejects.toThrow("down");
    expect(await schemes.current("stripe")).toMatchObject({ kind: "opened" });
  });
});
