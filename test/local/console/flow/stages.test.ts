import { happeningsOf, type Teller } from "../../../../local/console/flow/read-line.ts";
import { newestOf, percentile, refusalsOf, stagesOf } from "../../../../local/console/flow/stages.ts";

const nowMs = Date.parse("2026-11-20T12:00:00.000Z");
const minute = 60_000;

/** A line as the function logs it. */
function logged(teller: Teller, agoMs: number, fields: Readonly<Record<string, unknown>>) {
  return happeningsOf(teller, { at: nowMs - agoMs, fields });
}

const about = { eventId: "stripe:evt_1", provider: "stripe", type: "payment.succeeded" };
const one = [
  ...logged("webhook-validator", 1_000, { ...about, outcome: "accepted", count: 1, ms: 20 }),
  ...logged("webhook-dedup", 800, { ...about, outcome: "processed", tier: "low", ms: 50 }),
  ...logged("fraud-detector", 500, { ...about, outcome: "APPROVE", tier: "low", ms: 5 }),
];

function stage(key: string, happenings = one, windowMs = 15 * minute) {
  const found = stagesOf(happenings, { nowMs, windowMs }).find((each) => each.key === key);
  if (found === undefined) throw new Error(`There is no stage ${key}.`);
  return found;
}

const countOf = (key: string, word: string, happenings = one) =>
  stage(key, happenings).outcomes.find((outcome) => outcome.word === word)?.count;

describe("happeningsOf", () => {
  it("takes a state machine's score for a decision, by its word", () => {
    const [happening] = logged("fraud-detector", 0, { ...about, outcome: "scored", decision: "REVIEW", tier: "high" });
    expect(happening).toMatchObject({ stage: "decided", word: "REVIEW", tier: "high" });
  });

  it("takes nothing from a line about a batch", () => {
    expect(logged("webhook-dedup", 0, { message: "batch received", count: 3 })).toEqual([]);
    expect(logged("fraud-detector", 0, { message: "batch received", count: 3 })).toEqual([]);
  });

  it("takes nothing from a line of metrics, which counts what is told already", () => {
    const metrics = { _aws: { Timestamp: nowMs, CloudWatchMetrics: [] }, outcome: "APPROVE", decision: 1 };
    expect(logged("fraud-detector", 0, metrics)).toEqual([]);
  });

  it("routes only what was processed", () => {
    expect(logged("webhook-dedup", 0, { ...about, outcome: "duplicate", tier: "low" })).toHaveLength(1);
    expect(logged("webhook-dedup", 0, { ...about, outcome: "processed", tier: "low" })).toHaveLength(2);
  });
});

describe("stagesOf", () => {
  it("counts an event once at each stage", () => {
    expect(stagesOf(one, { nowMs, windowMs: minute }).map(({ key, count }) => [key, count])).toEqual([
      ["answered", 1],
      ["recorded", 1],
      ["routed", 1],
      ["decided", 1],
    ]);
  });

  it("counts the events of a webhook that has several, and refusals and undecided ones apart", () => {
    const happenings = [
      ...logged("webhook-validator", 900, { outcome: "accepted", count: 3, ms: 9 }),
      ...logged("webhook-validator", 800, { outcome: "unauthorized", code: "signature_missing", status: 401 }),
      ...logged("webhook-validator", 700, { outcome: "unavailable", status: 503 }),
    ];
    expect(countOf("answered", "accepted", happenings)).toBe(3);
    expect(countOf("answered", "refused", happenings)).toBe(1);
    expect(countOf("answered", "undecided", happenings)).toBe(1);
  });

  it("tells latencies from the receipt on, and leaves duplicates out", () => {
    const again = logged("webhook-dedup", 0, { ...about, outcome: "duplicate", tier: "low" });
    expect(stage("answered").p50Ms).toBe(20);
    expect(stage("recorded", [...one, ...again]).p95Ms).toBe(220);
    expect(stage("decided").p50Ms).toBe(520);
  });

  it("forgets what lies before the window, also in the chart, whose columns add up to the count", () => {
    const old = logged("webhook-validator", 16 * minute, { outcome: "accepted", count: 1, ms: 1 });
    const { count, series } = stage("answered", [...old, ...one]);
    expect(count).toBe(1);
    expect(series.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(series.at(-1)).toBe(1);
  });

  it("has no latency where nothing was measured", () => {
    expect(stage("recorded", []).p50Ms).toBeUndefined();
    expect(countOf("decided", "BLOCK", [])).toBe(0);
  });
});

describe("newestOf", () => {
  it("puts what the stages say of an event into one line, newest first", () => {
    const other = logged("webhook-validator", 100, { ...about, eventId: "stripe:evt_2", outcome: "accepted", ms: 10 });
    const twice = logged("webhook-validator", 50, { ...about, outcome: "accepted", ms: 10 });
    expect(newestOf([...one, ...other, ...twice], 9)).toEqual([
      expect.objectContaining({ eventId: "stripe:evt_2", deliveries: 1 }),
      {
        ...about,
        at: new Date(nowMs - 1_020).toISOString(),
        deliveries: 2,
        deadLettered: 0,
        tier: "low",
        recorded: "processed",
        decided: "APPROVE",
        decidedAfterMs: 520,
      },
    ]);
  });
});

describe("a later delivery that says something else", () => {
  const refused = logged("webhook-dedup", 40, { ...about, outcome: "dead-lettered", code: "event-id-reused" });

  it("is counted beside how far the event has come, which it doesn't change", () => {
    expect(newestOf([...one, ...refused], 9)).toEqual([
      expect.objectContaining({ recorded: "processed", decided: "APPROVE", deadLettered: 1 }),
    ]);
  });

  it("is how far the event has come when it is the only one", () => {
    expect(newestOf([...one.slice(0, 1), ...refused], 9)).toEqual([
      expect.objectContaining({ recorded: "dead-lettered", deadLettered: 1 }),
    ]);
  });
});

describe("refusalsOf", () => {
  it("tells codes, newest first", () => {
    const happenings = ["signature_missing", "unknown_provider"].flatMap((code, at) =>
      logged("webhook-validator", 900 - at, { outcome: "unauthorized", code, status: 401 }),
    );
    expect(refusalsOf(happenings, 9).map(({ code }) => code)).toEqual(["unknown_provider", "signature_missing"]);
  });
});

describe("percentile", () => {
  it("is the nearest rank", () => {
    const values = [5, 1, 4, 2, 3];
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)]).toEqual([3, 5, 0]);
  });
});
