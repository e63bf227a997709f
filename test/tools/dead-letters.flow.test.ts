/** Dead letters and replays on the running pipeline, as the command line and the daily copy deal with them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { placeholderAccountId } from "../../config/environments.ts";
import { createCopying } from "../../lambdas/dead-letter-copy/copy-dead-letters.ts";
import { createArchiveObjects } from "../../lambdas/shared/aws/archive-objects.ts";
import { createDeadLetterSource } from "../../lambdas/shared/aws/dead-letter-source.ts";
import { dayOfLetter, deadLetterKeys, storedLetterSchema } from "../../lambdas/shared/domain/dead-letters.ts";
import type { LocalProcess } from "../../local/process.ts";
import {
  clientOptions,
  named,
  payment,
  send,
  sign,
  startPipeline,
  tablesOf,
  temporaryDirectory,
  until,
} from "../flow/harness.ts";
import { runCommandLine, startCommandLine } from "../support/command-line.ts";

let runtime: LocalProcess;
let queuesFile: string;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
  queuesFile = join(temporaryDirectory(), "queues.json");
  const url = (name: string) => `${runtime.awsUrl}/000000000000/${name}`;
  const queues = [
    { name: deadLetters, url: url(deadLetters), redrive: { kind: "queue", url: url(named.queues.webhookEvents) } },
    {
      name: named.queues.workflowFailed,
      url: url(named.queues.workflowFailed),
      redrive: { kind: "bus", name: named.bus },
    },
  ];
  writeFileSync(queuesFile, JSON.stringify(queues));
});
afterAll(() => runtime?.stop());

const deadLetters = named.dlq("webhook-events");
const bucket = named.bucket("transaction-audit-logs", placeholderAccountId, "us-east-1");

/** The command line as a process of its own, pointed at the runtime; what it prints as JSON. */
async function cli(...args: readonly string[]) {
  const { code, out, err } = await runCommandLine([...args, "--endpoint", runtime.awsUrl, "--json"]);
  return { code, err, json: out === "" ? undefined : (JSON.parse(out) as Record<string, unknown>) };
}
const dlq = (...args: readonly string[]) => cli("dlq", ...args, "--queues", queuesFile);

interface Shown {
  readonly messageId: string;
  readonly reason?: string;
  readonly eventId?: string;
}

/** What is in webhook-events-dlq, once there is as much. */
function shown(count: number): Promise<readonly Shown[]> {
  return until(`${count} dead letters`, async () => {
    const { json } = await dlq("show", "webhook-events-dlq");
    const messages = (json?.messages ?? []) as readonly Shown[];
    return messages.length === count ? messages : undefined;
  });
}

const sqs = () => new SQSClient(clientOptions(runtime));
const s3 = () => new S3Client({ ...clientOptions(runtime), forcePathStyle: true });

async function decisionsOn(transactionId: string): Promise<readonly string[]> {
  const items = await tablesOf(runtime).ofTransaction(transactionId);
  return items.filter(({ kind }) => kind === "decision").map(({ eventId }) => String(eventId));
}

describe("dead letters", () => {
  it("rule 15: an event whose id is taken is booked under an id of its own, once", async () => {
    const [real, other] = [payment({ id: "taken", amountMinor: 1_000 }), payment({ id: "taken", amountMinor: 2_000 })];
    expect((await send(runtime, sign({ body: real }))).status).toBe(200);
    await tablesOf(runtime).decision("stripe:pi_taken");
    expect((await send(runtime, sign({ body: other }))).status).toBe(200);
    const [letter] = await shown(1);
    expect(letter).toMatchObject({ reason: "event-id-reused", eventId: "stripe:evt_taken" });
    const id = letter?.messageId ?? "";

    const plain = await dlq("redrive", "webhook-events-dlq", "--go");
    expect(plain).toMatchObject({ code: 0, json: { sent: 0, stays: 1 } });
    const own = ["redrive", deadLetters, "--message", id, "--under-own-id", "--by", "ada", "--why", "two payments"];
    expect(await dlq(...own)).toMatchObject({ code: 0, json: { isDryRun: true, sent: 1 } });
    expect(await dlq(...own, "--go")).toMatchObject({ code: 0, json: { sent: 1 } });
    await until("a second decision", async () => {
      const decisions = await decisionsOn("stripe:pi_taken");
      return decisions.length === 2 ? decisions : undefined;
    });
    const ownId = (await decisionsOn("stripe:pi_taken")).find((eventId) => eventId.includes("~")) ?? "";
    expect(ownId).toMatch(/^stripe:evt_taken~[0-9a-f]{12}$/);
    const record = await tablesOf(runtime).record(ownId);
    expect(record).toMatchObject({ status: "COMPLETED", source: "replay" });
    expect([...((record?.replays ?? []) as Set<string>)]).toEqual([
      expect.stringContaining('"by":"ada","why":"two payments"'),
    ]);
    expect(await dlq(...own, "--go")).toMatchObject({ code: 1, json: { missing: [id] } });
  }, 60_000);

  it("a message that is hopeless is copied, and dropped on record", async () => {
    const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.webhookEvents}`;
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: "{" }));
    const [letter] = await shown(1);
    expect(letter).toMatchObject({ reason: "not-json" });
    const objects = createArchiveObjects(s3(), bucket);
    const copy = createCopying({ source: createDeadLetterSource(sqs()), objects, now: Date.now }, 30);
    const queue = { name: deadLetters, url: `${runtime.awsUrl}/000000000000/${deadLetters}` };
    expect(await copy([queue], Date.now() + 20_000)).toMatchObject([{ copied: 1, isComplete: true }]);
    expect(await copy([queue], Date.now() + 20_000)).toMatchObject([{ copied: 0, known: 1, isComplete: true }]);

    const id = letter?.messageId ?? "";
    const drop = ["drop", deadLetters, "--message", id, "--by", "ada", "--why", "no webhook"];
    expect(await dlq(...drop)).toMatchObject({ code: 0, json: { isDryRun: true, dropped: 1 } });
    await shown(1);
    expect(await dlq(...drop, "--go")).toMatchObject({ code: 0, json: { dropped: 1 } });
    await shown(0);
    const day = new Date().toISOString().slice(0, 10);
    const kept = await s3().send(
      new GetObjectCommand({ Bucket: bucket, Key: deadLetterKeys.dropped(day, deadLetters, id) }),
    );
    const text = JSON.parse((await kept.Body?.transformToString()) ?? "null");
    expect(text).toMatchObject({ body: "{", dropped: { by: "ada", why: "no webhook" } });
    expect(dayOfLetter(v.parse(storedLetterSchema, text))).toBe(day);
  }, 60_000);

  it("an event of a failed workflow goes onto the bus again", async () => {
    expect((await send(runtime, sign({ body: payment({ id: "failed", amountMinor: 300_000 }) }))).status).toBe(200);
    await tablesOf(runtime).decision("stripe:pi_failed");
    const items = await tablesOf(runtime).ofTransaction("stripe:pi_failed");
    const {
      archivePartition: _,
      entry: __,
      kind: ___,
      source: ____,
      tier: _____,
      ...event
    } = items.find(({ kind }) => kind === "fact") ?? {};
    const body = JSON.stringify({ event: { ...event, amountMinor: "300000" }, error: { Error: "States.Timeout" } });
    const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.workflowFailed}`;
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    expect(await dlq("redrive", "workflow-failed", "--go")).toMatchObject({ code: 0, json: { sent: 1 } });
    await runtime.untilIdle();
    expect(await decisionsOn("stripe:pi_failed")).toEqual(["stripe:evt_failed"]);
    const { json } = await dlq("list");
    const counted = json?.queues as readonly { readonly name: string; readonly waiting: number }[];
    expect(counted.map(({ name, waiting }) => [name, waiting])).toEqual([
      [deadLetters, 0],
      [named.queues.workflowFailed, 0],
    ]);
  });
});

describe("a look and a redrive that are stopped", () => {
  const QueueUrl = () => `${runtime.awsUrl}/000000000000/${deadLetters}`;

  async function counts() {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl: QueueUrl(), AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await sqs().send(command);
    return { waiting: Number(Attributes[AttributeNames[0]]), held: Number(Attributes[AttributeNames[1]]) };
  }

  it("hide nothing from others, and say what was done", async () => {
    for (let at = 0; at < 12; at += 1) {
      await sqs().send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: String(at) }));
    }
    const where = ["--queues", queuesFile, "--endpoint", runtime.awsUrl];
    expect((await runCommandLine(["dlq", "show", deadLetters, ...where])).out).toContain(
      "… and there are more: --limit 100",
    );
    expect(await dlq("show", deadLetters, "--limit", "12")).toMatchObject({ json: { hasMore: false } });
    expect(await counts()).toEqual({ waiting: 12, held: 0 });

    const slow = ["--rate", "0.1", "--go", "--json"];
    const command = startCommandLine(["dlq", "redrive", deadLetters, ...slow, ...where]);
    // One is sent, and the nine that were taken with it wait for their turns.
    await until("nine held letters", async () => ((await counts()).held === 9 ? true : undefined));
    command.signal("SIGINT");
    const { code, out, err } = await command.ended;
    expect({ code, json: JSON.parse(out) }).toMatchObject({ code: 130, json: { sent: 1, isStopped: true, hidden: 0 } });
    expect(err).toContain("1 message sent (to the queue webhook-events-dev).\nStopped: nobody has looked at");
    expect(await counts()).toMatchObject({ held: 0 });
    await sqs().send(new PurgeQueueCommand({ QueueUrl: QueueUrl() }));
  }, 60_000);
});

describe("replays", () => {
  it("leave a completed event alone, and by force put it on the bus once more without counting it twice", async () => {
    expect((await send(runtime, sign({ body: payment({ id: "again", amountMinor: 1_000 }) }))).status).toBe(200);
    await tablesOf(runtime).decision("stripe:pi_again");
    const idle = await cli("replay", "stripe:evt_again", "--go");
    expect(idle).toMatchObject({ code: 0, json: { events: [{ outcome: "nothing" }] } });
    const force = ["--force", "--by", "ada", "--why", "the rule was off", "--go"];
    const forced = await cli("replay", "stripe:evt_again", ...force);
    expect(forced).toMatchObject({ code: 0, json: { events: [{ outcome: "sent", why: "the rule was off" }] } });
    const replays = await until("the replay's record", async () => {
      return (await tablesOf(runtime).record("stripe:evt_again"))?.replays as Set<string> | undefined;
    });
    expect([...replays]).toEqual([expect.stringContaining('"by":"ada","why":"the rule was off"')]);
    await runtime.untilIdle();
    expect(await decisionsOn("stripe:pi_again")).toEqual(["stripe:evt_again"]);
    const { json } = await cli("show", "stripe:evt_again");
    expect(json).toMatchObject({ event: { replays: [{ by: "ada", why: "the rule was off" }] } });
  });

  it("of a range and a tier say what each event's way would be today", async () => {
    // A currency that is one, and that the table of rates doesn't have.
    const unrated = payment({ id: "unrated", amountMinor: 5_000, currency: "kpw" });
    expect((await send(runtime, sign({ body: unrated }))).status).toBe(200);
    await until("the event's record", () => tablesOf(runtime).record("stripe:evt_unrated"));
    await runtime.untilIdle();
    const today = new Date().toISOString().slice(0, 10);
    const ranged = await cli("replay", "--from", today, "--tier", "unroutable");
    const events = [{ eventId: "stripe:evt_unrated", outcome: "nothing" }];
    expect(ranged).toMatchObject({ code: 0, json: { isDryRun: true, events } });
  });

  it("of what nobody has recorded fail, and say what to do", async () => {
    const unknown = await cli("replay", "stripe:evt_never");
    expect(unknown).toMatchObject({ code: 1, json: { events: [{ outcome: "not-found" }] } });
    expect(unknown.err).toContain("--day");
    expect(await cli("replay")).toMatchObject({ code: 2 });
    expect(await cli("replay", "stripe:evt_1", "--force")).toMatchObject({ code: 2 });
  });
});
