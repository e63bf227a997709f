import { setImmediate as turn } from "node:timers/promises";
import { AwsError, type Principal } from "../../../../local/aws/types.ts";
import { createLogsService } from "../../../../local/services/logs/service.ts";

const operator: Principal = { kind: "operator" };
const group = "/aws/lambda/webhook-validator-test";
const other = "/aws/lambda/webhook-dedup-test";

interface Answer {
  readonly queryId: string;
  readonly status: string;
  readonly results: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly statistics: Readonly<Record<string, number>>;
  readonly queryDefinitions: readonly { readonly name: string }[];
  readonly nextToken?: string;
}

/** Lines come at the tenth second. */
function logs(lines: readonly string[] = []) {
  const service = createLogsService({
    groups: [{ name: group }, { name: other }],
    queryDefinitions: ["b", "a", "c"].map((name) => ({
      id: name,
      name,
      queryString: "limit 1",
      logGroupNames: [group],
    })),
    now: () => 10_000,
    onFailure(why) {
      throw new Error(why);
    },
  });
  service.append(group, "stream", lines);
  const send = async (operation: string, input: Record<string, unknown>) =>
    (await service.operations[operation]?.(operator, input)) as unknown as Answer;
  const start = (input: Record<string, unknown>) =>
    send("StartQuery", { logGroupName: group, startTime: 0, endTime: 20, queryString: "fields @message", ...input });
  const finished = async (queryId: string) => {
    for (;;) {
      const answer = await send("GetQueryResults", { queryId });
      if (answer.status !== "Running") return answer;
      await turn();
    }
  };
  const messages = async (input: Record<string, unknown> = {}) => {
    const { results } = await finished((await start(input)).queryId);
    return results.map(([first]) => first?.value);
  };
  return { service, send, start, finished, messages };
}

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "no error",
    (error: unknown) => (error instanceof AwsError ? error.code : String(error)),
  );

describe("StartQuery", () => {
  it("answers at once, and the rows come with GetQueryResults", async () => {
    const { start, finished } = logs(['{"a":1}', "plain"]);
    const { queryId } = await start({ queryString: "filter ispresent(a) | fields a" });
    expect(await finished(queryId)).toMatchObject({
      status: "Complete",
      results: [[{ field: "a", value: "1" }, { field: "@ptr" }]],
      statistics: { recordsMatched: 1, recordsScanned: 2, bytesScanned: 12 },
    });
  });

  it("looks at the seconds from the first to the last, both included", async () => {
    const { messages } = logs(["line"]);
    expect(await messages({ startTime: 10, endTime: 10 })).toEqual(["line"]);
    expect(await messages({ startTime: 11, endTime: 20 })).toEqual([]);
    expect(await messages({ startTime: 0, endTime: 9 })).toEqual([]);
  });

  it("takes several groups, by name or ARN, and names each line's", async () => {
    const { service, messages } = logs(["one"]);
    service.append(other, "stream", ["two"]);
    const logGroupIdentifiers = [group, `arn:aws:logs:us-east-1:000000000000:log-group:${other}`];
    const asked = { logGroupName: undefined, logGroupIdentifiers, queryString: "fields @log | sort @log" };
    expect(await messages(asked)).toEqual([`000000000000:${other}`, `000000000000:${group}`]);
    const named = { logGroupName: undefined, logGroupNames: [group, other], queryString: "stats count(*)" };
    expect(await messages(named)).toEqual(["2"]);
  });

  it("has the caller's limit where the query has none", async () => {
    const { messages } = logs(["a", "b", "c"]);
    expect(await messages({ limit: 2 })).toHaveLength(2);
    expect(await messages({ limit: 2, queryString: "fields @message | limit 3" })).toHaveLength(3);
  });

  it.each([
    [{ logGroupName: "none" }, "ResourceNotFoundException"],
    [{ logGroupName: undefined }, "InvalidParameterException"],
    [{ logGroupNames: [other] }, "InvalidParameterException"],
    [{ startTime: 21 }, "InvalidParameterException"],
    [{ queryLanguage: "SQL" }, "InvalidParameterException"],
    [{ queryString: "pattern @message" }, "MalformedQueryException"],
    [{ limit: 10_001 }, "InvalidParameterException"],
  ])("refuses %j", async (input, code) => {
    expect(await codeOf(logs().start(input))).toBe(code);
  });

  it("lets others go on while it looks at many lines, and can be stopped", async () => {
    const { send, start } = logs(Array.from({ length: 10_000 }, (_, at) => `line ${at}`));
    const { queryId } = await start({});
    expect(await send("GetQueryResults", { queryId })).toMatchObject({ status: "Running", results: [] });
    expect(await send("StopQuery", { queryId })).toEqual({ success: true });
    expect(await send("GetQueryResults", { queryId })).toMatchObject({ status: "Cancelled" });
    expect(await codeOf(send("StopQuery", { queryId }))).toBe("InvalidParameterException");
  });

  it("keeps the last hundred queries", async () => {
    const { send, start } = logs();
    const { queryId: first } = await start({});
    for (let count = 0; count < 99; count += 1) await start({});
    expect(await codeOf(send("GetQueryResults", { queryId: first }))).toBe("no error");
    await start({});
    expect(await codeOf(send("GetQueryResults", { queryId: first }))).toBe("ResourceNotFoundException");
  });
});

describe("DescribeQueryDefinitions", () => {
  it("pages through the saved queries by name", async () => {
    const { send } = logs();
    const page = await send("DescribeQueryDefinitions", { maxResults: 2 });
    expect(page.queryDefinitions).toEqual([
      { queryLanguage: "CWLI", queryDefinitionId: "a", name: "a", queryString: "limit 1", logGroupNames: [group] },
      expect.objectContaining({ name: "b" }),
    ]);
    const { queryDefinitions, nextToken } = await send("DescribeQueryDefinitions", { nextToken: page.nextToken });
    expect(queryDefinitions.map(({ name }) => name)).toEqual(["c"]);
    expect(nextToken).toBeUndefined();
    const named = await send("DescribeQueryDefinitions", { queryDefinitionNamePrefix: "b" });
    expect(named.queryDefinitions.map(({ name }) => name)).toEqual(["b"]);
  });
});
