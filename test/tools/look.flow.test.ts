/** Logs and health of the running pipeline, as the command line tells them to a person and to a script. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalProcess } from "../../local/process.ts";
import { clientOptions, named, payment, send, sign, startPipeline, until } from "../flow/harness.ts";
import { type Ended, runCommandLine, startCommandLine } from "../support/command-line.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
  await send(runtime, sign({ body: payment({ id: "small", amountMinor: 1_234 }) }));
  await send(runtime, sign({ body: payment({ id: "large", amountMinor: 2_500_000 }) }));
  await send(runtime, sign({ body: payment({ id: "old", amountMinor: 100 }), atMs: -400_000 }));
  await runtime.untilIdle();
});
afterAll(() => runtime?.stop());

/** The command line as a process of its own, pointed at the runtime. */
const cli = (...args: readonly string[]) => runCommandLine([...args, "--endpoint", runtime.awsUrl]);
const json = ({ out }: Ended) => JSON.parse(out);

interface Line {
  readonly at: string;
  readonly stage: string;
  readonly what: string;
}

describe("cli logs", () => {
  it("shows what every stage wrote of an event, in order of time", async () => {
    const told = await cli("logs", "--event", "stripe:evt_large", "--json");
    expect(told.code).toBe(0);
    const lines: readonly Line[] = json(told).lines;
    const times = lines.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    const stages = ["api", "webhook-validator", "webhook-dedup", "states/high-value-review", "workflow-claim"];
    for (const stage of [...stages, "fraud-detector"]) expect(lines.map((line) => line.stage)).toContain(stage);
    expect(lines[0]).toMatchObject({ stage: "api", what: "POST /webhooks/{provider}" });
    // webhook-dedup's last line may come after it: the workflow doesn't wait for it.
    const ofWorkflow = lines.filter(({ stage }) => stage === "states/high-value-review");
    expect(ofWorkflow.at(-1)).toMatchObject({ what: "ExecutionSucceeded" });
    expect(told.out).not.toContain("evt_small");
  }, 60_000);

  it("has a line for each, for people", async () => {
    const { code, out } = await cli("logs", "--event", "stripe:evt_small", "--since", "1h");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}webhook-dedup +INFO +record done {2}.*outcome=processed/m,
    );
    expect(out).toMatch(/^\d+ lines of \d stages in [\d.]+ s\.$/m);
  }, 60_000);

  it("fails where nothing names the event, and on wrong use", async () => {
    const [unknown, unsaid, both] = await Promise.all([
      cli("logs", "--event", "stripe:evt_none"),
      cli("logs"),
      cli("logs", "--event", "a", "--follow", "--json"),
    ]);
    expect(unknown).toMatchObject({ code: 1, out: "" });
    expect(unknown.err).toContain('No log line names "stripe:evt_none" since ');
    expect(unsaid).toMatchObject({ code: 2, err: "Say which event: --event stripe:evt_123.\n" });
    expect(both.code).toBe(2);
  }, 60_000);

  it("follows an event until it is stopped", async () => {
    const args = ["logs", "--event", "stripe:evt_followed", "--since", "1h", "--follow", "--endpoint", runtime.awsUrl];
    const following = startCommandLine(args);
    await send(runtime, sign({ body: payment({ id: "followed", amountMinor: 500 }) }));
    await until("the decision's line", async () => following.out().includes("fraud-detector") || undefined, 40_000);
    following.signal("SIGINT");
    const { code, out, err } = await following.ended;
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining("Stopped following.") });
    const lines = out.trim().split("\n");
    expect(lines.some((line) => line.includes("fraud-detector"))).toBe(true);
    expect(new Set(lines).size).toBe(lines.length);
  }, 60_000);
});

describe("cli logs of no time", () => {
  it("is wrong use", async () => {
    const [backwards, ahead] = await Promise.all([
      cli("logs", "--event", "stripe:evt_1", "--since", "1h", "--until", "2026-01-01"),
      cli("logs", "--event", "stripe:evt_1", "--since", "2999-01-01"),
    ]);
    expect(backwards).toMatchObject({ code: 2, err: expect.stringContaining("--until lies before --since") });
    expect(ahead).toMatchObject({ code: 2, err: expect.stringContaining("--since lies in the future") });
  }, 60_000);
});

describe("cli logs query", () => {
  it("asks a saved query", async () => {
    const told = await cli("logs", "query", "refusal-reasons", "--since", "1h", "--json");
    expect(told.code).toBe(0);
    expect(json(told).rows).toEqual([{ code: "timestamp_stale", provider: "stripe", status: "401", refused: "1" }]);
  }, 60_000);

  it("puts in what it is asked about, and leaves out groups that aren't there", async () => {
    const { code, out } = await cli("logs", "query", "one-event", "--event", "stripe:evt_small");
    expect(code).toBe(0);
    expect(out).toMatch(/webhook-dedup +record done/);
  }, 60_000);

  it("says what a query needs, and which there are", async () => {
    const [unsaid, idle, unknown] = await Promise.all([
      cli("logs", "query", "one-event"),
      cli("logs", "query", "slowest", "--event", "x"),
      cli("logs", "query", "slowst"),
    ]);
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringContaining("needs --event") });
    expect(idle).toMatchObject({ code: 2, err: expect.stringContaining("takes no --event") });
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean slowest?") });
  }, 60_000);
});

describe("cli health", () => {
  it("isn't frightened by nightly jobs that were never due, once their alarms were looked at", async () => {
    const alarms = await until("an alarm that waits for a first run", async () => {
      const found = json(await cli("health", "--json")).sections.alarms;
      return found.notYetRun.length > 0 ? found : undefined;
    });
    expect(alarms).toMatchObject({ state: "ok", ringing: [] });
    const waiting: readonly string[] = alarms.notYetRun.map(({ name }: { readonly name: string }) => name);
    expect(waiting).toContain(`${named.stateMachines.dailyArchive}-not-succeeded`);
  }, 60_000);

  it("says of every section how it is, and names what needs somebody", async () => {
    const before = json(await cli("health", "--json")).sections;
    expect(Object.keys(before)).toEqual([
      ...["queues", "dead-letters", "reviews", "archive", "reconciliation", "alarms", "secrets"],
    ]);
    for (const section of Object.values(before)) expect(section).toMatchObject({ state: "ok" });

    const queue = named.dlq("webhook-events");
    const QueueUrl = `${runtime.awsUrl}/000000000000/${queue}`;
    await new SQSClient(clientOptions(runtime)).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    const after = await cli("health");
    expect(after.code).toBe(1);
    expect(after.out).toMatch(new RegExp(`^PROBLEM +dead letters +${queue}: 1 message$`, "m"));
    expect(after.out).toContain(`dead letters: npm run cli -- dlq list --endpoint ${runtime.awsUrl}`);
    expect(after.err).toContain("Not healthy: dead letters");
  }, 60_000);

  it("says once that nothing answers, and ends with 2 on wrong use", async () => {
    const [silent, wrong] = await Promise.all([
      runCommandLine(["health", "--endpoint", "http://127.0.0.1:1"]),
      cli("health", "--provider", "strip"),
    ]);
    expect(silent).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Nothing answers at") });
    expect(silent.err.match(/Nothing answers/g)).toHaveLength(1);
    expect(wrong.code).toBe(2);
  }, 60_000);
});
