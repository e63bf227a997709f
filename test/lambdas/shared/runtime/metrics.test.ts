import { createMetrics } from "../../../../lambdas/shared/runtime/metrics.ts";

describe("metrics", () => {
  it("are one line of the log in CloudWatch's embedded format, with their dimensions", () => {
    const lines: string[] = [];
    const spy = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      lines.push(String(chunk));
      return true;
    });
    try {
      createMetrics("decision-sweep", { environment: "test", log: { error: () => {} } }).count({
        "DecisionSweep.Finished": 1,
        "DecisionSweep.Resent": 0,
      });
    } finally {
      spy.mockRestore();
    }
    expect(lines).toHaveLength(1);
    const { _aws: about, ...values } = JSON.parse(lines[0] ?? "{}") as Record<string, unknown>;
    expect(values).toMatchObject({
      service: "decision-sweep",
      environment: "test",
      "DecisionSweep.Finished": 1,
      "DecisionSweep.Resent": 0,
    });
    expect(about).toMatchObject({
      CloudWatchMetrics: [
        { Namespace: "ECOSYSTEMAWS/Webhooks", Dimensions: [expect.arrayContaining(["service", "environment"])] },
      ],
    });
  });
});
