import type { ArchiveSeen, TamperingSeen } from "../../../../tools/demo/archive.ts";
import type { Case } from "../../../../tools/demo/judging/findings.ts";
import { detailOf, failing, firstChanged, flawless, twice, without } from "./flawless.ts";

const sealed = "every accepted event is in a sealed day, and the sums agree";
const found = "each tampering is found and named";
const { archive } = flawless;
const { facts, sums, tamperings } = archive;
const withArchive = (change: Partial<ArchiveSeen>): Case => ({ ...flawless, archive: { ...archive, ...change } });
const finding = { code: "object-size", message: "part-000.parquet has 1 bytes" } as const;

describe("the archive", () => {
  it.each<[string, Partial<ArchiveSeen>, RegExp]>([
    ["an event that isn't in it", { facts: without(facts) }, /is not archived/],
    ["an event that is in it twice", { facts: twice(facts) }, /is archived twice/],
    ["an event that nobody sent", { facts: [...facts, "stripe:x"] }, /stripe:x is archived without a cause/],
    ["an amount that differs", { sums: firstChanged(sums, () => ({ amountMinor: "1" })) }, / rows instead of /],
    ["a row too few", { sums: firstChanged(sums, ({ rows }) => ({ rows: rows - 1 })) }, /rows instead of/],
    ["sums that are missing", { sums: sums.slice(-1) }, /is nothing instead of/],
    ["an execution that failed", { endings: ["SUCCEEDED", "FAILED"] }, /daily-archive ended FAILED/],
    ["what the audit found", { findings: [finding] }, /object-size: part-000/],
    ["that no day was sealed", { days: [] }, /no sealed days/],
  ])("notices %s", (_what, change, words) => {
    expect(failing(withArchive(change))).toEqual([sealed]);
    expect(detailOf(withArchive(change), sealed)).toMatch(words);
  });

  it("adds up the sums of several days", () => {
    const halves = sums.flatMap((sum) => [
      { ...sum, rows: 0, amountMinor: "1" },
      { ...sum, amountMinor: String(BigInt(sum.amountMinor) - 1n) },
    ]);
    expect(failing(withArchive({ sums: halves }))).toEqual([]);
  });

  it.each<[string, (one: TamperingSeen) => Partial<TamperingSeen>]>([
    ["found nothing", () => ({ findings: [] })],
    ["named another object", () => ({ object: "raw/another.parquet" })],
    ["took it for something else", ({ findings }) => ({ findings: findings.map((one) => ({ ...one, ...finding })) })],
  ])("notices that an audit %s", (_what, change) => {
    const subject = withArchive({ tamperings: firstChanged(tamperings, change) });
    expect(failing(subject)).toEqual([found]);
    expect(detailOf(subject, found)).toMatch(/^flipped byte: .+ isn't told as object-hash/);
  });

  it.each(tamperings.map(({ name }) => name))("notices that no %s was tried", (name) => {
    expect(failing(withArchive({ tamperings: tamperings.filter((one) => one.name !== name) }))).toEqual([found]);
  });
});
