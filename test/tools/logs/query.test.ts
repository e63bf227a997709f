import { type CloudWatchLogsClient, StartQueryCommand, StopQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import { logQueries } from "../../../config/log-queries.ts";
import { parseQuery } from "../../../local/services/logs/insights/parse-query.ts";
import { runQuery } from "../../../local/services/logs/insights/run.ts";
import { ask, filledText } from "../../../tools/logs/query.ts";

describe("a query's text", () => {
  it("has what is asked about in place of the words that stand for it", () => {
    const customer = filledText(logQueries["one-customer"], { CUSTOMER_ID: "cus_1" });
    expect(customer).toContain('filter detail.customerId = "cus_1"');
    expect(filledText(logQueries.slowest, {})).not.toMatch(/[A-Z]+_ID/);
  });

  it("can't be ended by what is put into it", () => {
    const text = filledText(logQueries["one-customer"], { CUSTOMER_ID: '$& x" or 1 = 1 \\' });
    expect(text).toContain('filter detail.customerId = "$& x\\" or 1 = 1 \\\\"');
  });
});

describe("the query of one event", () => {
  const ids = ["stripe:evt_1", "stripe:evt_10", "stripe:evt.1", 'hmac:a"b', "hmac:a\\b", "hmac:a/b|(c)", "hmac:[x"];
  const lineOf = (eventId: string) => JSON.stringify({ message: "m", eventId });
  async function foundBy(eventId: string, messages: readonly string[]): Promise<(string | undefined)[]> {
    const query = parseQuery(filledText(logQueries["one-event"], { EVENT_ID: eventId }));
    const events = messages.map((message, at) => {
      return { group: "g", stream: "s", timestamp: at, ingestedAt: at, message, pointer: `p${at}` };
    });
    const { rows } = await runQuery(query, events, { account: "000000000000" });
    return rows.map((row) => row.find(({ field }) => field === "@message")?.value);
  }

  it.each(ids)("finds the lines of %s and of no other", async (eventId) => {
    const nested = (id: string) => JSON.stringify({ details: { input: JSON.stringify({ id: `workflow#${id}` }) } });
    const lines = ids.flatMap((id) => [lineOf(id), JSON.stringify({ input: lineOf(id) }), nested(id)]);
    const at = ids.indexOf(eventId) * 3;
    expect(await foundBy(eventId, lines)).toEqual(lines.slice(at, at + 3));
  });
});

describe("asking", () => {
  const order = { text: "limit 1", logGroups: ["/g"], fromMs: 1_999, toMs: 2_001 };

  /** Answers with the statuses in turn, the last one for good. */
  function clientOf(statuses: readonly string[], results: object[] = []) {
    const sent: unknown[] = [];
    let at = 0;
    const client = {
      async send(command: unknown) {
        sent.push(command);
        if (command instanceof StartQueryCommand) return { queryId: "q" };
        if (command instanceof StopQueryCommand) throw new Error("it has ended");
        const status = statuses[Math.min(at, statuses.length - 1)];
        at += 1;
        return { status, results, statistics: { recordsScanned: 3, bytesScanned: 30 } };
      },
    };
    return { client: client as unknown as CloudWatchLogsClient, sent };
  }

  function patience(change: { isStopped?: () => boolean } = {}) {
    let nowMs = 0;
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    return { now: () => nowMs, sleep, pollMs: 1_000, limitMs: 5_000, isStopped: () => false, ...change };
  }

  it("waits for the rows, whole seconds around the range", async () => {
    const row = [
      { field: "a", value: "1" },
      { field: "@ptr", value: "x" },
    ];
    const { client, sent } = clientOf(["Scheduled", "Running", "Complete"], [row]);
    expect(await ask(client, order, patience())).toEqual({
      kind: "complete",
      rows: [{ a: "1" }],
      scanned: 3,
      scannedBytes: 30,
    });
    expect((sent[0] as StartQueryCommand).input).toMatchObject({ startTime: 1, endTime: 3, logGroupNames: ["/g"] });
  });

  it("stops a query that takes too long, or that nobody waits for", async () => {
    for (const [options, kind] of [
      [{}, "slow"],
      [{ isStopped: () => true }, "stopped"],
    ] as const) {
      const { client, sent } = clientOf(["Running"]);
      expect(await ask(client, order, patience(options))).toEqual({ kind });
      expect(sent.at(-1)).toBeInstanceOf(StopQueryCommand);
    }
  });

  it("says how a query ended that failed", async () => {
    expect(await ask(clientOf(["Running", "Failed"]).client, order, patience())).toEqual({
      kind: "ended",
      status: "Failed",
    });
  });
});
