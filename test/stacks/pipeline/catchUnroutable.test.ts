import { named } from "./dev-pipeline.ts";

describe("what is unroutable", () => {
  it("is never said to be sent again, which would be a duplicate", () => {
    const { alarm_description: text } =
      named("aws_cloudwatch_metric_alarm", "unroutable-dev-not-empty", "alarm_name") ?? {};
    expect(text).toMatch(/A resend by the provider would be a duplicate\./);
    expect(text).toContain("docs/runbook.md#unroutable-env-not-empty");
    expect(text).not.toContain("send them again");
  });
});
