import { createMemoryJournal, type Journal } from "../../../../local/services/events/journal.ts";
import { bus, harness, operator, queueUrl } from "./harness.ts";

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12) });
});
afterEach(() => {
  jest.useRealTimers();
});

const entry = { EventBusName: "payments", Source: "test", DetailType: "kind", Detail: "{}" };
const eventId = expect.stringMatching(/^[0-9a-f-]{36}$/);

async function answerTo(Entries: unknown, options: Parameters<typeof harness>[0] = {}) {
  return harness(options).service.operations.PutEvents?.(operator, { Entries });
}

describe("PutEvents", () => {
  it("answers with an id for each accepted entry", async () => {
    expect(await answerTo([entry, { ...entry, EventBusName: bus.arn }, { ...entry, EventBusName: undefined }])).toEqual(
      {
        FailedEntryCount: 0,
        Entries: [{ EventId: eventId }, { EventId: eventId }, { EventId: eventId }],
      },
    );
  });

  it.each([
    [
      "no Source",
      { Source: undefined },
      "InvalidArgument",
      "Parameter Source is not valid. Reason: Source is a required argument.",
    ],
    ["no DetailType", { DetailType: "" }, "InvalidArgument", "DetailType is a required argument."],
    ["no Detail", { Detail: undefined }, "InvalidArgument", "Detail is a required argument."],
    ["a Detail that is no JSON", { Detail: "{" }, "MalformedDetail", "Detail is malformed."],
    ["a Detail that is no object", { Detail: "[1]" }, "MalformedDetail", "Detail is malformed."],
    ["AWS's own source", { Source: "aws.s3" }, "NotAuthorizedForSourceException", "Not authorized"],
    ["a bus that isn't there", { EventBusName: "nowhere" }, "InvalidArgument", "Event bus nowhere does not exist."],
  ])("refuses an entry with %s, and that entry alone", async (_what, change, ErrorCode, message) => {
    expect(await answerTo([{ ...entry, ...change }, entry])).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode, ErrorMessage: expect.stringContaining(message) }, { EventId: eventId }],
    });
  });

  it.each([[[]], [undefined], [Array(11).fill(entry)]])(
    "refuses a request without one to ten entries",
    async (entries) => {
      await expect(answerTo(entries)).rejects.toThrow(expect.objectContaining({ code: "ValidationException" }));
    },
  );

  it("counts 256 KB in UTF-8 over all entries, 14 bytes for a time", async () => {
    const entries = (padding: number, more: object = {}) => {
      // Source and DetailType have 4 bytes each, the braces, key and quotes around the padding 8.
      const Detail = (length: number) => `{"a":"${"é".repeat(length / 2)}"}`;
      return [
        { ...entry, Detail: Detail(100_000) },
        { ...entry, Detail: Detail(padding), ...more },
      ];
    };
    const fits = 256 * 1024 - 100_000 - 2 * 16;
    expect(await answerTo(entries(fits))).toMatchObject({ FailedEntryCount: 0 });
    for (const tooMuch of [entries(fits + 2), entries(fits, { Time: new Date() })]) {
      await expect(answerTo(tooMuch)).rejects.toThrow("Total size of the entries in the request is over the limit.");
    }
  });

  it("rule 13: a fault refuses an entry within a good answer", async () => {
    const answers = [true, false];
    const faults = { shouldDuplicate: () => false, shouldRefuseEntry: () => answers.shift() ?? false };
    expect(await answerTo([entry, entry], { faults })).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }, { EventId: eventId }],
    });
  });

  it("makes the event of the entry", async () => {
    const { service, calls, put } = harness({
      targets: [{ id: "t", busName: bus.arn, ruleName: "all", arn: "arn:aws:sqs:us-east-1:000000000000:events" }],
    });
    service.start();
    await put(
      { a: 1 },
      { Time: 1_700_000_000, Resources: ["r"], TraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793" },
    );
    await put({ a: 2 }, { Time: new Date(1_700_000_000_999) });
    await put({ a: 3 });
    await jest.advanceTimersByTimeAsync(1);
    const events = calls.map(({ input }) => JSON.parse(String(input.MessageBody)));
    expect(events[0]).toEqual({
      version: "0",
      id: eventId,
      "detail-type": "kind",
      source: "test",
      account: "000000000000",
      time: "2023-11-14T22:13:20Z",
      region: "us-east-1",
      resources: ["r"],
      detail: { a: 1 },
    });
    expect(events.map(({ time }) => time)).toEqual([
      "2023-11-14T22:13:20Z",
      "2023-11-14T22:13:20Z",
      "2026-11-20T12:00:00Z",
    ]);
    expect(calls[0]?.input).toMatchObject({
      QueueUrl: queueUrl,
      MessageSystemAttributes: {
        AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" },
      },
    });
    expect(calls[1]?.input).not.toHaveProperty("MessageSystemAttributes");
  });

  it("answers nothing before the journal has the events, all of a request at once", async () => {
    const added: number[] = [];
    const memory = createMemoryJournal();
    const journal: Journal = {
      ...memory,
      add: (records) => {
        added.push(records.length);
        if (added.length === 2) throw new Error("disk full");
        return memory.add(records);
      },
    };
    const { service } = harness({ journal });
    await service.operations.PutEvents?.(operator, { Entries: [entry, entry, { ...entry, Source: "other" }] });
    expect(added).toEqual([2]);
    await expect(service.operations.PutEvents?.(operator, { Entries: [entry] })).rejects.toThrow("disk full");
    expect(service.counts()).toMatchObject({ accepted: 3, unmatched: 1 });
  });
});
