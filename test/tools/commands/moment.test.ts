import { momentOf } from "../../../tools/commands/moment.ts";

const iso = (ms: number) => new Date(ms).toISOString();

describe("a moment", () => {
  it.each([
    ["2026-11-20", "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
    ["2026-11-20T10:00Z", "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00:05.5Z", "2026-11-20T10:00:05.500Z", "2026-11-20T10:00:05.500Z"],
  ])("%s begins a range at %s and ends one at %s", (text, from, to) => {
    const { fromMs = 0, toMs = 0 } = momentOf(text) ?? {};
    expect([iso(fromMs), iso(toMs)]).toEqual([from, to]);
  });

  it.each([
    "",
    "yesterday",
    "2026-02-31",
    "2026-02-31T10:00:00Z",
    "2027-02-29",
    "2026-11-20T24:00:00Z",
    "2026-11-20T23:60Z",
    "2026-11-20T10:00:00",
    "2026-11-20T10:00:00+01:00",
    "20261120",
  ])("isn't %j", (text) => {
    expect(momentOf(text)).toBeUndefined();
  });
});
