import { traceRows } from "../../../../local/console/event/trace-rows.ts";
import { tracesFor } from "../../../../local/console/event/traces.ts";
import { createXrayService } from "../../../../local/services/xray/service.ts";

const traceId = (digit: string) => `1-67000000-${digit.repeat(24)}`;
const id = (digit: string) => digit.repeat(16);

type Document = Record<string, unknown>;
const segment = (digit: string, more: Document = {}): Document => ({
  id: id(digit),
  trace_id: traceId("a"),
  name: digit,
  start_time: 100,
  end_time: 101,
  ...more,
});

function xrayWith(...documents: readonly Document[]) {
  const xray = createXrayService({ keep: 30 });
  for (const document of documents) xray.put(JSON.stringify(document));
  return xray;
}

const traced = { config: { function_name: "webhook-dedup-dev", tracing_config: [{ mode: "Active" }] } };
const inventoryOf = (...functions: readonly object[]) => ({ ofType: () => functions }) as never;
const withTracing = { sampling: "all" as const, inventory: inventoryOf(traced) };

function rowsOf(...documents: readonly Document[]) {
  const trace = xrayWith(...documents).trace(traceId("a"));
  if (trace === undefined) throw new Error("There is no trace.");
  return traceRows(trace);
}

describe("rows of a trace", () => {
  it("stand below what called them, in whatever segment that is, in the order of their beginnings", () => {
    const { rows } = rowsOf(
      segment("3", { parent_id: id("2"), start_time: 100.25, end_time: 100.5 }),
      segment("1", { subsegments: [{ id: id("4"), name: "4", start_time: 100.5 }, segment("2")] }),
      segment("5", { parent_id: id("f"), start_time: 101 }),
    );
    expect(rows.map(({ name, depth, offsetMs }) => [name, depth, offsetMs])).toEqual([
      ["1", 0, 0],
      ["2", 1, 0],
      ["3", 2, 250],
      ["4", 1, 500],
      ["5", 0, 1_000],
    ]);
    expect(rows.map(({ tookMs }) => tookMs)).toEqual([1_000, 1_000, 250, undefined, 0]);
  });

  it("come to an end where segments are said to be below each other", () => {
    const { rows } = rowsOf(segment("1", { parent_id: id("2") }), segment("2", { parent_id: id("1") }));
    expect(rows.map(({ name, depth }) => [name, depth])).toEqual([
      ["1", 0],
      ["2", 1],
    ]);
  });

  it("say what was called and how it went, and nothing that isn't on the list", () => {
    const { rows } = rowsOf(
      segment("1", {
        origin: "AWS::Lambda::Function",
        throttle: true,
        error: true,
        aws: { operation: "PutItem", table_name: "transactions-dev", key: "jane@example.com" },
        http: { request: { url: "https://example.com/jane" }, response: { status: 400 } },
        cause: { exceptions: [{ type: "ThrottlingException", message: "jane" }] },
        metadata: { name: "jane" },
      }),
      segment("2", {
        aws: { operation: "of jane", queue_url: "http://127.0.0.1/0/webhook-events-dev" },
        cause: "jane",
      }),
    );
    expect(rows[0]).toEqual({
      ...{ id: id("1"), name: "1", origin: "Lambda::Function", depth: 0, offsetMs: 0, tookMs: 1_000 },
      detail: "PutItem transactions-dev 400 ThrottlingException",
      marks: ["error", "throttle"],
    });
    expect(rows[1]?.detail).toBe("webhook-events-dev");
    expect(JSON.stringify(rows)).not.toContain("jane");
  });

  it("are a thousand at most", () => {
    const many = Array.from({ length: 40 }, (_, one) => ({
      ...segment("1", { id: one.toString(16).padStart(16, "0") }),
      subsegments: Array.from({ length: 26 }, (_, inner) => ({
        ...{ id: (1_000 + one * 100 + inner).toString(16).padStart(16, "0"), name: "part", start_time: 100 },
      })),
    }));
    expect(rowsOf(...many)).toMatchObject({ isCut: true, rows: { length: 1_000 } });
    expect(rowsOf(segment("1"))).toMatchObject({ isCut: false });
  });
});

describe("traces of an event", () => {
  const about = (digit: string, start: number, annotations: Document = {}) =>
    segment(digit, {
      ...{ trace_id: traceId(digit), start_time: start, end_time: start + 2 },
      annotations: { eventId: "stripe:evt_1", ...annotations },
    });

  it("are its own, the newest first, and then those of its batches", () => {
    const xray = xrayWith(
      about("1", 100, { batchTraceId: traceId("b"), tier: "high" }),
      about("2", 200, { batchTraceId: traceId("b"), secret: "jane" }),
      about("3", 300, { batchTraceId: traceId("2") }),
      about("4", 50, { batchTraceId: traceId("9") }),
      segment("5", { trace_id: traceId("b") }),
    );
    const { found, olderCount, absent } = tracesFor({ xray, ...withTracing }, "stripe:evt_1");
    expect(found.map((trace) => [trace.id, trace.of])).toEqual([
      [traceId("3"), "event"],
      [traceId("2"), "event"],
      [traceId("1"), "event"],
      [traceId("4"), "event"],
      [traceId("b"), "batch"],
    ]);
    expect(found[2]).toMatchObject({ startedAt: "1970-01-01T00:01:40.000Z", tookMs: 2_000, isPartial: false });
    expect(found[2]?.annotations).toEqual([
      { key: "eventId", values: ["stripe:evt_1"] },
      { key: "tier", values: ["high"] },
    ]);
    expect([olderCount, absent, JSON.stringify(found).includes("jane")]).toEqual([0, undefined, false]);
  });

  it("are the newest five", () => {
    const xray = xrayWith(...["1", "2", "3", "4", "5", "6", "7"].map((digit) => about(digit, Number(digit))));
    const { found, olderCount } = tracesFor({ xray, ...withTracing }, "stripe:evt_1");
    expect(found.map((trace) => trace.id)).toEqual(["7", "6", "5", "4", "3"].map(traceId));
    expect(olderCount).toBe(2);
  });

  it.each([
    ["all", [traced], "not-kept"],
    ["none", [traced], "none"],
    ["rules", [traced], "rules"],
    ["all", [{ config: {} }], "environment"],
  ] as const)("are none for a reason: traces %s", (sampling, functions, absent) => {
    const inventory = inventoryOf(...functions);
    const answer = tracesFor({ xray: xrayWith(about("1", 1)), sampling, inventory }, "stripe:evt_other");
    expect(answer).toEqual({ found: [], olderCount: 0, absent, keep: 30 });
  });
});
