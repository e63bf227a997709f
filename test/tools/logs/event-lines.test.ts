import { names } from "../../../config/names.ts";
import { type LogSearch, linesOf } from "../../../tools/logs/event-lines.ts";
import { stagesOf } from "../../../tools/logs/stages.ts";

const named = names("dev");
const stages = stagesOf(named);
const { api } = named.logGroups;
const validator = named.logGroups.lambda("webhook-validator");
const dedup = named.logGroups.lambda("webhook-dedup");
const machine = named.logGroups.stateMachine(named.stateMachines.highValueReview);
const executionArn = `arn:aws:states:us-east-1:1:execution:${named.stateMachines.highValueReview}:x`;

type Groups = Readonly<Record<string, readonly object[]>>;

/** Log groups in memory; those that aren't named are empty. */
function searchOf(groups: Groups, { failing = [], missing = [] }: { failing?: string[]; missing?: string[] } = {}) {
  const asked: string[] = [];
  const search: LogSearch = {
    async find(logGroup, text, _range, limit) {
      asked.push(`${logGroup} ${text}`);
      if (failing.includes(logGroup)) throw new Error("denied");
      if (missing.includes(logGroup)) return undefined;
      return (groups[logGroup] ?? [])
        .map((line, at) => ({ id: String(at), stream: "s", timestamp: 0, message: JSON.stringify(line) }))
        .filter(({ message }) => message.includes(text))
        .slice(0, limit);
    },
  };
  return { search, asked };
}

const look = (eventId: string, search: LogSearch) => linesOf(eventId, { stages, search, range: { fromMs: 0 } });
const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms).toISOString();
const epoch = (ms: number) => String(Date.UTC(2026, 10, 20) + ms);

describe("the lines of an event", () => {
  it("are those that name it, and those of its request and its executions, in order of time", async () => {
    const { search } = searchOf({
      [api]: [
        { requestId: "c1", time: epoch(0), method: "POST", resource: "/webhook", status: "200" },
        { requestId: "c2", time: epoch(1), method: "POST", resource: "/webhook", status: "200" },
      ],
      // A body of two events: the line says the first.
      [validator]: [{ message: "request answered", timestamp: at(5), eventId: "stripe:evt_0", correlationId: "c1" }],
      [dedup]: [{ message: "record done", timestamp: at(9), eventId: "stripe:evt_1", correlationId: "c1" }],
      [machine]: [
        {
          id: "1",
          type: "ExecutionStarted",
          details: { input: JSON.stringify({ eventId: "stripe:evt_1" }) },
          event_timestamp: epoch(10),
          execution_arn: executionArn,
        },
        { id: "10", type: "ExecutionSucceeded", event_timestamp: epoch(12), execution_arn: executionArn },
        { id: "9", type: "SucceedStateExited", event_timestamp: epoch(12), execution_arn: executionArn },
        { id: "1", type: "ExecutionStarted", event_timestamp: epoch(11), execution_arn: `${executionArn}-other` },
      ],
    });
    const { lines, unread, missing, cut } = await look("stripe:evt_1", search);
    expect(lines.map(({ stage, what }) => `${stage} ${what}`)).toEqual([
      "api POST /webhook",
      "webhook-validator request answered",
      "webhook-dedup record done",
      "states/high-value-review ExecutionStarted",
      "states/high-value-review SucceedStateExited",
      "states/high-value-review ExecutionSucceeded",
    ]);
    expect({ unread, missing, cut }).toEqual({ unread: [], missing: [], cut: [] });
  });

  it("aren't those of an event whose id goes on, or ends like it", async () => {
    const ids = ["stripe:evt_1", "stripe:evt_12", "xstripe:evt_1", "stripe:evt_1 and more"];
    const { search } = searchOf({ [dedup]: ids.map((eventId) => ({ message: eventId, eventId })) });
    expect((await look("stripe:evt_1", search)).lines.map(({ what }) => what)).toEqual(["stripe:evt_1"]);
  });

  it("are found by a workflow's claim", async () => {
    const step = { type: "TaskScheduled", details: { parameters: '{"Key":{"S":"workflow#stripe:evt_1"}}' } };
    const { search } = searchOf({ [machine]: [step] });
    expect((await look("stripe:evt_1", search)).lines).toHaveLength(1);
  });

  it("are found by ids that JSON writes otherwise", async () => {
    const eventId = 'hmac:a"b\\c-longest';
    const input = JSON.stringify({ eventId });
    const { search, asked } = searchOf({
      [dedup]: [{ eventId, message: "plain" }],
      [machine]: [{ type: "ExecutionStarted", details: { input } }],
    });
    expect((await look(eventId, search)).lines).toHaveLength(2);
    expect(asked).toContain(`${dedup} c-longest`);
  });

  it("say which stages could not be read, and which aren't there, and are told all the same", async () => {
    const { search } = searchOf(
      { [dedup]: [{ message: "record done", eventId: "stripe:evt_1" }] },
      { failing: [validator], missing: [named.logGroups.bus] },
    );
    const { lines, unread, missing } = await look("stripe:evt_1", search);
    expect(lines).toHaveLength(1);
    expect(unread).toEqual([{ stage: "webhook-validator", error: new Error("denied") }]);
    expect(missing).toEqual(["bus"]);
  });

  it("say where there are more than are read", async () => {
    const line = { message: "record will be retried", eventId: "stripe:evt_1" };
    const { search } = searchOf({ [dedup]: Array.from({ length: 1_001 }, () => line) });
    const { lines, cut } = await look("stripe:evt_1", search);
    expect([lines.length, cut]).toEqual([1_000, ["webhook-dedup"]]);
  });
});
