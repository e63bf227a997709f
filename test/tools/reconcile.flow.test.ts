/** Discrepancies and reports by the command line, in tables, buckets and state machines of the running pipeline. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { marshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { deadLetterQueuesSchema } from "../../config/dead-letters.ts";
import type { Discrepancy } from "../../config/reconciliation.ts";
import type { LocalProcess } from "../../local/process.ts";
import { named, startPipeline, temporaryDirectory, until } from "../flow/harness.ts";
import { runCommandLine } from "../support/command-line.ts";
import { aDiscrepancy, aReport } from "../support/reconciliation-report.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory", "--speed", "90"]);
});
afterAll(() => runtime?.stop());

const client = () => ({
  endpoint: runtime.awsUrl,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

/** The command line as a process of its own, pointed at the runtime. */
const cli = (...args: readonly string[]) => runCommandLine(["reconcile", ...args, "--endpoint", runtime.awsUrl]);

async function recorded({ id, ...fields }: Discrepancy): Promise<void> {
  const Item = marshall({
    ...fields,
    id: `discrepancy#${id}`,
    ...(fields.status === "OPEN" && { discrepancyStatus: "OPEN" }),
  });
  await new DynamoDBClient(client()).send(new PutItemCommand({ TableName: named.tables.reconciliation, Item }));
}

async function put(key: string, body: string): Promise<void> {
  const Bucket = named.bucket("transaction-audit-logs", "000000000000", "us-east-1");
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
}

describe("discrepancies", () => {
  it("are listed worst first, shown, and closed once, by a name and with a reason", async () => {
    const mild = {
      id: "a".repeat(16),
      kind: "missed-event",
      severity: "MEDIUM",
      firstSeenAt: "2026-11-01T02:00:00.000Z",
    } as const;
    await recorded(aDiscrepancy(mild));
    await recorded(aDiscrepancy());
    await recorded(aDiscrepancy({ id: "b".repeat(16), status: "REPAIRED" }));
    const idsOf = async (...args: readonly string[]) =>
      (JSON.parse((await cli("list", "--json", ...args)).out) as Discrepancy[]).map(({ id }) => id);
    expect(await idsOf()).toEqual(["0123456789abcdef", "a".repeat(16)]);
    expect(await idsOf("--all")).toHaveLength(3);
    expect((await cli("show", "a".repeat(16))).out).toContain("missed-event, MEDIUM");

    const close = () => cli("resolve", "a".repeat(16), "--by", "ada", "--why", "a test of the provider");
    expect(await close()).toMatchObject({ code: 0, out: expect.stringContaining("is resolved") });
    expect(await close()).toMatchObject({ code: 1, err: expect.stringMatching(/closed already at .* by ada/) });
    expect(await idsOf()).toEqual(["0123456789abcdef"]);
    const shown = JSON.parse((await cli("show", "a".repeat(16), "--json")).out);
    expect(shown).toMatchObject({ status: "RESOLVED", closedBy: "ada", why: "a test of the provider" });
  });

  it("that can't be read hide none of the others, and are closed by their id", async () => {
    const id = "d".repeat(16);
    await recorded(aDiscrepancy({ id, transactionId: "t".repeat(513) }));
    const list = await cli("list");
    expect(list).toMatchObject({ code: 0, out: expect.stringContaining(`${id} can't be read`) });
    expect(list.out).toContain("0123456789abcdef  CRITICAL");
    expect(await cli("show", id)).toMatchObject({ code: 1, err: expect.stringContaining("(transactionId)") });
    expect(await cli("resolve", id, "--by", "ada", "--why", "unreadable")).toMatchObject({ code: 0 });
    expect((await cli("list")).out).not.toContain(id);
  });

  it("that nobody knows, and words that nobody could read later, are refused", async () => {
    expect(await cli("show", "f".repeat(16))).toMatchObject({
      code: 1,
      err: expect.stringContaining("no discrepancy"),
    });
    expect(await cli("show", "f".repeat(3_000))).toMatchObject({
      code: 1,
      err: expect.stringContaining("no discrepancy"),
    });
    const nameless = await cli("resolve", "0123456789abcdef", "--by", " ", "--why", "because");
    expect(nameless).toMatchObject({ code: 2, err: expect.stringContaining("--by is missing") });
  });
});

describe("reports", () => {
  it("are found by day, by run or as the last, and written for people", async () => {
    expect(await cli("report")).toMatchObject({ code: 1, err: expect.stringContaining("There is no such report") });
    for (const runId of ["20261119T020000Z", "20261120T020000Z", "20261120T110000Z"]) {
      const day = `${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}`;
      const folder = `reconciliation/dt=${day}/run=${runId}`;
      await put(`${folder}/report.json`, JSON.stringify(aReport({ runId })));
      await put(`${folder}/report.html`, `<p>${runId}</p>`);
    }
    const runOf = async (...args: readonly string[]) => JSON.parse((await cli("report", "--json", ...args)).out).runId;
    expect(await runOf()).toBe("20261120T110000Z");
    expect(await runOf("--day", "2026-11-19")).toBe("20261119T020000Z");
    expect(await runOf("--run", "20261120T020000Z")).toBe("20261120T020000Z");
    const file = join(temporaryDirectory(), "report.html");
    expect(await cli("report", "--html", file)).toMatchObject({ code: 0, out: expect.stringContaining(file) });
    expect(readFileSync(file, "utf8")).toBe("<p>20261120T110000Z</p>");
    expect(await cli("report", "--run", "x")).toMatchObject({ code: 2 });
  });
});

describe("a run by hand", () => {
  it("is an execution of the state machine with the window and the providers that were said", async () => {
    const words = ["--from", "2026-11-18", "--to", "2026-11-19T12:00:00Z", "--provider", "stripe"];
    const { code, out } = await cli("run", "--json", ...words);
    expect(code).toBe(0);
    const { executionArn } = JSON.parse(out) as { executionArn: string };
    const states = new SFNClient(client());
    const { input, name } = await states.send(new DescribeExecutionCommand({ executionArn }));
    const asked = JSON.parse(input ?? "");
    expect(asked).toEqual({
      scheduledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      from: "2026-11-18T00:00:00.000Z",
      to: "2026-11-19T12:00:00.000Z",
      providers: ["stripe"],
    });
    expect(name).toBe(`manual-${asked.scheduledAt.slice(0, 19).replaceAll(/[-:]/g, "")}Z`);
    await runtime.untilIdle();
  });

  it("fails while something critical is open, and shows its report all the same, unless that is only to be told", async () => {
    await recorded(aDiscrepancy({ id: "c".repeat(16), kind: "unknown-to-provider" }));
    const failed = await cli("run", "--wait");
    expect(failed).toMatchObject({ code: 1, out: expect.stringMatching(/^run +\d{8}T/) });
    expect(failed.err).toMatch(
      /The books don't agree: \d critical discrepanc(y|ies) open\. See: npm run cli -- reconcile list /,
    );
    // The next second's, since runs are named by it.
    const told = await until("a run of another second", async () => {
      const ended = await cli("run", "--wait", "--json", "--fail-on", "never");
      return ended.err.includes("in this very second") ? undefined : ended;
    });
    expect({ ...told, report: JSON.parse(told.out) }).toMatchObject({
      code: 0,
      report: { open: { carriedCritical: expect.any(Number) } },
    });
  }, 60_000);

  it.each([
    [["--fail-on", "medium"], /Allowed choices are critical, high, any, never/],
    [["--from", "2026-11-20", "--to", "2026-11-19"], /--from has to be before --to/],
    [["--from", "yesterday"], /Give a day of the calendar/],
    [["--from", "2026-02-31"], /Give a day of the calendar/],
    [["--from", "2999-01-01"], /before now/],
    [["--provider", "github"], /Choose one of: stripe/],
    [["--wait-limit", "0"], /Give whole seconds/],
  ])("%j is refused", async (args, words) => {
    expect(await cli("run", ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  });
});

describe("the stack", () => {
  it("tells of queues that there are", async () => {
    const outputs = (await (await fetch(`${runtime.awsUrl}/_local/outputs`)).json()) as Record<string, object>;
    const { DeadLetterQueues: text } = outputs["pipeline-dev"] as { DeadLetterQueues: string };
    const queues = v.parse(deadLetterQueuesSchema, text);
    const sqs = new SQSClient(client());
    for (const { name, url } of queues) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
      );
      expect(Attributes?.QueueArn).toMatch(new RegExp(`:${name}$`));
    }
    const ways = queues.flatMap(({ redrive }) => (redrive.kind === "queue" ? [redrive.url] : []));
    expect(ways.map((url) => url.split("/").at(-1)).sort()).toEqual(["low-value-batch-dev", "webhook-events-dev"]);
  });

  it.each(["decision-sweep", "dead-letter-copy"])("has %s invoked by the clock", async (lambda) => {
    const answer = await fetch(`${runtime.awsUrl}/_local/schedules/${lambda}-dev/run?at=2026-11-20T04:00:00Z`);
    expect(answer.status).toBe(200);
    await runtime.untilIdle();
    const calls = await runtime.calls();
    expect(calls["scheduler.amazonaws.com lambda:Invoke"]).toBeGreaterThan(0);
    const { denied } = await runtime.permissions();
    expect(denied).toEqual([]);
  });
});
