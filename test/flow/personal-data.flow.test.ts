/**
 * Card numbers, e-mail addresses and keys, put wherever a sender can put them, in webhooks of every tier and outcome; then
 * everything that is written down or shown beside the raw webhook is searched for them: log lines, metrics, alarms,
 * traces, and every page of the console (WEBHOOK_RULES 19).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmHistoryCommand, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { DescribeExecutionCommand, paginateListExecutions, SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalProcess } from "../../local/process.ts";
import {
  clientOptions,
  environment,
  named,
  receive,
  send,
  sign,
  startPipeline,
  tablesOf,
  temporaryDirectory,
  until,
} from "./harness.ts";

const personal = {
  card: "4242424242424242",
  groupedCard: "4000 0566 5566 5556",
  email: "jane.doe@customer.example",
  key: "sk_live_51JaneDoe",
  token: "Bearer eyJhbGciOiJIUzI1NiJ9.jane",
};
/** As they may look in logs: as they are, with blanks encoded, and what is left of them when they are cut. */
const traces = [...Object.values(personal), "jane.doe", "4242424242", "0566 5566", "0566%205566", "eyJhbGciOi"];

let runtime: LocalProcess;
const directory = temporaryDirectory();
beforeAll(async () => {
  runtime = await startPipeline(["--data", directory, "--speed", "20"]);
});
afterAll(() => runtime?.stop());

function stripeEvent(id: string, amount: number, risk = 0): object {
  const object = {
    id: `pi_${id}`,
    object: "payment_intent",
    amount,
    currency: "usd",
    customer: personal.email,
    receipt_email: personal.email,
    client_secret: personal.key,
    description: `${personal.groupedCard} of ${personal.email}`,
    metadata: personal,
    latest_charge: {
      id: "ch_1",
      outcome: { risk_score: risk },
      billing_details: { email: personal.email, name: "Jane Doe" },
      payment_method_details: { card: { number: personal.card, fingerprint: personal.card, country: "NG" } },
    },
  };
  const created = Math.floor(Date.now() / 1_000);
  return { id: `evt_${id}`, object: "event", type: "payment_intent.succeeded", created, data: { object } };
}

/** Headers of a client that tells everything about its user. */
const telling = {
  "x-correlation-id": personal.card,
  "user-agent": personal.email,
  authorization: personal.token,
  cookie: `session=${personal.key}`,
  "x-amzn-trace-id": `Root=1-5759e988-bd862e3fe1be46a994272793;Self=${personal.email};Sampled=1;Card=${personal.card};Lineage=${personal.card};Foo=${"x".repeat(240)}`,
};

async function post(
  webhook: Parameters<typeof sign>[0],
  more: { readonly path?: string; readonly spoiled?: true } = {},
) {
  const signed = sign(webhook);
  const headers = { ...signed.headers, ...telling };
  const body = more.spoiled ? Buffer.concat([signed.body, Buffer.from(" ")]) : signed.body;
  return send(runtime, { path: more.path ?? signed.path, headers, body });
}

const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));

const logs = () => filesOf(join(directory, environment, "logs")).join("\n");

async function get(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(`${runtime.awsUrl}${path}`, init);
  return answer.text();
}

async function allMetrics(): Promise<string> {
  const client = new CloudWatchClient(clientOptions(runtime));
  const found: unknown[] = [];
  for await (const page of paginateListMetrics({ client }, {})) found.push(page.Metrics);
  found.push((await client.send(new DescribeAlarmHistoryCommand({}))).AlarmHistoryItems);
  return JSON.stringify(found);
}

async function allTraces(): Promise<string> {
  const authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/xray/aws4_request, Signature=none";
  const ask = (path: string, input: object) =>
    get(path, { method: "POST", headers: { authorization }, body: JSON.stringify(input) });
  const now = Date.now() / 1_000;
  const summaries = await ask("/TraceSummaries", { StartTime: now - 600, EndTime: now + 60 });
  const { TraceSummaries } = JSON.parse(summaries) as { TraceSummaries: { Id: string }[] };
  const whole = await Promise.all(TraceSummaries.map(({ Id }) => ask("/Traces", { TraceIds: [Id] })));
  return [summaries, ...whole].join("\n");
}

/** The headers that executions were started with: more than Step Functions takes would have kept them from starting. */
async function traceHeaders(): Promise<string[]> {
  const client = new SFNClient(clientOptions(runtime));
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${named.stateMachines.highValueReview}`;
  const found: string[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    for (const { executionArn } of executions) {
      found.push((await client.send(new DescribeExecutionCommand({ executionArn }))).traceHeader ?? "none");
    }
  }
  return found;
}

async function allPages(eventIds: readonly string[]): Promise<string> {
  const questions = [
    "about",
    "alarms",
    "archive",
    "dashboards",
    "dashboard?name=transaction-metrics-dev",
    "dashboard?name=finance-dev",
    "flow?minutes=60",
    "queues",
    `queue?name=${named.dlq("webhook-events")}`,
    "reconciliation",
    "reviews",
    "send",
    ...eventIds.map((id) => `event?id=${encodeURIComponent(id)}`),
  ];
  const answers: string[] = [];
  for (const question of questions) answers.push(await get(`/console/api/${question}`));
  return answers.join("\n");
}

it("is in the raw webhook, and in nothing else that is written or shown", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const eventIds: string[] = [];
  for (const [id, amount, risk] of [
    ["low", 999, 0],
    ["medium", 150_000, 0],
    ["high", 1_500_000, 0],
    ["review", 1_600_000, 75],
  ] as const) {
    const answer = await post({ body: stripeEvent(id, amount, risk) });
    expect(answer.status).toBe(200);
    eventIds.push(`stripe:evt_${id}`);
  }
  const plain = { amount: 12, currency: "USD", customer_id: personal.email, metadata: personal };
  for (const deliveryId of [personal.card, personal.email]) {
    const body = { ...plain, transaction_id: deliveryId, type: personal.email };
    const answer = await post({ provider: "hmac", deliveryId, body });
    expect(answer.body.eventId).toMatch(/^hmac:hidden-[0-9a-f]{32}$/);
    eventIds.push(answer.body.eventId ?? "");
  }
  // What is refused, and what nobody can handle.
  expect((await post({ body: stripeEvent("forged", 999) }, { spoiled: true })).status).toBe(401);
  expect((await post({ body: Buffer.from(`no JSON of ${personal.email}`) })).status).toBe(400);
  expect((await post({ body: {} }, { path: `/webhooks/${personal.card}?email=${personal.email}` })).status).toBe(404);
  expect((await post({ body: {} }, { path: `/webhooks/stripe/${personal.email}` })).status).toBe(404);
  const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.webhookEvents}`;
  const MessageBody = JSON.stringify({ ...personal, schema: "none" });
  await new SQSClient(clientOptions(runtime)).send(new SendMessageCommand({ QueueUrl, MessageBody }));

  const tables = tablesOf(runtime);
  for (const id of ["low", "medium", "high"]) await tables.decision(`stripe:pi_${id}`);
  await until("the review", async () => (logs().includes("OpenReview") ? true : undefined));
  const ownIds = eventIds.filter((id) => id.startsWith("hmac:"));
  for (const id of ownIds) {
    await until(`${id} recorded`, async () => ((await tables.record(id))?.status === "COMPLETED" ? true : undefined));
  }
  const letter = await receive(runtime, named.dlq("webhook-events"));
  // It is there where it has to be, so that a search which finds nothing elsewhere has looked for the right thing.
  expect(letter.body).toContain(personal.email);
  await get("/_local/schedules/dead-letter-copy-dev/run");
  await get("/_local/schedules/webhook-reconciliation-dev/run");
  const dayAfterNext = new Date(Date.parse(`${today}T03:00:00Z`) + 2 * 86_400_000).toISOString();
  await get(`/_local/schedules/daily-archive-dev/run?at=${dayAfterNext}`);
  await until("a sealed day", async () => (/"outcome":"sealed"/.test(logs()) ? true : undefined), 40_000);

  const shown = {
    logs: logs(),
    metrics: await allMetrics(),
    traces: await allTraces(),
    console: await allPages(eventIds),
    executions: (await traceHeaders()).join("\n"),
  };
  for (const id of eventIds) expect(shown.logs).toContain(id);
  expect(shown.traces).toContain("stripe:evt_high");
  expect(shown.console).toContain("stripe:evt_review");
  expect(shown.executions).toMatch(/^(Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=1\n?){2}$/);
  expect(shown.metrics).toContain("signatureRefused");
  const found = Object.entries(shown).flatMap(([where, text]) =>
    traces.filter((trace) => text.includes(trace)).map((trace) => `${where}: ${around(text, trace)}`),
  );
  expect(found).toEqual([]);
}, 120_000);

/** Where it stands, for whoever has to find out how it got there. */
function around(text: string, trace: string): string {
  const at = text.indexOf(trace);
  return text.slice(Math.max(0, at - 160), at + 80);
}
