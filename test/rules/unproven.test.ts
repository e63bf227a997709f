/**
 * What the demo can't prove needed stands in config/permissions.ts, and is granted. That nothing else goes unused is
 * the demo's to show, which runs the system (test/flow/demo.flow.test.ts).
 */
import { type UnprovenPermission, usedOnlyOnAws } from "../../config/permissions.ts";
import { argumentsOf } from "./broken.ts";
import { allowing, type PlacedStatement, servicesOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { environmentOf, referred, type Stacks } from "./stacks.ts";

/** Who has a statement's permissions: the services that it names, or the role that it belongs to. */
function principalsOf(stacks: Stacks, statement: PlacedStatement): readonly string[] {
  const { kind, resource } = statement;
  if (kind === "role") return [String(referred(stacks, resource, resource.config.role)?.config.name)];
  return servicesOf(statement).map((service) => service.replace(/\$\{[^}]*\}/, "us-east-1"));
}

const environmentsOf = (stacks: Stacks) => [...new Set(Object.keys(stacks).map((stack) => environmentOf(stack).name))];

/** Environments in which nobody whom an entry names is allowed an action of it. */
function missingFrom(stacks: Stacks, { principal, optional }: UnprovenPermission, action: string): readonly string[] {
  const granting = allowing(stacks, "role", "resource", "key")
    .filter(({ Action: actions }) => actions.includes(action))
    .filter((statement) => principalsOf(stacks, statement).some((each) => principal?.test(each) ?? true));
  const isEnough = optional === true || granting.some(({ resource }) => resource.stack.startsWith("account-"));
  const granted = granting.map(({ resource }) => environmentOf(resource.stack).name);
  return isEnough && granted.length > 0 ? [] : environmentsOf(stacks).filter((name) => !granted.includes(name));
}

describeRules("a permission that the demo can't use", {
  "is granted in every environment": {
    rule: (stacks) =>
      usedOnlyOnAws.flatMap((entry) =>
        entry.actions.flatMap((action) =>
          missingFrom(stacks, entry, action).map((name) => `${name}: ${action} (${entry.why})`),
        ),
      ),
    broken: {
      "when an environment's alarms publish no more": (stacks) => {
        for (const { resource } of allowing(stacks, "resource")) {
          if (resource.type !== "aws_sns_topic_policy" || environmentOf(resource.stack).name !== "prod") continue;
          argumentsOf(resource).policy = String(resource.config.policy).replaceAll("cloudwatch.amazonaws.com", "x");
        }
        return "prod: sns:Publish";
      },
    },
  },
});

it("gives reasons", () => {
  for (const { why } of usedOnlyOnAws) expect(why).toMatch(/^[A-Z].{15,}\.$/s);
});
