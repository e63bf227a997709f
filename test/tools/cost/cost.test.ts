import fc from "fast-check";
import { costOf, priceOf } from "../../../tools/cost/cost.ts";
import { Exact } from "../../../tools/cost/exact.ts";
import type { DeployedFunction, Infrastructure } from "../../../tools/cost/infrastructure.ts";
import type { Situation } from "../../../tools/cost/month.ts";
import { aCall, aKind, aRecording, aSituation, nothingDeployed, onlyLow } from "./fixtures.ts";

const validator: DeployedFunction = {
  name: "webhook-validator",
  memoryMb: 1024,
  architecture: "arm64",
  logLevel: "INFO",
  isTraced: true,
  provisioned: 0,
};
const dedup: DeployedFunction = { ...validator, name: "webhook-dedup", memoryMb: 512 };

/** Each of the million events: a request, a message of 1,000 bytes, two writes of three units, an event on the bus. */
const recording = aRecording({
  low: aKind({
    calls: [
      aCall("apigateway.amazonaws.com", "lambda:Invoke", "webhook-validator"),
      aCall("webhook-validator", "sqs:SendMessage", "webhook-events", { bytes: 10_000 }),
      aCall("webhook-dedup", "dynamodb:PutItem", "transactions", { count: 20, entries: 20, writeUnits: 30 }),
      aCall("webhook-dedup", "events:PutEvents", "payment-events", { count: 4, bytes: 5_000 }),
    ],
    logs: { "/aws/lambda/webhook-dedup": { events: 15, bytes: 8_000, metricEvents: 5, metricBytes: 4_000 } },
    stored: { transactions: { items: 20, bytes: 18_000, indexItems: 10, indexBytes: 1_000 } },
  }),
});

const small: Infrastructure = {
  ...nothingDeployed,
  functions: [validator, dedup],
  consumers: [{ queue: "webhook-events", function: "webhook-dedup", batchSize: 10 }],
  tables: [{ name: "transactions", isRecoverable: true }],
  logGroups: [{ name: "/aws/lambda/webhook-dedup", retentionDays: 30 }],
  alarmMetrics: 3,
  keys: 1,
  secrets: 2,
};

const keptDays = { ...onlyLow.keptDays, transactions: 365 };
const shape = {
  ...onlyLow,
  keptDays,
  durationsMs: { ...onlyLow.durationsMs, "webhook-validator": 30, "webhook-dedup": 60 },
};
const situation: Situation = aSituation({ infrastructure: small, recording, shape });

/** `service: what` → US dollars a month, to the ten-thousandth. */
function usdOf(given: Situation): Record<string, string> {
  return Object.fromEntries(
    costOf(given).lines.map(({ service, what, usd }) => [`${service}: ${what}`, usd.toFixed(4)]),
  );
}

describe("a month of a million events in a small pipeline", () => {
  it("costs what one reckons by hand", () => {
    expect(usdOf(situation)).toEqual({
      "API Gateway: requests": "3.5000",
      // 600 bytes each are 0.5588 GB.
      "Data transfer: answers to providers": "0.0503",
      // An invocation of each function.
      "Lambda: requests": "0.4000",
      // 30 ms of 1 GB are 30,000 GB-seconds; 60 ms of half a GB are as many.
      "Lambda: webhook-validator": "0.4000",
      "Lambda: webhook-dedup": "0.4000",
      "SQS: sends": "0.4000",
      "SQS: receives and deletes": "0.8000",
      // Five polls in 20 seconds: 657,000 a month.
      "SQS: polls of Lambda": "0.2628",
      "EventBridge: events": "1.0000",
      "DynamoDB: writes": "1.8750",
      // 1,900 bytes and 3 × 100 are 2.0489 GB a month; after a year 12 such months lie there.
      "DynamoDB: storage": "6.1467",
      "DynamoDB: point-in-time recovery": "4.9174",
      // 400 bytes of its own and 400 of Lambda's.
      "Observability: logs of functions": "0.3725",
      // 400 bytes an event when it was recorded, two to a line; 850 for a line of its own.
      "Observability: business metrics in logs": "0.3958",
      // 1,650 bytes with 26 for each of five lines, compressed to 15 %, for 30 days of 30.42.
      "Observability: storage of logs": "0.0074",
      // 54 of webhook-validator, mostly by five providers and six reasons, and 30 of webhook-dedup, half of which is money.
      "Observability: business metrics": "25.2000",
      "Observability: metrics that alarms watch": "0.3000",
      // A request a second at the most is sampled whole, and so are the batches: two million traces.
      "Observability: traces": "10.0000",
      "KMS: keys": "1.0000",
      // Periods of 300 s are 8,760: twice for the sender, once for the table; and each read of a secret.
      "KMS: other requests": "0.1445",
      "Secrets Manager: secrets": "0.8000",
      // Five providers every ten minutes in one environment.
      "Secrets Manager: reads": "0.1095",
    });
  });

  it("is the sum of its lines", () => {
    const { lines, usd } = costOf(situation);
    expect(
      Exact.sum(lines.map((line) => line.usd))
        .minus(usd)
        .isZero(),
    ).toBe(true);
    expect(usd.toFixed(2)).toBe("58.48");
  });

  it("shares invocations, receives and deletes where several events share a batch", () => {
    const shared = usdOf({ ...situation, shape: { ...shape, eventsPerBatch: 10 } });
    expect(shared).toMatchObject({
      "Lambda: requests": "0.2200",
      "SQS: receives and deletes": "0.0800",
      "Lambda: webhook-dedup": "0.4000",
    });
  });

  it("pays for environments that are kept ready, and less for the time in them", () => {
    const ready = { ...small, functions: [{ ...validator, provisioned: 2 }, dedup] };
    const usd = usdOf({ ...situation, infrastructure: ready });
    // 2 GB for 2,628,000 seconds; 30,000 GB-seconds of work fit into that.
    expect(usd).toMatchObject({
      "Lambda: webhook-validator, kept ready": "17.5204",
      "Lambda: webhook-validator, in those": "0.2333",
    });
    expect(usd).not.toHaveProperty(["Lambda: webhook-validator"]);
  });

  it("pays for the firewall by rule and request", () => {
    const guarded = { ...small, webFirewalls: [{ rules: 3 }] };
    expect(usdOf({ ...situation, infrastructure: guarded })).toMatchObject({
      "WAF: web ACLs": "5.0000",
      "WAF: rules": "3.0000",
      "WAF: requests": "0.6000",
    });
  });
});

describe("alerts", () => {
  it("are paid by the subscriber, text messages by the part", () => {
    const alerted = aRecording({ low: aKind({ calls: [aCall("states", "sns:Publish", "alerts", { bytes: 3_000 })] }) });
    const subscriptions = ["email", "email", "sms", "sqs"].map((protocol) => ({ topic: "alerts", protocol }));
    const infrastructure = {
      ...nothingDeployed,
      subscriptions: [...subscriptions, { topic: "other", protocol: "sms" }],
    };
    const situationOfAlerts = aSituation({ recording: alerted, infrastructure });
    // 300 characters are two parts of 153.
    expect(usdOf(situationOfAlerts)).toMatchObject({
      "SNS: alerts": "0.5000",
      "SNS: e-mails": "40.0000",
      "SNS: text messages": "15000.0000",
    });
  });
});

describe("workflows", () => {
  const machines = (type: "STANDARD" | "EXPRESS" | "SPLIT") => ({
    ...nothingDeployed,
    machines: [{ name: "review", type, logsEverything: true }],
  });
  const start = [aCall("events", "states:StartExecution", "review")];
  const executed = aRecording({
    high: aKind({ calls: start, transitions: { review: 100 } }),
    // Half of them are reviewed, in four more states each.
    reviewed: aKind({ reviews: 5, calls: start, transitions: { review: 120 } }),
  });
  const high = { low: 0, medium: 0, high: 1, unroutable: 0, unrouted: 0 };
  const of = (type: "STANDARD" | "EXPRESS" | "SPLIT", reviewedShareOfHigh: number) =>
    usdOf(
      aSituation({
        recording: executed,
        infrastructure: machines(type),
        shape: { ...onlyLow, tiers: high, reviewedShareOfHigh, expressMs: 250, expressMemoryMb: 65 },
      }),
    );

  it("of type Standard cost by the state, reviews the more", () => {
    expect(of("STANDARD", 0)).toMatchObject({ "Step Functions: review, transitions": "250.0000" });
    expect(of("STANDARD", 0.25)).toMatchObject({ "Step Functions: review, transitions": "275.0000" });
    expect(of("STANDARD", 1)).toMatchObject({ "Step Functions: review, transitions": "350.0000" });
  });

  it("of type Express cost by execution and time, in steps of 100 ms and 64 MB", () => {
    const express = of("EXPRESS", 0.25);
    // 300 ms of 128 MB.
    expect(express).toMatchObject({
      "Step Functions: review, executions": "1.0000",
      "Step Functions: review, duration": "0.6251",
    });
    expect(express).not.toHaveProperty(["Step Functions: review, transitions"]);
  });

  it("that are split cost Express for all and Standard for reviews", () => {
    expect(of("SPLIT", 0.25)).toMatchObject({
      "Step Functions: review, executions": "1.0000",
      "Step Functions: review, transitions": "87.5000",
    });
  });
});

describe("what the functions tell of themselves", () => {
  const withFunctions = (functions: readonly DeployedFunction[], more: Partial<Infrastructure> = {}) =>
    usdOf({ ...situation, infrastructure: { ...small, functions, ...more } });

  it("is billed in metrics by the values that their dimensions have, once a day where it is told once", () => {
    const sealing = withFunctions([{ ...dedup, name: "archive-seal" }]);
    // Two over everything, and money by five types and three currencies: in one hour of 24.
    expect(sealing["Observability: business metrics"]).toBe((0.3 * (17 / 24)).toFixed(4));
  });

  it("leaves its metrics in the log at a level above INFO", () => {
    const quiet = withFunctions([validator, { ...dedup, logLevel: "WARN" }]);
    expect(quiet).toMatchObject({
      // Lambda's own 400 bytes alone.
      "Observability: logs of functions": "0.1863",
      "Observability: business metrics in logs": "0.3958",
    });
  });

  it("shares lines where events share batches, as they did when it was recorded", () => {
    const shared = usdOf({ ...situation, shape: { ...shape, eventsPerBatch: 10 } });
    expect(shared["Observability: business metrics in logs"]).toBe("0.1863");
  });

  it("rings more dearly where alarms are put together", () => {
    const costs = withFunctions([validator, dedup], { compositeAlarms: 2 });
    expect(costs["Observability: composite alarms"]).toBe("1.0000");
  });
});

describe("a price with steps", () => {
  const { prices } = aSituation();

  it("counts each step's units at its price", () => {
    const quantity = Exact.of(1_001_000_000);
    const expected = 333 * 3.5 + 667 * 2.8 + 2.38;
    expect(priceOf(quantity, prices["api-gateway.rest-requests"]).toFixed(2)).toBe(expected.toFixed(2));
  });

  it("is climbed by the items of one price together", () => {
    const both = {
      ...small,
      functions: [
        { ...validator, memoryMb: 10_240 },
        { ...dedup, memoryMb: 10_240 },
      ],
    };
    const busy = { ...situation, infrastructure: both, events: Exact.of("20e9") };
    // 6e9 and 12e9 GB-seconds: the second meets the end of the first step after 1.5e9, having begun at 6e9.
    const usd = usdOf(busy);
    expect(usd["Lambda: webhook-validator"]).toBe((6e9 * 0.0000133334).toFixed(4));
    expect(usd["Lambda: webhook-dedup"]).toBe((1.5e9 * 0.0000133334 + 10.5e9 * 0.0000120001).toFixed(4));
  });
});

describe("laws", () => {
  const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
  const situations = fc
    .record({
      events: fc.integer({ min: 1, max: 10 ** 9 }),
      reviewedShareOfHigh: share,
      refusedPerEvent: share,
      duplicatesPerEvent: share,
      claimCheckedShare: share,
      eventsPerBatch: fc.integer({ min: 1, max: 10 }),
      provisioned: fc.integer({ min: 0, max: 5 }),
      medium: fc.integer({ min: 0, max: 500 }),
    })
    .map(({ events, provisioned, medium, ...more }): Situation => {
      const rest = (1_000 - medium) / 1_000;
      const tiers = { low: 0, medium: medium / 1_000, high: rest, unroutable: 0, unrouted: 0 };
      const infrastructure = {
        ...small,
        functions: [{ ...validator, provisioned }, dedup],
        machines: [{ name: "review", type: "STANDARD" as const, logsEverything: true }],
        isBusEncrypted: true,
      };
      const { low } = recording.kinds;
      const kinds = { high: { ...low, transitions: { review: 100 } }, medium: low, reviewed: { ...low, reviews: 5 } };
      return aSituation({
        events: Exact.of(events),
        infrastructure,
        recording: aRecording(kinds),
        shape: { ...shape, tiers, ...more },
      });
    });

  it("more events are never cheaper, service by service", () => {
    fc.assert(
      fc.property(situations, fc.integer({ min: 0, max: 10 ** 9 }), (few, more) => {
        const many = { ...few, events: few.events.plus(Exact.of(more)) };
        const usd = (given: Situation) => new Map(costOf(given).lines.map((line) => [line.what, line.usd]));
        const [before, after] = [usd(few), usd(many)];
        for (const [what, each] of before) {
          // Work moves from the usual rate to the one of environments that are kept ready, and back.
          if (what.startsWith("webhook-validator")) continue;
          expect((after.get(what) ?? Exact.zero).isBelow(each)).toBe(false);
        }
        expect(costOf(many).usd.isBelow(costOf(few).usd)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("nothing is below 0", () => {
    fc.assert(
      fc.property(situations, (given) => {
        for (const { usd, quantity } of costOf(given).lines) {
          expect(usd.isBelow(Exact.zero)).toBe(false);
          expect(quantity.isBelow(Exact.zero)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("what grows with the events costs the same a million, where a price has no steps", () => {
    const perMillion = (events: number) => {
      const lines = costOf({ ...situation, events: Exact.of(events) }).lines;
      const writes = lines.find(({ what }) => what === "writes");
      return writes?.usd.times(1_000_000).over(events).toFixed(12);
    };
    expect(perMillion(1)).toBe(perMillion(123_456_789));
  });
});
