/** X-Ray's traces of webhooks, from the API to the decision, asked for as X-Ray's own clients ask. */
import type { LocalProcess } from "../../local/process.ts";
import { named, payment, send, sign, startPipeline, tablesOf, until } from "./harness.ts";

interface Segment {
  readonly id: string;
  readonly parent_id?: string;
  readonly name: string;
  readonly origin?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly subsegments?: readonly Segment[];
}

let runtime: LocalProcess;
beforeAll(async () => {
  runtime = await startPipeline(["--memory", "--speed", "20"]);
});
afterAll(() => runtime?.stop());

async function ask<T>(path: string, input: object): Promise<T> {
  const authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/xray/aws4_request, Signature=none";
  const answer = await fetch(`${runtime.awsUrl}${path}`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

async function idsOf(filter: string): Promise<string[]> {
  const now = Date.now() / 1_000;
  const request = { StartTime: now - 600, EndTime: now + 60, FilterExpression: filter };
  const { TraceSummaries } = await ask<{ TraceSummaries: { Id: string }[] }>("/TraceSummaries", request);
  return TraceSummaries.map(({ Id }) => Id);
}

async function segmentsOf(id: string): Promise<Segment[]> {
  const { Traces } = await ask<{ Traces: { Segments: { Document: string }[] }[] }>("/Traces", { TraceIds: [id] });
  return (Traces[0]?.Segments ?? []).map(({ Document }) => JSON.parse(Document) as Segment);
}

const partsOf = (segments: readonly Segment[]): Segment[] =>
  segments.flatMap((segment) => [segment, ...partsOf(segment.subsegments ?? [])]);

/** Names of segments (with what kind of service they are) from the one that is looked for up to the first. */
function wayTo(segments: readonly Segment[], isLookedFor: (segment: Segment) => boolean): string[] {
  const owners = new Map(segments.flatMap((segment) => partsOf([segment]).map(({ id }) => [id, segment] as const)));
  const way: string[] = [];
  let at = segments.find(isLookedFor);
  while (at !== undefined) {
    way.push(`${at.name} ${at.origin}`);
    at = owners.get(at.parent_id ?? "");
  }
  return way.reverse();
}

const lambda = (name: "webhook-validator" | "webhook-dedup" | "fraud-detector") => named.lambda(name);
const toDedup = [
  `${named.restApi}/v1 AWS::ApiGateway::Stage`,
  `${lambda("webhook-validator")} AWS::Lambda`,
  `${lambda("webhook-validator")} AWS::Lambda::Function`,
  `${lambda("webhook-dedup")} AWS::Lambda::Function`,
];

async function webhook(id: string, amountMinor: number, headers: Record<string, string> = {}) {
  const signed = sign({ body: payment({ id, amountMinor }) });
  await send(runtime, { ...signed, headers: { ...signed.headers, ...headers } });
  await tablesOf(runtime).decision(`stripe:pi_${id}`);
}

const annotatedWith = (eventId: string) => `annotation[eventId] = "${eventId}"`;

describe("one webhook is one trace", () => {
  it("from the API through a state machine to its score, by the state machine's segments", async () => {
    await webhook("traced_medium", 500_000);
    const [id = ""] = await until("the trace", async () => {
      const ids = await idsOf(
        `${annotatedWith("stripe:evt_traced_medium")} AND service("${lambda("fraud-detector")}")`,
      );
      return ids.length > 0 ? ids : undefined;
    });
    const isScore = ({ name, origin }: Segment) =>
      name === lambda("fraud-detector") && origin === "AWS::Lambda::Function";
    const segments = await until("its end", async () => {
      const found = await segmentsOf(id);
      return wayTo(found, isScore)[0] === toDedup[0] ? found : undefined;
    });
    expect(wayTo(segments, isScore)).toEqual([
      ...toDedup,
      `${named.stateMachines.transactionWorkflow} AWS::StepFunctions::StateMachine`,
      `${lambda("fraud-detector")} AWS::Lambda`,
      `${lambda("fraud-detector")} AWS::Lambda::Function`,
    ]);
    expect(await idsOf(annotatedWith("stripe:evt_traced_medium"))).toEqual([id]);
    const dedup = segments.find(({ name, annotations }) => name === lambda("webhook-dedup") && annotations);
    expect(dedup?.annotations).toMatchObject({
      eventId: "stripe:evt_traced_medium",
      provider: "stripe",
      tier: "medium",
    });
    expect(dedup?.subsegments?.map(({ name }) => name)).toContain("DynamoDB");
  });

  it("from the API through the low tier's queue to its decision, although queues are worked off in batches", async () => {
    await Promise.all(["a", "b", "c"].map((one) => webhook(`traced_low_${one}`, 1_000)));
    for (const one of ["a", "b", "c"]) {
      const eventId = `stripe:evt_traced_low_${one}`;
      // What comes first in a trace may be told last: a parent ends after what it called.
      const way = await until("the whole way", async () => {
        const [id, ...others] = await idsOf(annotatedWith(eventId));
        expect(others).toEqual([]);
        const found = id === undefined ? [] : await segmentsOf(id);
        const seen = wayTo(found, ({ name }) => name === lambda("fraud-detector"));
        return seen[0] === toDedup[0] ? seen : undefined;
      });
      expect(way).toEqual([...toDedup, `${lambda("fraud-detector")} AWS::Lambda::Function`]);
    }
  });

  it("goes on from the sender's header, whose decision counts until the high tier is told", async () => {
    const root = `1-67000000-${"9".repeat(24)}`;
    await webhook("traced_not", 1_000, { "X-Amzn-Trace-Id": `Root=${root};Sampled=0` });
    expect(await segmentsOf(root)).toEqual([]);
    const high = `1-67000000-${"8".repeat(24)}`;
    await webhook("traced_high", 2_000_000, { "X-Amzn-Trace-Id": `Root=${high};Sampled=0` });
    // The state machine's own segment comes last, when the execution has ended.
    const segments = await until("the trace from the bus on", async () => {
      const found = await segmentsOf(high);
      return found.some(({ name }) => name === named.stateMachines.highValueReview) ? found : undefined;
    });
    const way = wayTo(segments, ({ name }) => name === lambda("fraud-detector"));
    expect(way[0]).toBe(`${named.stateMachines.highValueReview} AWS::StepFunctions::StateMachine`);
  });
});

it("rule 19: no trace has what a payment says of people", async () => {
  const body = payment({ id: "traced_person", amountMinor: 500_000, metadata: { email: "jane@example.com" } });
  const signed = sign({ body });
  await send(runtime, signed);
  await tablesOf(runtime).decision("stripe:pi_traced_person");
  const ids = await until("the trace", async () => {
    const found = await idsOf(annotatedWith("stripe:evt_traced_person"));
    return found.length > 0 ? found : undefined;
  });
  const text = JSON.stringify(await Promise.all(ids.map(segmentsOf)));
  expect(text).toContain("traced_person");
  expect(text).not.toMatch(/jane|example\.com|pi_traced_person|500000|whsec_/);
});
