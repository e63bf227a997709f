/** Every resource says whose it is: the provider tags whatever can be tagged. */
import { synthesizeEnvironments } from "../stacks/synthesized.ts";
import { lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { environmentOf, everyEnvironment, everyResource, type Stacks } from "./stacks.ts";

interface Provider {
  readonly default_tags?: readonly { readonly tags: Record<string, string> }[];
}

/** The tags that a stack's only provider puts on everything. */
function tagsOf(stacks: Stacks, stack: string): Record<string, string> {
  const { aws = [], ...others } = stacks[stack]?.provider ?? {};
  const [provider, ...more] = aws as readonly Provider[];
  return (more.length + Object.keys(others).length === 0 && provider?.default_tags?.[0]?.tags) || {};
}

const stackNames = (stacks: Stacks) => [...new Set(everyResource(stacks).map(({ stack }) => stack))];

const text = (tags: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(tags).sort());

describeRules("tags", {
  "are on everything: project, environment, stack, and the environment's own": {
    rule: (stacks) =>
      stackNames(stacks).filter((stack) => {
        const { name, tags } = environmentOf(stack);
        const [capability = ""] = stack.split("-");
        const wanted = { ...tags, Project: "payment-webhook-pipeline", Environment: name, Stack: capability };
        return text(tagsOf(stacks, stack)) !== text(wanted);
      }),
    broken: {
      "when a stack's provider has none": (stacks) => {
        const { stack } = lastOf(stacks, "aws_sqs_queue");
        Object.assign(stacks[stack]?.provider ?? {}, { aws: [{}] });
        return stack;
      },
      "when it says another environment": (stacks) => {
        const { stack } = lastOf(stacks, "aws_dynamodb_table");
        tagsOf(stacks, stack).Environment = "dev";
        return stack;
      },
      "when there is a second provider": (stacks) => {
        const { stack } = lastOf(stacks, "aws_dynamodb_table");
        Object.assign(stacks[stack]?.provider ?? {}, { random: [{}] });
        return stack;
      },
    },
  },

  "tell short-lived environments from those that stay": {
    rule: (stacks) =>
      stackNames(stacks).filter((stack) => {
        return (tagsOf(stacks, stack).Lifetime === "short") !== environmentOf(stack).shortLived;
      }),
    broken: {
      "when dev says that it is short-lived": (stacks) => {
        tagsOf(stacks, "data-dev").Lifetime = "short";
        return "data-dev";
      },
    },
  },

  "are nobody's own, so that none is missing anywhere": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ config }) => config.tags !== undefined)
        .map(({ place }) => place),
    broken: { "when a queue says another project": set("aws_sqs_queue", { tags: { Project: "another" } }) },
  },
});

it("tags are what the pipeline that deploys tells, too", () => {
  const told = { Repository: "r", CommitAuthor: "c", PrNumber: "1", Team: "t" };
  const stacks = synthesizeEnvironments(everyEnvironment, { tags: told });
  for (const stack of Object.keys(stacks)) expect(tagsOf(stacks, stack)).toMatchObject(told);
});
