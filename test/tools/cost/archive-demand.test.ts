import { archiveDemandOf } from "../../../tools/cost/archive-demand.ts";
import { Exact } from "../../../tools/cost/exact.ts";
import { monthOf } from "../../../tools/cost/month.ts";
import { serviceItems } from "../../../tools/cost/services/index.ts";
import { aCall, anArchive, aRecording, aSituation, nothingDeployed, onlyLow } from "./fixtures.ts";

const recorded = anArchive({
  days: 2,
  calls: [
    aCall("archive-release", "dynamodb:UpdateItem", "transactions", { writeUnits: 30 }),
    aCall("archive-seal", "dynamodb:Scan", "processed-webhooks", { readUnits: 5 }),
    aCall("states.amazonaws.com", "lambda:Invoke", "archive-seal", { count: 2, entries: 2 }),
    aCall("archive-seal", "kms:Sign", "", { count: 2, entries: 2 }),
    aCall("transaction-archival", "s3:PutObject", "transaction-audit-logs"),
  ],
  logs: { "/aws/lambda/archive-seal": { events: 4, bytes: 800, metricEvents: 0, metricBytes: 0 } },
  transitions: { "daily-archive": 120 },
  objectBytes: 9_000,
  eventIdBytes: 200,
  largeBodyBytes: 1_000,
});
const shape = { ...onlyLow, keptDays: { ...onlyLow.keptDays, "processed-webhooks": 35 } };
const demand = archiveDemandOf({ events: Exact.of(1_000), days: Exact.of(30), shape }, recorded);
const figure = (call: string, field: "count" | "readUnits" | "writeUnits") =>
  demand.calls.find((each) => each.call === call)?.[field].toFixed(0);

describe("what a month's archive takes", () => {
  it("is by the event what entries are read and released for", () => {
    expect(figure("dynamodb:UpdateItem", "writeUnits")).toBe("3000");
    expect([demand.objectBytes.toFixed(0), demand.eventIdBytes.toFixed(0)]).toEqual(["800000", "20000"]);
  });

  it("is by the day what comes once a day", () => {
    expect(figure("lambda:Invoke", "count")).toBe("30");
    expect(figure("kms:Sign", "count")).toBe("30");
    expect(demand.transitions.get("daily-archive")?.toFixed(0)).toBe("1800");
    expect(demand.logs.get("/aws/lambda/archive-seal")?.bytes.toFixed(0)).toBe("12000");
  });

  it("is a scan each day of all records that are kept", () => {
    expect(figure("dynamodb:Scan", "readUnits")).toBe("17500");
  });

  it("leaves writes to S3 to the shape", () => expect(figure("s3:PutObject", "count")).toBeUndefined());

  it("is priced: storage of each class, signatures, states and units", () => {
    const bucket = {
      name: "transaction-audit-logs",
      expireAfterDays: 365,
      infrequentAccessAfterDays: 30,
      glacierAfterDays: 90,
      hasBucketKey: true,
    };
    const infrastructure = {
      ...nothingDeployed,
      buckets: [bucket],
      machines: [{ name: "daily-archive", type: "STANDARD" as const, logsEverything: true }],
    };
    const recording = { ...aRecording(), archive: recorded };
    const items = serviceItems(monthOf(aSituation({ infrastructure, shape, recording })));
    const named = ["archive, storage", "archive, infrequent access", "archive, Glacier", "archive, lists of event ids"];
    for (const what of [...named, "archive, writes", "signatures", "daily-archive, transitions", "writes", "reads"]) {
      const quantity = items.find((item) => item.what === what)?.quantity;
      expect({ what, isThere: quantity !== undefined && Number(quantity.toFixed(6)) > 0 }).toEqual({
        what,
        isThere: true,
      });
    }
  });
});
