/** What the functions tell CloudWatch of webhooks, as lines of their logs. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { LambdaName } from "../../config/lambdas.ts";
import { dimensionValues, type MetricName, metricNamespace, metrics } from "../../config/metrics.ts";
import type { LocalProcess } from "../../local/process.ts";
import { type EmfLine, emfLinesIn } from "../support/emf-lines.ts";
import { clientOptions, environment, named, payment, send, sign, startPipeline, until } from "./harness.ts";

let runtime: LocalProcess;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  runtime = await startPipeline(["--memory", "--speed", "20"]);
  logs = new CloudWatchLogsClient(clientOptions(runtime));
});
afterAll(() => runtime?.stop());

/** A function's metrics so far; none while it hasn't run. */
async function linesOf(lambda: LambdaName): Promise<readonly EmfLine[]> {
  const logGroupName = `/aws/lambda/${named.lambda(lambda)}`;
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: '"_aws"' }));
  return emfLinesIn(events.map(({ message = "" }) => message));
}

type Selection = Readonly<Record<string, string>>;

/** Sum of a metric by the dimensions beside service and environment, as CloudWatch adds it up. */
function sumIn(lines: readonly EmfLine[], name: MetricName, selection: Selection = {}): number {
  const wanted = ["service", "environment", ...Object.keys(selection)].sort().join();
  return lines.reduce((sum, line) => {
    const isTold = line._aws.CloudWatchMetrics.some(
      ({ Metrics, Dimensions }) =>
        Metrics.some((metric) => metric.Name === name) && Dimensions.some((set) => [...set].sort().join() === wanted),
    );
    const isOf = Object.entries(selection).every(([dimension, value]) => line[dimension] === value);
    return isTold && isOf ? sum + [line[name]].flat().reduce<number>((total, each) => total + Number(each), 0) : sum;
  }, 0);
}

/** Waits until a function's metric has come to a sum. */
function reaches(lambda: LambdaName, name: MetricName, sum: number, selection: Selection = {}): Promise<unknown> {
  return until(`${name} of ${sum} by ${JSON.stringify(selection)}`, async () => {
    const found = sumIn(await linesOf(lambda), name, selection);
    return found === sum ? true : undefined;
  });
}

it("follow webhooks from their answer to their decision", async () => {
  const low = sign({ body: payment({ id: "low", amountMinor: 1_000 }) });
  const medium = sign({ body: payment({ id: "medium", amountMinor: 200_000, currency: "eur" }) });
  const ping = sign({ provider: "github", body: { zen: "Speak." }, deliveryId: "ping-1", topic: "ping" });
  for (const webhook of [low, medium, ping]) expect((await send(runtime, webhook)).status).toBe(200);
  await reaches("webhook-dedup", "recorded", 3);
  expect((await send(runtime, low)).status).toBe(200);
  expect((await send(runtime, { ...low, body: Buffer.from("{}") })).status).toBe(401);
  expect((await send(runtime, { ...low, path: "/webhooks/4242424242424242" })).status).toBe(404);

  await reaches("webhook-validator", "accepted", 4);
  await reaches("webhook-validator", "accepted", 3, { provider: "stripe" });
  await reaches("webhook-validator", "refused", 2);
  await reaches("webhook-validator", "refused", 1, { provider: "stripe" });
  await reaches("webhook-validator", "refused", 1, { reason: "signature_mismatch" });
  await reaches("webhook-validator", "refused", 1, { reason: "unknown_provider" });
  await reaches("webhook-validator", "signatureRefused", 1, { provider: "stripe" });
  await reaches("webhook-dedup", "duplicate", 1, { provider: "stripe" });
  await reaches("webhook-dedup", "recordedMinor", 1_000, { type: "payment.succeeded", currency: "USD" });
  await reaches("webhook-dedup", "recordedMinor", 200_000, { type: "payment.succeeded", currency: "EUR" });
  for (const tier of ["low", "medium", "unrouted"]) await reaches("webhook-dedup", "routed", 1, { tier });
  await reaches("fraud-detector", "decision", 2, { outcome: "APPROVE" });
  for (const tier of ["low", "medium"]) await reaches("fraud-detector", "decision", 1, { tier });
});

it("say nothing that isn't in the table", async () => {
  const functions = ["webhook-validator", "webhook-dedup", "fraud-detector"] as const;
  const told = new Set<string>();
  for (const lambda of functions) {
    for (const { _aws, ...line } of await linesOf(lambda)) {
      expect(line).toMatchObject({ service: lambda, environment });
      for (const { Namespace, Metrics, Dimensions } of _aws.CloudWatchMetrics) {
        expect(Namespace).toBe(metricNamespace);
        for (const { Name, Unit } of Metrics) {
          const { unit, by } = metrics[Name as MetricName];
          expect([Unit, by]).toEqual([unit, [lambda]]);
          told.add(Name);
        }
        for (const dimension of Dimensions.flat().filter((each) => each !== "service" && each !== "environment")) {
          expect(dimensionValues[dimension as keyof typeof dimensionValues]).toContain(line[dimension]);
        }
      }
      const known = [..._aws.CloudWatchMetrics].flatMap(({ Metrics, Dimensions }) => [
        ...Metrics.map(({ Name }) => Name),
        ...Dimensions.flat(),
      ]);
      expect(Object.keys(line).sort()).toEqual([...new Set(known)].sort());
    }
  }
  expect([...told]).toEqual(expect.arrayContaining(["ackLatencyMs", "queueWaitMs", "endToEndMs"]));
});
