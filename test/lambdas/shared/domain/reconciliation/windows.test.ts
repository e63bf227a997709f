import fc from "fast-check";
import {
  checkedUntilAfter,
  partitionAt,
  runIdOf,
  windowsOf,
} from "../../../../../lambdas/shared/domain/reconciliation/windows.ts";

const scheduledAt = "2026-11-20T02:00:00.000Z";
const dayMs = 24 * 60 * 60 * 1000;

describe("the windows of a run", () => {
  it("reach back a day and the overlap, and end a margin before it", () => {
    expect(windowsOf({ scheduledAt })).toEqual({
      events: { from: "2026-11-18T23:45:00.000Z", to: "2026-11-20T01:45:00.000Z" },
      money: { from: "2026-11-19T00:00:00.000Z", to: "2026-11-20T01:30:00.000Z" },
    });
  });

  it("reach back to where the account was checked, as far as the provider remembers", () => {
    const back = windowsOf({ scheduledAt, checkedUntil: "2026-11-10T00:00:00.000Z" });
    expect(back.money.from).toBe("2026-11-09T22:00:00.000Z");
    expect(back.outOfReach).toBeUndefined();
    const far = windowsOf({ scheduledAt, checkedUntil: "2026-10-01T00:00:00.000Z" });
    expect(far.money.from).toBe("2026-10-21T02:00:00.000Z");
    expect(far.outOfReach).toEqual({ from: "2026-10-01T00:00:00.000Z", to: "2026-10-21T02:00:00.000Z" });
  });

  it("are a person's where one gives them", () => {
    const [from, to] = ["2026-11-15T00:00:00.000Z", "2026-11-16T00:00:00.000Z"];
    expect(windowsOf({ scheduledAt, from, to })).toEqual({
      events: { from: "2026-11-14T23:45:00.000Z", to: "2026-11-16T00:15:00.000Z" },
      money: { from, to },
    });
    const recent = windowsOf({ scheduledAt, from, to: "2026-11-20T01:59:00.000Z" });
    expect(recent.events.to).toBe("2026-11-20T01:59:00.000Z");
  });

  it("of a person are said to be out of reach where the provider has forgotten, and empty there", () => {
    const [from, to] = ["2026-09-01T00:00:00.000Z", "2026-09-02T00:00:00.000Z"];
    const old = windowsOf({ scheduledAt, from, to });
    expect(old.outOfReach).toEqual({ from, to });
    expect(old.money).toEqual({ from: to, to });
    const half = windowsOf({ scheduledAt, from, to: "2026-11-19T00:00:00.000Z" });
    expect(half.outOfReach).toEqual({ from, to: "2026-10-21T02:00:00.000Z" });
    expect(half.money.from).toBe("2026-10-21T02:00:00.000Z");
  });

  it("end with the run, whatever a person gives: nothing after it was checked", () => {
    const windows = windowsOf({ scheduledAt, to: "2027-06-01T00:00:00.000Z" });
    expect([windows.events.to, windows.money.to]).toEqual([scheduledAt, scheduledAt]);
    const until = checkedUntilAfter({
      windows,
      before: "2026-11-19T01:30:00.000Z",
      isComplete: true,
      inProgressSince: undefined,
      isByHand: true,
    });
    expect(until).toBe(scheduledAt);
  });

  it("of one run after the other leave no gap, whatever fails and however late they come", () => {
    const runs = fc.array(fc.record({ isComplete: fc.boolean(), hoursLater: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(runs, (plan) => {
        let before: string | undefined;
        let covered: string | undefined;
        let nowMs = Date.parse(scheduledAt);
        for (const { isComplete, hoursLater } of plan) {
          const windows = windowsOf({ scheduledAt: new Date(nowMs).toISOString(), checkedUntil: before });
          const isReached = windows.outOfReach === undefined;
          if (covered !== undefined && isReached) expect(windows.money.from <= covered).toBe(true);
          if (isComplete) covered = windows.money.to;
          else covered ??= windows.money.from;
          const until = checkedUntilAfter({ windows, before, isComplete, inProgressSince: undefined, isByHand: false });
          before = until ?? before;
          nowMs += hoursLater * 60 * 60 * 1000;
        }
      }),
    );
  });
});

describe("how far an account is checked", () => {
  const windows = windowsOf({ scheduledAt });
  const about = { windows, before: "2026-11-19T01:30:00.000Z", isComplete: true, isByHand: false };

  it("is the end of the window, or the first event that somebody was working on", () => {
    expect(checkedUntilAfter({ ...about, inProgressSince: undefined })).toBe("2026-11-20T01:30:00.000Z");
    const inProgressSince = "2026-11-19T05:00:00.000Z";
    expect(checkedUntilAfter({ ...about, inProgressSince })).toBe(inProgressSince);
  });

  it("stays where it was after a run that could not check all", () => {
    expect(checkedUntilAfter({ ...about, isComplete: false, inProgressSince: undefined })).toBeUndefined();
  });

  it("goes on once a gap is out of reach: it was said, and no run can close it", () => {
    const before = "2026-10-01T00:00:00.000Z";
    const late = windowsOf({ scheduledAt, checkedUntil: before });
    expect(late.outOfReach).toBeDefined();
    const until = { windows: late, before, inProgressSince: undefined, isByHand: false };
    expect(checkedUntilAfter({ ...until, isComplete: false })).toBeUndefined();
    expect(checkedUntilAfter({ ...until, isComplete: true })).toBe(late.money.to);
  });

  it("doesn't jump over a gap before a window that a person gave", () => {
    const [from, to] = ["2026-11-19T12:00:00.000Z", "2026-11-19T13:00:00.000Z"];
    const byHand = { windows: windowsOf({ scheduledAt, from, to }), isComplete: true, isByHand: true };
    expect(checkedUntilAfter({ ...about, ...byHand, inProgressSince: undefined })).toBeUndefined();
    expect(checkedUntilAfter({ ...byHand, before: undefined, inProgressSince: undefined })).toBeUndefined();
  });
});

describe("partitions of a window", () => {
  it("are every shard of every hour that it touches", () => {
    const window = { from: "2026-11-19T23:30:00.000Z", to: "2026-11-20T00:00:00.001Z" };
    const all = Array.from({ length: 40 }, (_, place) => partitionAt(window, place));
    expect(all.filter((name) => name !== undefined)).toHaveLength(32);
    expect([all[0], all[15], all[16], all[31], all[32]]).toEqual([
      "2026-11-19T23#00",
      "2026-11-19T23#15",
      "2026-11-20T00#00",
      "2026-11-20T00#15",
      undefined,
    ]);
  });
});

it("a run is named after its time", () => {
  expect(runIdOf("2026-11-20T02:00:00Z")).toBe("20261120T020000Z");
  expect(runIdOf(new Date(Date.parse(scheduledAt) + dayMs).toISOString())).toBe("20261121T020000Z");
});
