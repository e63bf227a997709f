import { LogGroup } from "../../../stacks/constructs/LogGroup.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { keyIn } from "./fixtures.ts";

describe("LogGroup", () => {
  const group = onlyResource(
    synthesize((scope) => {
      new LogGroup(scope, "logs", { logGroupName: "/a/group", logs: { retentionDays: 14, key: keyIn(scope) } });
    }),
    "aws_cloudwatch_log_group",
  );

  it("has its name", () => expect(group.name).toBe("/a/group"));
  it("ends its lines after the retention", () => expect(group.retention_in_days).toBe(14));
  it("is encrypted with the key", () => expect(group.kms_key_id).toMatch(/^\$\{aws_kms_key\.a-key_.*\.arn\}$/));
});
