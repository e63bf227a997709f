/** What is lost can be recovered, and what is old ends. */
import { argumentsOf, change, lastOf, remove, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { breaking, ofType, referred } from "./stacks.ts";

describeRules("recovery:", {
  "every table can be recovered to any second of 35 days": {
    rule: (stacks) =>
      breaking(stacks, "aws_dynamodb_table", ({ config }) => {
        const { enabled, recovery_period_in_days: days } = (config.point_in_time_recovery ?? {}) as Record<
          string,
          unknown
        >;
        return enabled !== true || days !== 35;
      }),
    broken: {
      "when one can't": change("aws_dynamodb_table", (config) => delete config.point_in_time_recovery),
      "when one can for a week": set("aws_dynamodb_table", {
        point_in_time_recovery: { enabled: true, recovery_period_in_days: 7 },
      }),
    },
  },

  "every bucket's objects end, as do uploads that nobody finished": {
    rule: (stacks) => {
      const ending = ofType(stacks, "aws_s3_bucket_lifecycle_configuration").filter(({ config }) =>
        ((config.rule ?? []) as Record<string, unknown>[]).some(
          (rule) => rule.status === "Enabled" && rule.expiration && rule.abort_incomplete_multipart_upload,
        ),
      );
      const buckets = ending.map((each) => referred(stacks, each, each.config.bucket)?.place);
      return breaking(stacks, "aws_s3_bucket", ({ place }) => !buckets.includes(place));
    },
    broken: {
      "when one has no lifecycle": remove("aws_s3_bucket_lifecycle_configuration", "bucket"),
      "when its lifecycle has no rule": (stacks) => {
        const lifecycle = lastOf(stacks, "aws_s3_bucket_lifecycle_configuration");
        delete argumentsOf(lifecycle).rule;
        return String(referred(stacks, lifecycle, lifecycle.config.bucket)?.place);
      },
    },
  },

  "images end, and never those that a release may go back to": {
    rule: (stacks) => {
      const ending = ofType(stacks, "aws_ecr_lifecycle_policy")
        .filter(({ config }) => /"countNumber":[1-9]\d/.test(String(config.policy)))
        .map((policy) => referred(stacks, policy, policy.config.repository)?.place);
      return breaking(stacks, "aws_ecr_repository", ({ place }) => !ending.includes(place));
    },
    broken: { "when they never do": remove("aws_ecr_lifecycle_policy", "repository") },
  },
});
