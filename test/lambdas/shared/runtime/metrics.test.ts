import { createMetrics, type FunctionMetrics } from "../../../../lambdas/shared/runtime/metrics.ts";
import { type EmfLine, emfLinesOf } from "../../../support/emf-lines.ts";
import { createMemoryLog } from "../../../support/memory-log.ts";

type Published<Service extends Parameters<typeof createMetrics>[0]> = (metrics: FunctionMetrics<Service>) => void;

/** The lines that a function's metrics write. */
function linesOf<Service extends Parameters<typeof createMetrics>[0]>(
  service: Service,
  publish: Published<Service>,
  log = createMemoryLog(),
): readonly EmfLine[] {
  return emfLinesOf(() => publish(createMetrics(service, { environment: "test", log })));
}

/** Of a line, per list of metrics: their names, and the dimensions beside service and environment. */
function partsOf(line: EmfLine | undefined) {
  return line?._aws.CloudWatchMetrics.map(({ Metrics, Dimensions }) => [
    Metrics.map(({ Name }) => Name),
    Dimensions.map((set) => {
      expect(set.slice(0, 2).sort()).toEqual(["environment", "service"]);
      return set.slice(2);
    }),
  ]);
}

describe("metrics", () => {
  it("are one line of the log in CloudWatch's embedded format, with their dimensions", () => {
    const lines = linesOf("decision-sweep", ({ count }) =>
      count({ "DecisionSweep.Finished": 1, "DecisionSweep.Resent": 0 }),
    );
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "ECOSYSTEMAWS/Webhooks",
              Dimensions: [expect.arrayContaining(["service", "environment"])],
              Metrics: [
                { Name: "DecisionSweep.Finished", Unit: "Count" },
                { Name: "DecisionSweep.Resent", Unit: "Count" },
              ],
            },
          ],
        },
        service: "decision-sweep",
        environment: "test",
        "DecisionSweep.Finished": 1,
        "DecisionSweep.Resent": 0,
      },
    ]);
  });

  it("of a batch share a line where their dimensions don't contradict each other", () => {
    const [line, ...others] = linesOf("webhook-dedup", ({ publish }) =>
      publish(() => [
        { name: "recorded", value: 1, by: { provider: "stripe" } },
        { name: "routed", value: 1, by: { tier: "low" } },
        { name: "queueWaitMs", value: 12 },
        { name: "recorded", value: 1, by: { provider: "stripe" } },
        { name: "routed", value: 1, by: { tier: "low" } },
        { name: "queueWaitMs", value: 30 },
        { name: "recordedMinor", value: 500, by: { type: "payment.succeeded", currency: "EUR" } },
      ]),
    );
    expect(others).toEqual([]);
    expect(line).toMatchObject({ provider: "stripe", recorded: 2, tier: "low", routed: 2, queueWaitMs: [12, 30] });
    expect(line).toMatchObject({ type: "payment.succeeded", currency: "EUR", recordedMinor: 500 });
    expect(partsOf(line)).toEqual([
      [["recorded"], [[], ["provider"]]],
      [["routed"], [[], ["tier"]]],
      [["queueWaitMs"], [[]]],
      [["recordedMinor"], [["type", "currency"]]],
    ]);
  });

  it("go into another line where a dimension has another value, and add up over both", () => {
    const lines = linesOf("webhook-dedup", ({ publish }) =>
      publish(() => [
        { name: "recorded", value: 2, by: { provider: "stripe" } },
        { name: "duplicate", value: 1, by: { provider: "adyen" } },
        { name: "recorded", value: 3, by: { provider: "adyen" } },
        { name: "duplicate", value: 1, by: { provider: "stripe" } },
      ]),
    );
    expect(lines).toMatchObject([
      { provider: "stripe", recorded: 2, duplicate: 1 },
      { provider: "adyen", recorded: 3, duplicate: 1 },
    ]);
  });

  it("have no dimension whose value is in no list", () => {
    const currency = "XXX";
    const lines = linesOf("webhook-dedup", ({ publish }) =>
      publish(() => [
        { name: "recorded", value: 1, by: { provider: "nobody" as "stripe" } },
        { name: "recordedMinor", value: 1, by: { type: "payment.succeeded", currency } },
        { name: "recordedMinor", value: 1, by: { type: "payment.succeeded" } },
      ]),
    );
    expect(lines.map(partsOf)).toEqual([[[["recorded"], [[]]]]]);
    expect(JSON.stringify(lines)).not.toMatch(/nobody|XXX|payment/);
  });

  it("tell no more values in a line than the format takes", () => {
    const lines = linesOf("webhook-dedup", ({ publish }) =>
      publish(() => Array.from({ length: 120 }, (_, value) => ({ name: "queueWaitMs", value }))),
    );
    expect(lines.map(({ queueWaitMs }) => (queueWaitMs as number[]).length)).toEqual([50, 50, 20]);
  });

  it("tell of another time where they are about one", () => {
    const noonMs = Date.now() - 36 * 60 * 60 * 1_000;
    const lines = linesOf("archive-seal", ({ publish }) =>
      publish(() => [{ name: "sealedMinor", value: 7, by: { type: "payment.succeeded", currency: "USD" } }], noonMs),
    );
    expect(lines).toMatchObject([{ _aws: { Timestamp: noonMs } }]);
    expect(lines[0]?._aws.CloudWatchMetrics[0]?.Metrics).toEqual([{ Name: "sealedMinor", Unit: "None" }]);
  });

  it("of nothing are no line", () => {
    expect(linesOf("webhook-dedup", ({ publish }) => publish(() => []))).toEqual([]);
  });

  it("fail nobody: what can't be told is said in the log, and the next is told again", () => {
    const log = createMemoryLog();
    const lines = linesOf(
      "webhook-dedup",
      ({ publish }) => {
        publish(() => {
          throw new Error("measured wrongly");
        });
        publish(() => [
          { name: "recorded", value: 1, by: { provider: "stripe" } },
          { name: "queueWaitMs", value: Number.NaN },
        ]);
        publish(() => [{ name: "duplicate", value: 1, by: { provider: "stripe" } }]);
      },
      log,
    );
    expect(log.lines.map(({ text, error }) => [text, error?.message])).toEqual([
      ["metrics not told", "measured wrongly"],
      ["metrics not told", "queueWaitMs was measured as something else than a number"],
    ]);
    expect(lines).toMatchObject([{ duplicate: 1 }]);
    expect(lines[0]).not.toHaveProperty("recorded");
  });
});
