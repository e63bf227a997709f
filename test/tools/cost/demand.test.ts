import { demandOf } from "../../../tools/cost/demand.ts";
import { Exact } from "../../../tools/cost/exact.ts";
import { aCall, aKind, aRecording, onlyLow } from "./fixtures.ts";

const events = Exact.of(1_000);

describe("demand", () => {
  it("is the recorded calls of each kind times the posts of that kind", () => {
    const recording = aRecording({
      low: aKind({ calls: [aCall("a", "sqs:SendMessage", "q", { bytes: 100 })] }),
      medium: aKind({ calls: [aCall("a", "sqs:SendMessage", "q", { entries: 20, bytes: 300 })] }),
      duplicate: aKind({ calls: [aCall("a", "sqs:SendMessage", "q", { bytes: 100 })] }),
    });
    const tiers = { ...onlyLow.tiers, low: 0.5, medium: 0.5 };
    const demand = demandOf(events, { ...onlyLow, tiers, duplicatesPerEvent: 0.1, refusedPerEvent: 0.05 }, recording);
    const [call] = demand.calls;
    expect(demand.calls).toHaveLength(1);
    // 500 low, 500 medium, 100 duplicates.
    expect([call?.count.toFixed(0), call?.entries.toFixed(0), call?.bytes.toFixed(0)]).toEqual([
      "1100",
      "1600",
      "21000",
    ]);
    expect(demand.posts.toFixed(0)).toBe("1150");
  });

  it("adds of a claim check only the object, since the event is one of its tier", () => {
    const calls = [aCall("v", "s3:PutObject", "b"), aCall("v", "sqs:SendMessage", "q")];
    const recording = aRecording({
      "claim-checked": aKind({ calls, logs: { g: { events: 1, bytes: 1, metricEvents: 0, metricBytes: 0 } } }),
    });
    const demand = demandOf(events, { ...onlyLow, claimCheckedShare: 0.01 }, recording);
    expect(demand.calls.map(({ call, count }) => [call, count.toFixed(0)])).toEqual([["s3:PutObject", "10"]]);
    expect(demand.logs.size).toBe(0);
  });

  it("has the wanted share of reviews, though not all risky payments of the recording were reviewed", () => {
    const recording = aRecording({
      high: aKind({ reviews: 1, transitions: { m: 11 } }),
      reviewed: aKind({ reviews: 5, transitions: { m: 15 } }),
    });
    const tiers = { ...onlyLow.tiers, low: 0, high: 1 };
    const entered = (reviewedShareOfHigh: number) =>
      demandOf(events, { ...onlyLow, tiers, reviewedShareOfHigh }, recording)
        .transitions.get("m")
        ?.toFixed(0);
    // 1 of 10 reviewed enters 1.1 states, 5 of 10 enter 1.5: 1 without a review, 2 with one.
    expect([entered(0.1), entered(0.5), entered(1)]).toEqual(["1100", "1500", "2000"]);
  });

  it("counts with the shape's body: a longer message, a larger item, never less than a unit", () => {
    const calls = [
      aCall("webhook-validator", "sqs:SendMessage", "webhook-events", { bytes: 10_000 }),
      aCall("webhook-dedup", "dynamodb:PutItem", "transactions", { count: 30, writeUnits: 50 }),
      aCall("webhook-dedup", "dynamodb:PutItem", "other", { count: 10, writeUnits: 10 }),
    ];
    const stored = { transactions: { items: 30, bytes: 20_000, indexItems: 0, indexBytes: 0 } };
    // Half of each body was left after compression.
    const recording = aRecording({ low: aKind({ calls, stored, bodyBytes: 4_000, keptBodyBytes: 2_000 }) });
    const figures = (bodyBytes?: number) => {
      const demand = demandOf(
        Exact.of(10),
        { ...onlyLow, ...(bodyBytes === undefined ? {} : { bodyBytes }) },
        recording,
      );
      const [sends, puts, others] = demand.calls;
      const all = [sends?.bytes, puts?.writeUnits, others?.writeUnits, demand.stored.get("transactions")];
      return all.map((figure) => figure?.toFixed(0));
    };
    expect(figures()).toEqual(["10000", "50", "10", "23000"]);
    expect(figures(400)).toEqual(figures());
    // 2,048 bytes more are 1,024 more after compression: a unit each.
    expect(figures(2_448)).toEqual(["20240", "60", "10", "33240"]);
    expect(figures(0)[1]).toBe("48");
  });
});
