import { readFileSync } from "node:fs";
import { Exact } from "../../../tools/cost/exact.ts";
import type { Infrastructure } from "../../../tools/cost/infrastructure.ts";
import { reportJson, reportOf } from "../../../tools/cost/report.ts";
import { magnitude, reportText } from "../../../tools/cost/report-text.ts";
import { resourceTypes } from "../../../tools/cost/resource-types.ts";
import type { Stacks } from "../../../tools/cost/stacks.ts";
import { savingsOf } from "../../../tools/cost/what-ifs.ts";
import { aSituation, nothingDeployed } from "./fixtures.ts";

const recording = JSON.parse(readFileSync("tools/cost/recorded-calls.json", "utf8"));
const shape = { ...aSituation().shape, tiers: { low: 0.6, medium: 0.2, high: 0.1, unroutable: 0.05, unrouted: 0.05 } };

/** One of everything that has a price. */
const everything: Infrastructure = {
  ...nothingDeployed,
  functions: ["webhook-validator", "webhook-dedup", "workflow-claim", "fraud-detector"].map((name) => ({
    ...{ name, memoryMb: 512, architecture: "arm64" as const, logLevel: "INFO", isTraced: true, provisioned: 1 },
  })),
  consumers: [{ queue: "webhook-events", function: "webhook-dedup", batchSize: 10 }],
  tables: [{ name: "transactions", isRecoverable: true }],
  machines: [
    { name: "high-value-review", type: "STANDARD", logsEverything: true },
    { name: "transaction-workflow", type: "EXPRESS", logsEverything: true },
  ],
  logGroups: [
    "/aws/lambda/webhook-dedup",
    "/aws/events/low-value",
    "/aws/apigateway/payment-webhooks",
    "/aws/vendedlogs/states/transaction-workflow",
  ].map((name) => ({ name, retentionDays: 30 })),
  buckets: [
    {
      name: "webhook-payloads",
      expireAfterDays: 45,
      infrequentAccessAfterDays: undefined,
      glacierAfterDays: undefined,
      hasBucketKey: true,
    },
    {
      name: "transaction-audit-logs",
      expireAfterDays: 365,
      infrequentAccessAfterDays: 30,
      glacierAfterDays: 90,
      hasBucketKey: true,
    },
  ],
  subscriptions: ["email", "sms"].map((protocol) => ({ topic: "transaction-alerts", protocol })),
  webFirewalls: [{ rules: 2 }],
  ...{ alarmMetrics: 20, compositeAlarms: 2, metricFilters: 1, measuredMethods: 2, dashboards: 1, secrets: 5, keys: 2 },
  ...{ isBusEncrypted: true, repositories: 4 },
};
const situation = aSituation({
  infrastructure: everything,
  recording,
  shape: { ...shape, claimCheckedShare: 0.01, archive: { objectsPerDay: 25, writesPerDay: 80 } },
  events: Exact.of("2.5e6"),
});
const stacks: Stacks = {
  ...{ environment: "prod", region: "us-east-1", names: ["pipeline-prod"] },
  synthesizedAt: new Date("2026-11-20T08:00:00Z"),
  resources: ["aws_nat_gateway", "aws_sqs_queue"].map((type) => ({
    stack: "pipeline-prod",
    type,
    name: type,
    config: {},
  })),
};
const report = reportOf(stacks, situation);
const text = reportText(report, { width: 100, recordedBy: "npm run demo -- --calls f" });

describe("the report", () => {
  it("has a line for each service that a resource type is priced as", () => {
    const services = new Set(report.cost.lines.map(({ service }) => service));
    const promised = Object.values(resourceTypes).flatMap((each) => ("pricedAs" in each ? [each.pricedAs] : []));
    expect(promised.filter((service) => !services.has(service))).toEqual([]);
  });

  it("says whose cost it is, for how many events, from what", () => {
    expect(text).toMatch(
      /^prod in us-east-1 costs [\d,]+\.\d\d USD a month for 2,500,000 events, [\d,]+\.\d\d USD a million\./,
    );
    expect(text.replaceAll("\n", " ")).toContain(
      'the stacks of 2026-11-20 08:00:00 UTC, the calls that "npm run demo -- --calls f" counted',
    );
  });

  it("shows each line with the unit price that it was made with, and the total", () => {
    expect(text).toMatch(/^ {2}requests +2\.5 million requests +3\.50 per 1,000,000 requests +8\.75 +3\.50$/m);
    expect(text).toMatch(/^ {2}keys +2 keys +1\.00 per key +2\.00 +0\.80$/m);
    expect(text).toMatch(/^ {2}web ACLs +1 web ACL +5\.00 per web ACL +5\.00 +2\.00$/m);
    const total = /^TOTAL +([\d,]+\.\d\d)/m.exec(text)?.[1];
    expect(total?.replaceAll(",", "")).toBe(report.cost.usd.toFixed(2));
  });

  it("counts what can be counted in whole numbers, one of it in the singular", () => {
    const textOf = (events: string, days: number) => {
      const keptDays = { ...shape.keptDays, transactions: days };
      const few = aSituation({
        infrastructure: everything,
        recording,
        shape: { ...shape, keptDays },
        events: Exact.of(events),
      });
      return reportText(reportOf(stacks, few), { width: 100, recordedBy: "a test" });
    };
    const one = textOf("1", 1);
    expect(one).toMatch(/ USD a month for 1 event, /);
    expect(one.replaceAll("\n", " ")).toContain("transactions of 1 day. ");
    expect(one).toMatch(/^ {2}alerts +1 publish /m);
    expect(one).toMatch(/^ {2}e-mails +1 e-mail /m);
    expect(one).not.toMatch(/^ {2}[A-Za-z].* \d*\.\d+ (?!per |GB|million)[a-z]/m);
    // A saving of less than a cent is none.
    expect(one).not.toMatch(/^ +0\.00 {2}/m);
    expect(textOf("15", 2)).toMatch(/^ {2}e-mails +5 e-mails /m);
  });

  it("names what it couldn't price, and the prices that nothing confirmed", () => {
    expect(text).toContain("Not priced: aws_nat_gateway (1).");
    expect(text.replaceAll("\n", " ")).toContain("Found nowhere, as commonly known: sns.sms.");
  });

  it("says what the assumed durations weigh", () => {
    expect(Exact.zero.isBelow(report.slowerUsd)).toBe(true);
    expect(text.replaceAll("\n", " ")).toContain(`Twice as long would cost ${report.slowerUsd.toFixed(2)} USD more.`);
  });

  it("is JSON for programs, with sums that add up", () => {
    const json = reportJson(report, "a test") as {
      usdPerMonth: string;
      lines: { usdPerMonth: string; price: string }[];
      prices: Record<string, unknown>;
    };
    const sum = Exact.sum(json.lines.map(({ usdPerMonth }) => Exact.of(usdPerMonth)));
    expect(sum.toFixed(2)).toBe(json.usdPerMonth);
    expect(Object.keys(json.prices).sort()).toEqual([...new Set(json.lines.map(({ price }) => price))].sort());
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

describe("a quantity", () => {
  it.each([
    ["10310000", "10.3 million"],
    ["9700000", "9.7 million"],
    ["331825", "332,000"],
    ["1234", "1,230"],
    ["525", "525"],
    ["21", "21"],
    ["5.7611", "5.76"],
    ["0.9686", "0.969"],
    ["0", "0"],
    ["100", "100"],
    ["2000000000", "2 billion"],
    ["999999", "1,000,000"],
  ])("%s shows as %s", (quantity, expected) => {
    expect(magnitude(Exact.of(quantity))).toBe(expected);
  });
});

describe("what would lower the cost", () => {
  const savings = savingsOf(situation);

  it("is ranked, and every saving is one", () => {
    for (const [at, { usd }] of savings.entries()) {
      expect(Exact.zero.isBelow(usd)).toBe(true);
      expect(usd.isBelow(report.cost.usd)).toBe(true);
      expect(savings[at - 1]?.usd.isBelow(usd) ?? false).toBe(false);
    }
  });

  it.each([
    ["no text messages", "SNS: text messages"],
    ["no e-mails", "SNS: e-mails"],
    ["an AWS-owned key for the event bus", "KMS: requests of the bus"],
    ["no log of the low tier's events", "Observability: logs of the bus"],
    ["workflow logs of errors only", "Observability: logs of workflows"],
  ])("%s saves the line %s at least", (what, line) => {
    const saved = savings.find((saving) => saving.what.startsWith(what))?.usd;
    const cost = report.cost.lines.find((each) => `${each.service}: ${each.what}` === line)?.usd;
    expect(cost).toBeDefined();
    expect(saved?.isBelow(cost ?? Exact.zero)).toBe(false);
  });

  it("knows Express, log levels, retention, sampling, batches, thresholds, claim checks, provisioned concurrency, WAF", () => {
    const all = savings.map(({ what }) => what).join("\n");
    for (const word of ["Express", "WARN", "7 days", "X-Ray", "batch", "medium tier", "claim checks"]) {
      expect(all).toContain(word);
    }
    for (const without of ["provisioned concurrency", "web firewall", "metrics of API methods"]) {
      expect(all).toContain(`no ${without}`);
    }
  });

  it("is nothing where nothing is deployed that could be less", () => {
    expect(savingsOf(aSituation())).toEqual([]);
  });
});
