import fc from "fast-check";
import type { SecretEntry } from "../../../lambdas/shared/providers/secret-value.ts";
import { addSecret, type NewSecret } from "../../../tools/secrets/add-secret.ts";
import { firstGap, momentOf } from "../../../tools/secrets/lifetimes.ts";
import { type Retirement, retireSecret } from "../../../tools/secrets/retire-secret.ts";
import { problemOfStored, readStoredValue, writtenValue } from "../../../tools/secrets/stored-value.ts";

/** 2026-11-21T08:00:00Z. */
const nowMs = 1_795_248_000_000;
const hour = 3_600_000;
const at = (hours: number) => new Date(nowMs + hours * hour).toISOString();

const stored = (...entries: (string | SecretEntry)[]) => {
  const value = readStoredValue(JSON.stringify({ secrets: entries, header: "x" }));
  if (value === undefined) throw new Error("not a value");
  return value;
};

const add = (entries: readonly (string | SecretEntry)[], added: Partial<NewSecret> = {}) => {
  const value = entries.length === 0 ? { entries: [], settings: { header: "x" } } : stored(...entries);
  const change = addSecret(value, { secret: "new", settings: {}, ...added }, nowMs);
  return change.kind === "changed" ? writtenValue(change.value) : change.message;
};

const retire = (entries: readonly (string | SecretEntry)[], retirement: Retirement) => {
  const change = retireSecret(stored(...entries), retirement, nowMs);
  return change.kind === "changed" ? writtenValue(change.value).secrets : change.message;
};

describe("adding a secret", () => {
  it("puts it first, and leaves the others and the settings as they are", () => {
    const before = ["one", { secret: "two", until: at(1), why: "kept" }];
    expect(add(before)).toEqual({ secrets: ["new", ...before], header: "x" });
    expect(add([])).toEqual({ secrets: ["new"], header: "x" });
    expect(add(["one"], { settings: { header: "y", prefix: "" } })).toMatchObject({ header: "y", prefix: "" });
  });

  it("notes its id and its times down", () => {
    expect(add(["one"], { id: "autumn", fromMs: nowMs + hour, untilMs: nowMs + 9 * hour })).toMatchObject({
      secrets: [{ id: "autumn", secret: "new", from: at(1), until: at(9) }, "one"],
    });
  });

  it("rule 3: ends the others that would go on for longer, and no other", () => {
    const before = ["one", { secret: "soon over", until: at(1) }, { secret: "over", until: at(-1) }];
    expect(add(before, { previousUntilMs: nowMs + 24 * hour })).toMatchObject({
      secrets: ["new", { secret: "one", until: at(24) }, before[1], before[2]],
    });
  });

  it.each<[string, readonly (string | SecretEntry)[], Partial<NewSecret>, RegExp]>([
    ["an id that is taken", [{ id: "a", secret: "one" }], { id: "a" }, /id a\. Choose another/],
    ["a secret that is there", ["one", "new"], {}, /That is the secret of #2\.$/],
    ["one that has ended", [{ secret: "new", until: at(-1) }, "one"], {}, /#1, which has ended: retire it/],
    ["an end before the beginning", ["one"], { fromMs: nowMs + hour, untilMs: nowMs + hour }, /over before/],
    ["no other to end", [], { previousUntilMs: nowMs }, /no other secret/],
    ["a gap", ["one"], { fromMs: nowMs + 2 * hour, previousUntilMs: nowMs + hour }, /no secret would be live/],
    ["a gap when the new one ends", ["one"], { untilMs: nowMs + hour, previousUntilMs: nowMs }, /no secret would/],
    ["eleven", Array.from({ length: 10 }, (_, n) => `s${n}`), {}, /10 secrets, the most .*: retire one first/],
    [
      "eleven of which some have ended",
      ["a", "b", ...Array.from({ length: 8 }, (_, n) => ({ secret: `s${n}`, id: `i${n}`, until: at(n - 1) }))],
      {},
      /retire those that have ended first: i0, i1\./,
    ],
  ])("rule 3: is refused with %s", (_what, before, added, words) => {
    expect(add(before, added)).toMatch(words);
  });
});

describe("retiring a secret", () => {
  const two = [{ id: "new", secret: "one" }, "two"];

  it.each(["2", "#2"])("ends the one in place %s, at a time or at once", (which) => {
    expect(retire(two, { which, atMs: nowMs + hour })).toEqual([two[0], { secret: "two", until: at(1) }]);
    expect(retire(two, { which, atMs: nowMs })).toEqual([two[0], { secret: "two", until: at(0) }]);
  });

  it("goes by the id before the place", () => {
    const entries = [{ id: "2", secret: "one" }, "two"];
    expect(retire(entries, { which: "2", atMs: nowMs })).toEqual([
      { ...(entries[0] as SecretEntry), until: at(0) },
      "two",
    ]);
  });

  it("takes out what has ended, or would never begin", () => {
    const over = { id: "old", secret: "over", until: at(-1) };
    const toCome = { id: "next", secret: "next", from: at(5) };
    expect(retire([over, "one"], { which: "old" })).toEqual(["one"]);
    expect(retire([over, "one"], { which: "old", atMs: nowMs })).toEqual(["one"]);
    expect(retire([toCome, "one", over], { which: "next", atMs: nowMs })).toEqual(["one", over]);
    expect(retire([over, "one", over], {})).toEqual(["one"]);
  });

  it("may put a live one's end off", () => {
    expect(retire([{ secret: "one", until: at(1) }, "two"], { which: "1", atMs: nowMs + 2 * hour })).toEqual([
      { secret: "one", until: at(2) },
      "two",
    ]);
  });

  it("rule 3: leaves no moment without a live secret, unless somebody says why", () => {
    const toCome = { secret: "next", from: at(5) };
    for (const entries of [["one"], ["one", toCome], ["one", { secret: "two", until: at(-1) }]]) {
      expect(retire(entries, { which: "1", atMs: nowMs + hour })).toMatch(
        /No secret would be live .*--force and --why/,
      );
    }
    expect(retire(["one", toCome], { which: "1", atMs: nowMs + 5 * hour })).toHaveLength(2);
    expect(retire(["one"], { which: "1", atMs: nowMs, why: "the account is closed" })).toEqual([
      { secret: "one", until: at(0), why: "the account is closed" },
    ]);
  });

  it.each<[string, readonly (string | SecretEntry)[], Retirement, RegExp]>([
    ["nobody's id", two, { which: "old", atMs: nowMs }, /no secret "old"\. There are: new, #2\./],
    ["place 0", two, { which: "0", atMs: nowMs }, /no secret "0"/],
    ["no time", two, { which: "new" }, /new is live: say when/],
    ["a time that is over", two, { which: "new", atMs: nowMs - 1 }, /--at is over/],
    ["the end that it has", [{ secret: "one", until: at(1) }, "two"], { which: "1", atMs: nowMs + hour }, /already/],
    [
      "an ended one's end put off",
      [{ secret: "one", until: at(-1) }, "two"],
      { which: "1", atMs: nowMs + 1 },
      /Add it/,
    ],
    ["nothing that has ended", two, {}, /No secret has ended/],
    ["all that there are", [{ secret: "one", until: at(-1) }], {}, /can't be empty/],
    [
      "all, by force",
      [{ secret: "one", from: at(1) }],
      { which: "1", atMs: nowMs, why: "x" },
      /can't be empty|the only/,
    ],
  ])("is refused with %s", (_what, entries, retirement, words) => {
    expect(retire(entries, retirement)).toMatch(words);
  });
});

describe("changes of any secrets", () => {
  const entry = fc
    .record(
      {
        secret: fc.string({ minLength: 1, maxLength: 5 }),
        from: fc.integer({ min: -5, max: 5 }).map(at),
        until: fc.integer({ min: -5, max: 5 }).map(at),
      },
      { requiredKeys: ["secret"] },
    )
    .filter(
      ({ from, until }) => from === undefined || until === undefined || from < until,
    ) as fc.Arbitrary<SecretEntry>;
  const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 9, selector: ({ secret }) => secret });
  const moment = fc.option(
    fc.integer({ min: -5, max: 5 }).map((hours) => nowMs + hours * hour),
    { nil: undefined },
  );
  const gapOf = (all: readonly SecretEntry[]) => firstGap(all, nowMs) ?? Number.POSITIVE_INFINITY;

  it("rule 3: never bring a moment without a live secret nearer, and say nothing of any secret", () => {
    fc.assert(
      fc.property(entries, moment, moment, moment, fc.nat(9), (before, fromMs, untilMs, previousUntilMs, place) => {
        const given = { fromMs, untilMs, previousUntilMs };
        const times = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const secret = "a secret of its own";
        const which = `#${place}`;
        for (const change of [
          addSecret(stored(...before), { secret, settings: {}, ...times }, nowMs),
          retireSecret(stored(...before), { which, ...(fromMs === undefined ? {} : { atMs: fromMs }) }, nowMs),
        ]) {
          if (change.kind === "refused") expect(change.message).not.toContain(secret);
          else {
            expect(gapOf(change.value.entries)).toBeGreaterThanOrEqual(gapOf(before));
            expect(readStoredValue(JSON.stringify(writtenValue(change.value)))).toEqual(change.value);
          }
        }
      }),
    );
  });
});

describe("a secret's stored value", () => {
  it.each([
    "",
    "{",
    "[]",
    "7",
    "{}",
    '{"secrets":[]}',
    '{"secrets":"a"}',
    '{"secrets":[{"secret":"a","until":"soon"}]}',
    '{"secrets":[{"secret":"a","untill":"2026-11-21T08:00:00Z"}]}',
    '{"secrets":[{"secret":"a","from":"2026-11-21T08:00:00Z","until":"2026-11-20T08:00:00Z"}]}',
  ])("is none that can be changed: %s", (text) => {
    expect(readStoredValue(text)).toBeUndefined();
    expect(problemOfStored(text)).toMatch(/^The secret's value is wrong at: /);
  });

  it("is told where it is wrong", () => {
    const text = '{"secrets":["a",{"secret":"b","untill":"2026-11-21T08:00:00Z"}]}';
    expect(problemOfStored(text)).toContain("wrong at: secrets.1 (it has a name that isn't one of secret, id, from");
  });
});

describe("a moment", () => {
  it.each([
    ["2026-11-21T09:00:00+01:00", nowMs],
    ["30m", nowMs + hour / 2],
    ["24h", nowMs + 24 * hour],
    ["7d", nowMs + 168 * hour],
    ["2026-11-21", undefined],
    ["2026-11-21T08:00:00", undefined],
    ["24", undefined],
    ["-1h", undefined],
  ])("%s is understood, or not", (text, expected) => {
    expect(momentOf(text, nowMs)).toBe(expected);
  });
});
