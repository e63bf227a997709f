import type { Principal } from "../../../local/aws/types.ts";
import { createXrayService } from "../../../local/services/xray/service.ts";

const operator: Principal = { kind: "operator" };
const traceId = (digit: string) => `1-67000000-${digit.repeat(24)}`;
const id = (digit: string) => digit.repeat(16);

type Document = Record<string, unknown>;
const segment = (more: Document = {}): Document => ({
  id: id("1"),
  trace_id: traceId("a"),
  name: "webhook-validator-dev",
  start_time: 100,
  end_time: 101.5,
  ...more,
});
const part = (more: Document = {}): Document =>
  segment({ id: id("2"), type: "subsegment", parent_id: id("1"), name: "SQS", ...more });

function service(...documents: readonly Document[]) {
  const xray = createXrayService({ keep: 3 });
  for (const document of documents) xray.put(JSON.stringify(document));
  const ask = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const run = xray.operations[operation];
    return run === undefined ? {} : run(operator, { ...input });
  };
  const ids = async (filter?: string, from = 0, to = 200) => {
    const { TraceSummaries } = await ask("GetTraceSummaries", {
      StartTime: from,
      EndTime: to,
      FilterExpression: filter,
    });
    return (TraceSummaries as { Id: string }[]).map(({ Id }) => Id);
  };
  return { xray, ask, ids };
}

describe("BatchGetTraces", () => {
  it("puts what was sent in parts together, whatever came first", async () => {
    const inner = part({ id: id("3"), parent_id: id("2"), name: "attempt" });
    const { ask } = service(inner, part(), segment());
    const { Traces } = await ask("BatchGetTraces", { TraceIds: [traceId("a"), traceId("b")] });
    const [trace] = Traces as { Id: string; Duration: number; Segments: { Document: string }[] }[];
    expect(Traces).toHaveLength(1);
    expect(trace).toMatchObject({ Id: traceId("a"), Duration: 1.5 });
    expect(JSON.parse(trace?.Segments[0]?.Document ?? "")).toEqual({
      ...segment(),
      subsegments: [{ ...part(), subsegments: [inner] }],
    });
  });

  it("replaces a segment in progress by itself, and keeps a part whose segment never came", async () => {
    const { end_time: _, ...begun } = segment({ in_progress: true });
    const { ask } = service(begun, segment(), part({ parent_id: id("9") }));
    const { Traces } = await ask("BatchGetTraces", { TraceIds: [traceId("a")] });
    const [trace] = Traces as { Segments: { Id: string; Document: string }[] }[];
    expect(trace?.Segments.map(({ Id }) => Id)).toEqual([id("1"), id("2")]);
    expect(trace?.Segments[0]?.Document).not.toContain("in_progress");
  });
});

describe("PutTraceSegments", () => {
  it.each<[string, string]>([
    ["no JSON", "{"],
    ["no trace", JSON.stringify({ ...segment(), trace_id: "1-2-3" })],
    ["neither end nor progress", JSON.stringify({ ...segment(), end_time: undefined })],
    ["a part of nothing", JSON.stringify({ ...part(), parent_id: undefined })],
    ["a part without a begin", JSON.stringify(segment({ subsegments: [{ id: id("4"), name: "SQS" }] }))],
    ["a part that is none", JSON.stringify(segment({ subsegments: [null] }))],
    ["a time beyond all dates", JSON.stringify(segment({ end_time: 1e300 }))],
    ["too much", JSON.stringify(segment({ metadata: "x".repeat(70_000) }))],
  ])("gives back a document with %s and keeps the others", async (_what, document) => {
    const { ask, ids } = service();
    const answer = await ask("PutTraceSegments", { TraceSegmentDocuments: [document, JSON.stringify(segment())] });
    expect(answer.UnprocessedTraceSegments).toMatchObject([{ ErrorCode: "InvalidSegment" }]);
    expect(await ids()).toEqual([traceId("a")]);
  });
});

describe("GetTraceSummaries", () => {
  const trouble = segment({
    trace_id: traceId("b"),
    start_time: 110,
    end_time: 118,
    name: "webhook-dedup-dev",
    origin: "AWS::Lambda::Function",
    annotations: { eventId: "stripe:evt_1", tier: "high", attempts: 2, last: true },
    http: { request: { method: "POST", url: "/webhooks/{provider}" }, response: { status: 502 } },
    subsegments: [{ id: id("4"), name: "DynamoDB", start_time: 110, end_time: 111, fault: true }],
  });

  it("tells what is in a trace", async () => {
    const { ask } = service(trouble);
    const { TraceSummaries } = await ask("GetTraceSummaries", { StartTime: new Date(0), EndTime: new Date(200_000) });
    expect(TraceSummaries).toEqual([
      expect.objectContaining({
        Id: traceId("b"),
        StartTime: new Date(110_000),
        Duration: 8,
        ResponseTime: 8,
        HasFault: true,
        HasError: false,
        IsPartial: false,
        Http: { HttpURL: "/webhooks/{provider}", HttpMethod: "POST", HttpStatus: 502 },
        EntryPoint: { Name: "webhook-dedup-dev", Names: ["webhook-dedup-dev"], Type: "AWS::Lambda::Function" },
        Annotations: {
          eventId: [{ AnnotationValue: { StringValue: "stripe:evt_1" }, ServiceIds: [] }],
          tier: [{ AnnotationValue: { StringValue: "high" }, ServiceIds: [] }],
          attempts: [{ AnnotationValue: { NumberValue: 2 }, ServiceIds: [] }],
          last: [{ AnnotationValue: { BooleanValue: true }, ServiceIds: [] }],
        },
      }),
    ]);
  });

  it.each<[string, boolean, boolean]>([
    ['annotation.eventId = "stripe:evt_1"', false, true],
    ['annotation[eventId] = "stripe:evt_2"', false, false],
    ["annotation[eventId]", false, true],
    ['annotation.tier = "high" AND fault', false, true],
    ["fault OR ok", true, true],
    ["!fault", true, false],
    ["ok", true, false],
    ["(error OR fault) AND responsetime >= 8", false, true],
    ["responsetime > 1 AND duration < 2", true, false],
    ['service("webhook-validator-dev")', true, false],
    ["annotation.attempts > 1", false, true],
    ["annotation.last = true", false, true],
    ['http.url BEGINSWITH "/webhooks"', false, true],
    ["http.status != 200", false, true],
    ['http.url CONTAINS "nowhere"', false, false],
  ])("finds by %s", async (filter, plain, troubled) => {
    const { ids } = service(segment(), trouble);
    expect(await ids(filter)).toEqual([...(troubled ? [traceId("b")] : []), ...(plain ? [traceId("a")] : [])]);
  });

  it.each([
    "edge(a, b)",
    "fault = true",
    "annotation eventId",
    "fault AND",
    "(fault",
    "fault fault",
    "rootcause.fault",
    'service(id(name: "x"))',
    "§",
  ])("refuses %s by name", async (filter) => {
    await expect(service(segment()).ids(filter)).rejects.toMatchObject({ code: "InvalidRequestException" });
  });

  it("finds by the time at which a trace began, six hours at the most", async () => {
    const { ids } = service(segment(), trouble);
    expect(await ids(undefined, 105, 110)).toEqual([traceId("b")]);
    await expect(ids(undefined, 0, 6 * 60 * 60 + 1)).rejects.toThrow("six hours");
  });

  it("keeps the newest traces only, and gives them a hundred at a time", async () => {
    const { ids } = service(...["a", "b", "c", "d"].map((one) => segment({ trace_id: traceId(one) })));
    expect((await ids()).sort()).toEqual([traceId("b"), traceId("c"), traceId("d")]);
    const many = createXrayService({ keep: 150 });
    for (let count = 0; count < 120; count += 1) {
      many.put(JSON.stringify(segment({ trace_id: `1-67000000-${String(count).padStart(24, "0")}` })));
    }
    const page = async (NextToken?: string) =>
      many.operations.GetTraceSummaries?.(operator, { StartTime: 0, EndTime: 200, NextToken });
    const first = (await page()) as { TraceSummaries: object[]; NextToken: string };
    const second = (await page(first.NextToken)) as { TraceSummaries: object[]; NextToken?: string };
    expect([first.TraceSummaries.length, second.TraceSummaries.length, second.NextToken]).toEqual([100, 20, undefined]);
  });
});

it("finds the traces of an event, by any part of them", () => {
  const annotated = part({ annotations: { eventId: "stripe:evt_1" } });
  const { xray } = service(segment(), annotated, segment({ trace_id: traceId("b") }));
  expect(xray.tracesOf("stripe:evt_1").map((trace) => trace.id)).toEqual([traceId("a")]);
  expect(xray.tracesOf("stripe:evt_2")).toEqual([]);
});
