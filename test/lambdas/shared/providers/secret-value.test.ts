import { plainSettings, readSettings } from "../../../../lambdas/shared/providers/secret-value.ts";
import { nowMs, opened, signed } from "./samples.ts";

const at = (seconds: number) => new Date(Math.floor(nowMs / 1000) * 1000 + seconds * 1000).toISOString();
const read = (value: unknown) => readSettings(plainSettings, value);

function liveAt(value: unknown, atMs = nowMs): readonly string[] {
  const result = read(value);
  if (result.kind === "misconfigured") throw new Error(result.detail);
  return result.at(atMs).secrets;
}

describe("the secret's value", () => {
  it("has secrets that are live for good, from a time, until a time, and between two", () => {
    const value = {
      secrets: [
        "always",
        { secret: "to come", from: at(60) },
        { id: "spring", secret: "between", from: at(-60), until: at(60) },
        { secret: "over", until: at(-60) },
      ],
    };
    expect(liveAt(value)).toEqual(["always", "between"]);
    expect(liveAt(value, nowMs + 61_000)).toEqual(["always", "to come"]);
    expect(liveAt(value, nowMs - 61_000)).toEqual(["always", "over"]);
  });

  it("counts the first moment of a secret and not its last", () => {
    const value = { secrets: [{ secret: "one", from: at(0), until: at(60) }] };
    expect(liveAt(value, Date.parse(at(0)))).toEqual(["one"]);
    expect(liveAt(value, Date.parse(at(0)) - 1)).toEqual([]);
    expect(liveAt(value, Date.parse(at(60)))).toEqual([]);
  });

  it.each([
    ["a time without an offset", { secrets: [{ secret: "topsecret", from: "2026-11-21T08:00:00" }] }],
    ["a time that is none", { secrets: [{ secret: "topsecret", until: "tomorrow" }] }],
    ["an empty secret", { secrets: [{ secret: "" }] }],
    ["no secret", { secrets: [] }],
    ["an id that isn't one", { secrets: [{ id: "a b", secret: "topsecret" }] }],
    ["a number", { secrets: [7] }],
    ["eleven", { secrets: Array.from({ length: 11 }, () => "topsecret") }],
    ["a list", ["topsecret"]],
    ["an end before the beginning", { secrets: [{ secret: "topsecret", from: at(60), until: at(0) }] }],
    ["an end at the beginning", { secrets: [{ secret: "topsecret", from: at(0), until: at(0) }] }],
    ["a secret where a name stands", { secrets: [{ secret: "another", topsecret: "" }] }],
  ])("is refused with %s, without a word of the secret", (_what, value) => {
    const result = read(value);
    expect(result).toMatchObject({ kind: "misconfigured", detail: expect.stringContaining("wrong at: ") });
    expect(JSON.stringify(result)).not.toContain("topsecret");
  });
});

describe("what is wrong with the secret's value", () => {
  it.each([
    ["a mistyped end", { untill: at(60) }, "secrets.1 (it has a name that isn't one of secret, id, from, until, why)"],
    ["an end before the beginning", { from: at(60), until: at(0) }, "secrets.1.until"],
    ["a beginning without an offset", { from: "2026-11-21T08:00:00" }, "secrets.1.from"],
    ["no secret in it", { secret: undefined }, "secrets.1.secret"],
  ])("is told with its place: %s", (_what, changes, place) => {
    const value = { secrets: ["first", { secret: "topsecret", ...changes }] };
    expect(read(value)).toEqual({ kind: "misconfigured", detail: `The secret's value is wrong at: ${place}.` });
  });
});

describe("rule 3: a rotation that was put in place beforehand", () => {
  const secretValue = {
    secrets: [
      { id: "autumn", secret: "github-new", from: at(0) },
      { id: "summer", secret: "github-old", until: at(3600) },
    ],
  };
  const provider = opened("github", secretValue);
  const outcome = (secret: string, atMs: number) =>
    provider.verify(signed("github", { secretValue: { secrets: [secret] } }), atMs).kind;

  it("takes the old secret before, both for an hour, and the new one from then on", () => {
    const times = [nowMs - 1_000, nowMs, nowMs + 3_600_000];
    expect(times.map((time) => outcome("github-old", time))).toEqual(["valid", "valid", "refused"]);
    expect(times.map((time) => outcome("github-new", time))).toEqual(["refused", "valid", "valid"]);
  });

  it("knows when there is no secret to check with", () => {
    const late = opened("github", { secrets: [{ secret: "github-new", from: at(60) }] });
    expect([late.hasLiveSecret(nowMs), late.hasLiveSecret(nowMs + 60_000)]).toEqual([false, true]);
  });

  it("signs with what is live", () => {
    const expected = signed("github", { secretValue: { secrets: ["github-old"] } });
    const atMs = nowMs - 1_000;
    expect(signed("github", { secretValue, atMs })).toEqual(expected);
  });
});
