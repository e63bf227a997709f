/** The console's API on a running system: what a person sees and does there. */
import { request } from "node:http";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type {
  ArchiveDays,
  Audited,
  Done,
  EventAnswer,
  Flow,
  Letters,
  Queues,
  Reconciliation,
  Redriven,
  Review,
  SendChoices,
  SendOrder,
  Sent,
  TraceView,
} from "../../local/console/answers.ts";
import type { LocalProcess } from "../../local/process.ts";
import { clientOptions, named, send, sign, startPipeline, until } from "./harness.ts";

jest.setTimeout(120_000);

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(async () => {
  await runtime.stop();
});

/** Everything that the API has answered in this file, for what it must never hold. */
const answered: string[] = [];

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  answered.push(text);
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as T;
}

const ask = async <T>(question: string) => answerOf<T>(await fetch(`${runtime.awsUrl}/console/api/${question}`));

async function act<T>(deed: string, body: object): Promise<T> {
  const headers = { "content-type": "application/json", origin: runtime.awsUrl };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return answerOf<T>(await fetch(`${runtime.awsUrl}/console/api/${deed}`, request));
}

const event = (id: string) => ask<EventAnswer>(`event?id=${encodeURIComponent(id)}`);

async function sent(order: SendOrder): Promise<string> {
  const { result, said } = await act<Done<Sent>>("send", order);
  if (result === undefined) throw new Error(said);
  return result.eventId;
}

const payment = { provider: "stripe", type: "payment.succeeded", currency: "USD" };

describe("the pages", () => {
  it("come from this machine alone, and bring nothing from elsewhere", async () => {
    const page = await fetch(`${runtime.awsUrl}/console`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    for (const [, address = ""] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      if (address.startsWith("data:")) continue;
      expect(address).toMatch(/^\/console\//);
      expect((await fetch(`${runtime.awsUrl}${address}`)).status).toBe(200);
    }
  });

  it("aren't at the webhook API, which people let the internet reach", async () => {
    expect((await fetch(`${runtime.apiUrl}/console`)).status).not.toBe(200);
  });

  it("answer no other site's page", async () => {
    const headers = { "content-type": "application/json", origin: "http://evil.example" };
    const url = `${runtime.awsUrl}/console/api/send`;
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(403);
  });
});

describe("the other doors", () => {
  const secret = JSON.stringify({ SecretId: "webhook-secrets/stripe-dev" });
  const getSecret = { "x-amz-target": "secretsmanager.GetSecretValue", "content-type": "application/x-amz-json-1.1" };

  /** `fetch` doesn't let its caller choose the host's name. */
  const asked = (url: string, headers: Readonly<Record<string, string>>, body = "") =>
    new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
      const authorization = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/secretsmanager/aws4_request";
      const options = { method: body === "" ? "GET" : "POST", headers: { authorization, ...headers } };
      request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("end", () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      })
        .once("error", reject)
        .end(body);
    });

  it.each([
    ["a name that is rebound to this machine", { host: "evil.example:4566" }],
    ["another site's page", { origin: "http://evil.example" }],
    ["another site's page that says so in other words", { "sec-fetch-site": "cross-site" }],
  ])("tell and do nothing for %s", async (_who, headers) => {
    const stolen = await asked(runtime.awsUrl, { ...getSecret, ...headers }, secret);
    expect(stolen.status).toBe(403);
    expect(stolen.text).not.toContain("whsec_");
    for (const url of [`${runtime.awsUrl}/_local/status`, `${runtime.providersUrl}/v1/events`]) {
      expect((await asked(url, headers)).status).toBe(403);
    }
  });

  it("are open to an SDK and a terminal, and the webhook API to a tunnel", async () => {
    const read = await asked(runtime.awsUrl, getSecret, secret);
    expect(read.status).toBe(200);
    expect((await asked(`${runtime.awsUrl}/_local/status`, {})).status).toBe(200);
    const tunnelled = await asked(`${runtime.apiUrl}/webhooks/stripe`, { host: "a-tunnel.example" }, "{}");
    expect(JSON.parse(tunnelled.text)).toHaveProperty("error");
    expect(tunnelled.text).not.toContain("wrong_host");
  });
});

describe("a webhook sent from the form", () => {
  it("can tell what the provider can", async () => {
    const { providers, monetary, thresholds } = await ask<SendChoices>("send");
    expect(providers.find(({ name }) => name === "github")?.types).toEqual(["other"]);
    expect(monetary).toContain("payment.succeeded");
    expect(thresholds).toEqual({ mediumFrom: 1_000, highAbove: 10_000 });
  });

  it.each([
    ["low", "12.34", []],
    ["medium", "2500", ["transaction-workflow-dev"]],
  ] as const)("is followed to its decision: tier %s", async (tier, amount, machines) => {
    const id = await sent({ ...payment, amount });
    const answer = await until("a decision", async () => {
      const found = await event(id);
      const isOver = found.executions.every(({ status }) => status !== "RUNNING");
      return found.report.decision !== undefined && isOver ? found : undefined;
    });
    expect(answer.report.tier).toBe(tier);
    const matched = answer.rules.filter(({ isMatch }) => isMatch).map(({ name }) => name);
    expect(matched).toEqual(["every-event-dev", `${tier}-value-dev`]);
    expect(answer.executions.map(({ machine }) => machine)).toEqual(machines);
    for (const { path, states } of answer.executions) {
      expect(path[0]).toBe("KeepEvent");
      expect(path.at(-1)).toBe("Done");
      expect(states.find(({ name }) => name === "RecordDecision")).toMatchObject({ entered: 1, hasFailed: false });
    }
    const where = answer.timeline.filter(({ kind }) => kind === "log").map((moment) => moment.where);
    expect(where).toEqual(
      expect.arrayContaining(["payment-webhooks-dev", "webhook-validator-dev", "webhook-dedup-dev"]),
    );
    expect(answer.archive).not.toHaveProperty("manifest");
  });

  it("says what is wrong with an order that can't be sent", async () => {
    await expect(act("send", { ...payment, amount: "a lot" })).rejects.toThrow(/400 .*decimal number/);
    await expect(act("send", { ...payment, amount: "-1" })).rejects.toThrow(/400 .*--amount is more than 0/);
    await expect(act("send", { ...payment, amount: "1", id: "--to=http://evil.example" })).rejects.toThrow(
      /400 .*id \(it may not begin with a hyphen\)/,
    );
    await expect(act("send", { ...payment, provider: "hmac", amount: "1", id: "Zahlung №1" })).rejects.toThrow(
      /400 .*no room for such characters: give another --id/,
    );
  });

  it("is counted at each stage, and once however often it comes", async () => {
    const id = await sent({ ...payment, amount: "7.00", id: "evt_twice" });
    await sent({ ...payment, amount: "7.00", id: "evt_twice" });
    const flow = await until("both deliveries and the decision", async () => {
      const found = await ask<Flow>("flow?minutes=15");
      const webhook = found.newest.find(({ eventId }) => eventId === id);
      const duplicates = found.stages.flatMap(({ outcomes }) => outcomes).find(({ word }) => word === "duplicate");
      return webhook?.decided !== undefined && webhook.deliveries === 2 && duplicates?.count === 1 ? found : undefined;
    });
    expect(flow.newest.filter(({ eventId }) => eventId === id)).toHaveLength(1);
    expect(flow.isBehind).toBe(false);
    const decided = flow.stages.find(({ key }) => key === "decided");
    expect(decided?.count).toBe(flow.newest.filter((webhook) => webhook.decided !== undefined).length);
  });
});

describe("an event's traces", () => {
  const services = [
    named.lambda("webhook-validator"),
    named.lambda("webhook-dedup"),
    named.stateMachines.transactionWorkflow,
    named.lambda("workflow-claim"),
    named.lambda("fraud-detector"),
  ];
  const servicesOf = (trace: TraceView | undefined) =>
    (trace?.rows ?? []).filter(({ origin = "" }) => /^(Lambda::Function|StepFunctions)/.test(origin));

  it("lead from the API to the decision, each part below what called it", async () => {
    const id = await sent({ ...payment, amount: "3500" });
    // A trace comes in pieces, each when it is over.
    const { found, absent } = await until("the whole trace", async () => {
      const { traces } = await event(id);
      const [own, batch] = traces.found;
      const isWhole = own?.isPartial === false && own.rows.filter(({ depth }) => depth === 0).length === 1;
      return isWhole && servicesOf(own).length === services.length && batch !== undefined ? traces : undefined;
    });
    expect(absent).toBeUndefined();
    const [own, batch] = found;
    expect(own).toMatchObject({
      of: "event",
      isCut: false,
      annotations: [
        { key: "eventId", values: [id] },
        { key: "provider", values: ["stripe"] },
        { key: "tier", values: ["medium"] },
      ],
    });
    const rows = own?.rows ?? [];
    expect(rows[0]).toMatchObject({ name: `${named.restApi}/v1`, origin: "ApiGateway::Stage", offsetMs: 0 });
    expect(servicesOf(own).map(({ name }) => name)).toEqual(services);
    const depths = servicesOf(own).map(({ depth }) => depth);
    expect(depths.slice(0, -1)).toEqual(depths.slice(0, -1).toSorted((one, other) => one - other));
    expect(rows.map(({ detail }) => detail)).toContain(`SendMessage ${named.queues.webhookEvents}`);
    expect(batch?.of).toBe("batch");
    expect(servicesOf(batch).map(({ name }) => name)).toEqual([named.lambda("webhook-dedup")]);
  });
});

describe("a review", () => {
  it("is decided, and the event then shows by whom", async () => {
    const risky = { risk: "70", cardCountry: "NG", customerCountry: "DE" };
    const id = await sent({ ...payment, amount: "15000", ...risky });
    await until("the review", async () =>
      (await ask<readonly Review[]>("reviews")).find(({ eventId }) => eventId === id),
    );
    const waiting = (await event(id)).executions[0];
    expect(waiting?.states.find(({ isRunning }) => isRunning)?.name).toBe("OpenReview");
    const done = await act<Done>("reviews", { eventId: id, decision: "approve", by: "ada", why: "known customer" });
    expect(done).toMatchObject({ isDone: true });
    expect((await event(id)).report.decision).toMatchObject({
      decision: "APPROVE",
      decidedBy: "ada",
      why: "known customer",
    });
    expect(JSON.stringify(await event(id))).not.toMatch(/taskToken|lockToken/i);
    const again = await act<Done>("reviews", { eventId: id, decision: "block", by: "bob", why: "late" });
    expect(again).toMatchObject({ isDone: false });
    expect(again.said).toMatch(/decided already/);
  });
});

describe("a message that nobody could handle", () => {
  it("is shown without its body, and redriven", async () => {
    const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.webhookEvents}`;
    const MessageBody = "no JSON, card 4242424242424242 of jane@customer.example";
    await new SQSClient(clientOptions(runtime)).send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const queue = named.dlq("webhook-events");
    await until("the dead letter", async () =>
      (await ask<Queues>("queues")).ends.find(({ name, waiting }) => name === queue && waiting === 1),
    );
    const { messages } = await until("the letter itself", async () => {
      const letters = await ask<Letters>(`queue?name=${queue}`);
      return letters.messages.length > 0 ? letters : undefined;
    });
    expect(messages).toEqual([expect.objectContaining({ reason: "not-json" })]);
    const dry = await act<Done<Redriven>>("queues/redrive", { queue, go: false });
    expect(dry.result).toMatchObject({ isDryRun: true, sent: 1 });
    const { result } = await act<Done<Redriven>>("queues/redrive", { queue, go: true });
    expect(result).toMatchObject({ isDryRun: false, sent: 1, failed: 0 });
  });
});

describe("the books", () => {
  it("are sealed, audited and looked into", async () => {
    const id = await sent({ ...payment, amount: "99.50" });
    await until("the decision", async () => (await event(id)).report.decision);
    const { today } = await ask<ArchiveDays>("archive");
    expect(await act<Done>("archive/seal", { through: today })).toMatchObject({ isDone: true });
    expect(await act<Audited>("archive/audit", {})).toMatchObject({ isProven: true, findings: [] });
    const { days, audit } = await ask<ArchiveDays>("archive");
    expect(audit?.isProven).toBe(true);
    expect(audit?.command).toMatch(
      /^npm run cli -- archive trust --out trust\.json .*&& npm run cli -- audit --trust trust\.json /,
    );
    const [day] = days;
    expect(day?.sums.map(({ currency }) => currency)).toContain("USD");
    expect(day?.facts).toBeGreaterThan(0);
    const sealed = await event(id);
    expect(sealed.archive?.manifest).toBe(day?.manifest);
    expect(sealed.report).toMatchObject({ fact: { amountMinor: "9950" }, decision: { decision: "APPROVE" } });
    expect(await ask(`event/archived?id=${id}`)).toMatchObject({ said: expect.stringContaining("valid") });
  });

  it("are compared with the providers' own", async () => {
    expect(await act<Done>("reconciliation/run", {})).toMatchObject({ isDone: true });
    const { runs } = await until("the report", async () => {
      const found = await ask<Reconciliation>("reconciliation");
      return found.runs.length > 0 ? found : undefined;
    });
    expect(await ask(`reconciliation/report?run=${runs[0]}`)).toMatchObject({ runId: runs[0] });
  });
});

describe("what a webhook holds of a person", () => {
  it("is hidden in its id, by which it is found all the same", async () => {
    const id = "eve@private.example";
    const sentAs = await sent({ ...payment, provider: "hmac", amount: "5", id });
    await until("the decision", async () => (await event(`hmac:${id}`)).report.decision);
    expect((await event(`hmac:${id}`)).eventId).toBe(sentAs);
    expect(sentAs).not.toContain(id);
  });

  it("is shown nowhere", async () => {
    const secrets = ["5555555555554444", "john@private.example", "tok_private_1"];
    const [card = "", email = "", token = ""] = secrets;
    const object = {
      id: "pi_private",
      object: "payment_intent",
      amount: 1_500_000,
      currency: "usd",
      customer: "cus_private",
      receipt_email: email,
      description: `${card} ${token}`,
      metadata: { email, card, token },
    };
    const body = { id: "evt_private", object: "event", type: "payment_intent.succeeded", created: 1, data: { object } };
    await send(runtime, sign({ body: { ...body, created: Math.floor(Date.now() / 1_000) } }));
    await until("the decision", async () => (await event("stripe:evt_private")).report.decision);
    await ask("flow?minutes=60");
    const all = answered.join("\n");
    expect(all).toContain("stripe:evt_private");
    for (const secret of [...secrets, "4242424242424242", "jane@customer.example", "whsec_"]) {
      expect(all).not.toContain(secret);
    }
  });
});
