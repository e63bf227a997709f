import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError, type Principal } from "../../../../local/aws/types.ts";
import { createLogGroup } from "../../../../local/services/logs/groups.ts";
import { createLogsService } from "../../../../local/services/logs/service.ts";

const operator: Principal = { kind: "operator" };
const rule: Principal = { kind: "service", service: "events.amazonaws.com", sourceArn: "arn:aws:events:::rule/r" };
const group = "/aws/events/low-value-test";

interface Shown {
  readonly message: string;
  readonly timestamp: number;
}

function logs(options: { now?: () => number; directory?: string; onFailure?: (why: string) => void } = {}) {
  const service = createLogsService({
    groups: [{ name: group, retentionDays: 30 }, { name: "other" }],
    now: () => 1000,
    onFailure(why) {
      throw new Error(why);
    },
    ...options,
  });
  const send = async (operation: string, input: Record<string, unknown>, principal = operator) => {
    const answer = await service.operations[operation]?.(principal, input);
    if (answer === undefined) throw new Error(`no operation ${operation}`);
    return answer as Record<string, unknown> & { events: readonly Shown[]; nextToken?: string };
  };
  const filter = async (filterPattern: string, more: object = {}) => {
    const { events } = await send("FilterLogEvents", { logGroupName: group, filterPattern, ...more });
    return events.map(({ message }) => message);
  };
  return { service, send, filter };
}

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "no error",
    (error: unknown) => (error instanceof AwsError ? error.code : String(error)),
  );

describe("PutLogEvents", () => {
  const events = (logStreamName: string) => ({
    logGroupName: group,
    logStreamName,
    logEvents: [{ timestamp: 5, message: "hello" }],
  });

  it("makes streams for services and wants them made by everybody else", async () => {
    const { send, filter } = logs();
    expect(await codeOf(send("PutLogEvents", events("a")))).toBe("ResourceNotFoundException");
    await send("PutLogEvents", events("a"), rule);
    await send("CreateLogStream", { logGroupName: group, logStreamName: "b" });
    await send("PutLogEvents", events("b"));
    expect(await filter("")).toEqual(["hello", "hello"]);
    expect(await codeOf(send("CreateLogStream", { logGroupName: group, logStreamName: "b" }))).toBe(
      "ResourceAlreadyExistsException",
    );
  });

  it("refuses unknown groups and empty batches", async () => {
    const { send } = logs();
    expect(await codeOf(send("PutLogEvents", { ...events("a"), logGroupName: "none" }, rule))).toBe(
      "ResourceNotFoundException",
    );
    expect(await codeOf(send("PutLogEvents", { ...events("a"), logEvents: [] }, rule))).toBe(
      "InvalidParameterException",
    );
  });
});

describe("reading", () => {
  it("pages through a group without loss or repetition", async () => {
    const { service, send } = logs();
    const all = Array.from({ length: 25 }, (_, i) => `line ${i}`);
    service.append(group, "s", all);
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await send("FilterLogEvents", { logGroupName: group, limit: 10, ...(nextToken && { nextToken }) });
      seen.push(...page.events.map(({ message }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(seen).toEqual(all);
  });

  it("keeps an answer within 1 MB", async () => {
    const { service, send } = logs();
    service.append(group, "s", Array(3).fill("x".repeat(600_000)));
    const page = await send("FilterLogEvents", { logGroupName: group });
    expect([page.events.length, page.nextToken]).toEqual([1, "1"]);
  });

  it("takes a stream from its end or its head, and forward from there", async () => {
    const { service, send } = logs();
    service.append(group, "s", ["1", "2", "3", "4"]);
    service.append(group, "t", ["other stream"]);
    const get = (more: object) => send("GetLogEvents", { logGroupName: group, logStreamName: "s", limit: 2, ...more });
    const latest = await get({});
    expect(latest.events.map(({ message }) => message)).toEqual(["3", "4"]);
    const before = await get({ nextToken: latest.nextBackwardToken });
    expect(before.events.map(({ message }) => message)).toEqual(["1", "2"]);
    service.append(group, "s", ["5"]);
    const after = await get({ nextToken: latest.nextForwardToken });
    expect(after.events.map(({ message }) => message)).toEqual(["5"]);
    const end = await get({ nextToken: after.nextForwardToken });
    expect([end.events, end.nextForwardToken]).toEqual([[], after.nextForwardToken]);
    const head = await get({ startFromHead: true });
    expect(head.events.map(({ message }) => message)).toEqual(["1", "2"]);
  });

  it("selects by time and stream", async () => {
    let now = 1000;
    const { service, filter } = logs({ now: () => now });
    service.append(group, "a/1", ["early"]);
    now = 2000;
    service.append(group, "b/1", ["late"]);
    expect(await filter("", { startTime: 2000 })).toEqual(["late"]);
    expect(await filter("", { endTime: 2000 })).toEqual(["early"]);
    expect(await filter("", { logStreamNames: ["a/1"] })).toEqual(["early"]);
    expect(await filter("", { logStreamNamePrefix: "b" })).toEqual(["late"]);
  });

  it("describes groups and streams", async () => {
    const { service, send } = logs();
    service.append(group, "s", ["12345"]);
    const { logGroups } = await send("DescribeLogGroups", { logGroupNamePrefix: "/aws" });
    expect(logGroups).toMatchObject([
      { logGroupName: group, retentionInDays: 30, storedBytes: 5, arn: expect.stringMatching(/:log-group:.*:\*$/) },
    ]);
    const { logStreams } = await send("DescribeLogStreams", {
      logGroupIdentifier: `arn:aws:logs:x:y:log-group:${group}:*`,
    });
    expect(logStreams).toMatchObject([{ logStreamName: "s", firstEventTimestamp: 1000, lastEventTimestamp: 1000 }]);
  });
});

describe("filter patterns", () => {
  const entry = { type: "ExecutionFailed", id: "7", count: 3, details: { name: "Claim", tags: ["x"] }, ok: true };
  const lines = [JSON.stringify(entry), "plain ERROR text", "an error (quoted) text"];

  it.each([
    ["ERROR", [1]],
    ["ERROR text", [1]],
    ['"error (quoted)"', [2]],
    ['{ $.type = "ExecutionFailed" }', [0]],
    ['{ $.type != "ExecutionFailed" }', []],
    ['{ $.details.name = "Cl*m" }', [0]],
    ['{ $.details.tags[0] = "x" }', [0]],
    ["{ $.count = 3 && $.ok = true }", [0]],
    ['{ ($.count = 4 || $.id = "7") && $.type = "Execution*" }', [0]],
    ['{ $.count = 4 || $.id = "8" }', []],
    ['{ $.missing != "x" }', []],
  ])("%s", async (pattern, expected) => {
    const { service, filter } = logs();
    service.append(group, "s", lines);
    expect(await filter(pattern)).toEqual(expected.map((i) => lines[i]));
  });

  it.each([
    "[ip, user]",
    "?a ?b",
    "-a",
    "%err%",
    "{ $.a > 3 }",
    "{ $.a IS NULL }",
    '{ $.a = "x" } &',
    "{ $.a = ",
    "a.b",
  ])("%s is refused", async (pattern) => {
    expect(await codeOf(logs().filter(pattern))).toBe("InvalidParameterException");
  });
});

describe("a group in memory", () => {
  const entries = (messages: readonly string[]) => messages.map((message) => ({ timestamp: 1, message }));
  const made = (limits: { events: number; bytes: number }, retentionDays?: number) =>
    createLogGroup({ name: "g", retentionDays, createdAt: 0 }, limits);

  it("keeps the newest events, by number and by bytes", () => {
    const byNumber = made({ events: 3, bytes: 1000 });
    byNumber.append("s", entries(["1", "2", "3", "4", "5"]), 1);
    expect(byNumber.events().map(({ message }) => message)).toEqual(["3", "4", "5"]);
    const byBytes = made({ events: 100, bytes: 10 });
    byBytes.append("s", entries(["12345", "12345", "123"]), 1);
    expect([byBytes.events().length, byBytes.storedBytes()]).toEqual([2, 8]);
  });

  it("drops what is older than its retention", () => {
    const day = 86_400_000;
    const kept = made({ events: 100, bytes: 1000 }, 1);
    kept.append("s", entries(["old"]), 0);
    kept.append("s", entries(["new"]), day + 1);
    expect(kept.events().map(({ message }) => message)).toEqual(["new"]);
  });
});

describe("files", () => {
  it("hold one line per event, to be tailed", async () => {
    const directory = mkdtempSync(join(tmpdir(), "logs-"));
    const { service } = logs({ directory, now: () => Date.UTC(2026, 10, 20) });
    service.append(group, "s", ["first\n", "second"]);
    service.append("/aws/lambda/new", "s", ["third"]);
    await service.stop();
    expect(readFileSync(join(directory, "aws.events.low-value-test.log"), "utf8")).toBe(
      "2026-11-20T00:00:00.000Z s first\n2026-11-20T00:00:00.000Z s second\n",
    );
    expect(readFileSync(join(directory, "aws.lambda.new.log"), "utf8")).toContain("third");
    rmSync(directory, { recursive: true });
  });

  it("that can't be written are told once, and the rest goes on", async () => {
    const directory = mkdtempSync(join(tmpdir(), "logs-"));
    for (const name of ["aws.events.low-value-test.log", "other.log"]) mkdirSync(join(directory, name));
    const told: string[] = [];
    const { service, filter } = logs({ directory, onFailure: (why) => told.push(why) });
    service.append(group, "s", ["first"]);
    service.append("other", "s", ["second"]);
    await service.stop();
    expect(told).toEqual([expect.stringMatching(/^The log file .*\.log can't be written: EISDIR/)]);
    expect(await filter("")).toEqual(["first"]);
    rmSync(directory, { recursive: true });
  });
});
