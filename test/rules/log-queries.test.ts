/** Saved queries read log groups that there are, of their own environment. */
import { set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { breaking, environmentOf, ofType } from "./stacks.ts";

const queries = "aws_cloudwatch_query_definition";

describeRules("saved queries", {
  "read log groups of their environment": {
    rule: (stacks) =>
      breaking(stacks, queries, ({ stack, config }) => {
        const { name } = environmentOf(stack);
        const groups = ofType(stacks, "aws_cloudwatch_log_group")
          .filter((group) => environmentOf(group.stack).name === name)
          .map((group) => String(group.config.name));
        return !(config.log_group_names as readonly string[]).every((group) => groups.includes(group));
      }),
    broken: {
      "when one reads another's": set(queries, { log_group_names: ["/aws/lambda/webhook-dedup-dev"] }),
      "when one reads what isn't there": set(queries, { log_group_names: ["/aws/lambda/webhook-dedupe-whole"] }),
    },
  },
});
