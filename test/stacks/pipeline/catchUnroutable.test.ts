import { named } from "./dev-pipeline.ts";

describe("what is unroutable", () => {
  it("is never said to be sent again, which would be a duplicate", () => {
    const { alarm_description: text } =
      named("aws_cloudwatch_metric_alarm", "unroutable-dev-not-empty", "alarm_name") ?? {};
    expect(text).toMatch(
      /by hand, as docs\/runbook\.md says under unroutable-<env>-not-empty; a resend is a duplicate\./,
    );
    expect(text).not.toContain("send them again");
  });
});
