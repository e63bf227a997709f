/** EventBridge writes to the log groups that are its targets, and to no other. */
import { set } from "./broken.ts";
import { allowing, conditionsOn } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { ofType, referred, type StackResource } from "./stacks.ts";

/** Whether a text fits a pattern with `*`; what Terraform fills in is the same on both sides. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.$?+^(){}|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

describeRules("a log group that EventBridge writes to", {
  "is one that the account lets it write to, for the rules of its bus": {
    rule: (stacks) => {
      const lines = allowing(stacks, "resource").filter(({ Action: actions }) => actions.includes("logs:PutLogEvents"));
      const patterns = lines.map((line) => ({
        groups: line.Resource?.map((resource) => resource.split(":log-group:")[1] ?? "") ?? [],
        rules: conditionsOn(line, "aws:SourceArn").map((arn) => arn.split(":rule/")[1] ?? ""),
      }));
      return ofType(stacks, "aws_cloudwatch_event_target").flatMap((target) => {
        const group = referred(stacks, target, target.config.arn);
        if (group?.type !== "aws_cloudwatch_log_group") return [];
        const bus = referred(stacks, target, target.config.event_bus_name)?.config.name;
        const isCovered = patterns.some(
          ({ groups, rules }) =>
            groups.some((pattern) => fits(pattern, `${group.config.name}:stream`)) &&
            rules.some((pattern) => fits(pattern, `${bus}/rule`)),
        );
        return isCovered ? [] : [group.place];
      });
    },
    broken: {
      "when it has another name": (stacks) => {
        const isLowTier = ({ config }: StackResource) => String(config.name).startsWith("/aws/events/");
        return set("aws_cloudwatch_log_group", { name: "/aws/events/other-prod" }, isLowTier)(stacks);
      },
    },
  },
});
