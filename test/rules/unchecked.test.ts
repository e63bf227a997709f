/** What `terraform validate` and `plan` let pass, and AWS refuses, or worse: takes and never does. */
import aslValidator from "asl-validator";
import { compilePattern } from "../../local/services/events/matcher.ts";
import { add, argumentsOf, blockIn, change, lastOf, set } from "./broken.ts";
import { inputTemplateProblem, scheduleProblem } from "./expressions.ts";
import { describeRules } from "./rule.ts";
import { breaking, everyResource, ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

const rules = "aws_cloudwatch_event_rule";
const schedules = "aws_scheduler_schedule";
const targets = "aws_cloudwatch_event_target";

/** Source: EventBridge User Guide, "Amazon EventBridge quotas". */
const maxPatternLength = 2_048;

function patternProblem({ config }: StackResource): string | undefined {
  const pattern = String(config.event_pattern);
  if (pattern.length > maxPatternLength) return `the pattern has ${pattern.length} characters`;
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** An event rule has a pattern, a schedule or both. */
function triggerProblem(rule: StackResource): string | undefined {
  const { event_pattern: pattern, schedule_expression: schedule } = rule.config;
  if (pattern === undefined && schedule === undefined) return "has neither a pattern nor a schedule";
  return (
    (pattern === undefined ? undefined : patternProblem(rule)) ??
    (schedule === undefined ? undefined : scheduleProblem(String(schedule)))
  );
}

function inputProblem({ config }: StackResource): string | undefined {
  const { input_path: path, input, input_transformer: transformer } = config;
  if ([path, input, transformer].filter((each) => each !== undefined).length > 1)
    return "takes one kind of input alone";
  if (path !== undefined && !/^\$(\.[\w-]+)*$/.test(String(path))) return `${path} is no path`;
  if (transformer === undefined) return undefined;
  const { input_paths: paths = {}, input_template: template } = [transformer].flat()[0] as {
    readonly input_paths?: Readonly<Record<string, string>>;
    readonly input_template: string;
  };
  return inputTemplateProblem(template, Object.keys(paths));
}

/** Amounts on and around every number that the patterns of a stack name, and none. */
function amountsAround(eventRules: readonly StackResource[]): readonly (number | undefined)[] {
  const numbers = eventRules.flatMap(({ config }) => String(config.event_pattern).match(/-?\d+(\.\d+)?/g) ?? []);
  return [undefined, 0, 1e9, ...numbers.map(Number).flatMap((number) => [number - 0.01, number, number + 0.01])];
}

function eventOf(routingAmountUsd: number | undefined, eventRules: readonly StackResource[]) {
  const { source } = JSON.parse(String(eventRules[0]?.config.event_pattern)) as { source: string[] };
  return { source: source[0], "detail-type": "payment.succeeded", detail: { eventId: "a", routingAmountUsd } };
}

/** A day's line of a lifecycle rule. */
interface Transition {
  readonly days: number;
  readonly storage_class: string;
}

function lifecycleProblem({ config }: StackResource): string | undefined {
  for (const rule of (config.rule ?? []) as Record<string, unknown>[]) {
    const transitions = (rule.transition ?? []) as Transition[];
    const [{ days: end = Number.POSITIVE_INFINITY } = {}] = (rule.expiration ?? []) as { days?: number }[];
    const days = transitions.map((each) => each.days);
    if (transitions.some((each) => /_IA$/.test(each.storage_class) && each.days < 30))
      return "moves to IA before 30 days";
    if (days.some((day, index) => index > 0 && day < Number(days[index - 1]) + 30)) return "moves again within 30 days";
    if (days.some((day) => day >= end)) return "moves what has ended";
  }
  return undefined;
}

/** `<place> <problem>` of each resource of a type that has one. */
function problemsOf(stacks: Stacks, type: string, problemOf: (resource: StackResource) => string | undefined) {
  return ofType(stacks, type).flatMap((resource) => {
    const problem = problemOf(resource);
    return problem === undefined ? [] : [`${resource.place} ${problem}`];
  });
}

describeRules("state machines", {
  "log to all streams of their group (:*), where AWS has deliveries write": {
    rule: (stacks) =>
      breaking(stacks, "aws_sfn_state_machine", (machine) => {
        const logging = (machine.config.logging_configuration ?? {}) as Record<string, unknown>;
        const { log_destination: destination } = logging;
        const group = referred(stacks, machine, destination);
        return group?.type !== "aws_cloudwatch_log_group" || !String(destination).endsWith(".arn}:*");
      }),
    broken: {
      "when one logs to the group itself": change("aws_sfn_state_machine", (config) => {
        const logging = blockIn(config, "logging_configuration");
        logging.log_destination = String(logging.log_destination).replace(":*", "");
      }),
      "when one logs nowhere": change("aws_sfn_state_machine", (config) => delete config.logging_configuration),
    },
  },

  "are valid in Amazon States Language": {
    rule: (stacks) =>
      problemsOf(stacks, "aws_sfn_state_machine", ({ config }) => {
        const { isValid, errorsText } = aslValidator(JSON.parse(String(config.definition)));
        return isValid ? undefined : errorsText("; ");
      }),
    broken: {
      "when a state leads nowhere": change("aws_sfn_state_machine", (config) => {
        config.definition = String(config.definition).replace('"Next":"Claim"', '"Next":"Nowhere"');
      }),
    },
  },
});

/** Whether a rule only writes events down, and sends them no way. */
function isLogging(stacks: Stacks, rule: StackResource): boolean {
  const receivers = ofType(stacks, "aws_cloudwatch_event_target")
    .filter((target) => referred(stacks, target, target.config.rule)?.place === rule.place)
    .map((target) => referred(stacks, target, target.config.arn)?.type);
  return receivers.length > 0 && receivers.every((type) => type === "aws_cloudwatch_log_group");
}

describeRules("event rules", {
  "have a pattern that EventBridge understands, or a schedule": {
    rule: (stacks) => [
      ...problemsOf(stacks, rules, triggerProblem),
      ...everyResource(stacks).flatMap(({ type, place, config }) => {
        const problem = type === schedules ? scheduleProblem(String(config.schedule_expression)) : undefined;
        return problem === undefined ? [] : [`${place} ${problem}`];
      }),
    ],
    broken: {
      "when a value isn't in a list": set(rules, { event_pattern: '{"source":"payment-webhooks"}' }),
      "when an operator is misspelt": set(rules, { event_pattern: '{"detail":{"a":[{"numerical":[">",1]}]}}' }),
      "when it is no JSON": set(rules, { event_pattern: "{" }),
      "when it is too long": set(rules, { event_pattern: JSON.stringify({ source: ["x".repeat(maxPatternLength)] }) }),
      "when a schedule says 1 days": set(rules, { schedule_expression: "rate(1 days)" }),
      "when a schedule of Scheduler's says 1 days": add("pipeline-prod", schedules, {
        schedule_expression: "rate(1 days)",
      }),
      "when one has neither": change(rules, (config) => delete config.event_pattern),
    },
  },

  "send any payment one way, whatever its amount": {
    rule: (stacks) =>
      [...new Set(ofType(stacks, rules).map(({ stack }) => stack))].flatMap((stack) => {
        const own = ofType(stacks, rules).filter((rule) => rule.stack === stack && !isLogging(stacks, rule));
        const matchers = own.map(({ config }) => compilePattern(String(config.event_pattern)));
        return amountsAround(own).flatMap((amount) => {
          const ways = matchers.filter((matches) => matches(eventOf(amount, own))).length;
          return ways === 1 ? [] : [`${stack}: ${ways} rules match ${amount ?? "no amount"}`];
        });
      }),
    broken: {
      "when two rules take one amount": (stacks) => {
        const rule = lastOf(stacks, rules, ({ config }) => String(config.event_pattern).includes('"<"'));
        argumentsOf(rule).event_pattern = String(rule.config.event_pattern).replace('"<"', '"<="');
        return `${rule.stack}: 2 rules match`;
      },
      "when no rule takes what has no amount": (stacks) => {
        const rule = lastOf(stacks, rules, ({ config }) => String(config.event_pattern).includes("exists"));
        argumentsOf(rule).event_pattern = String(rule.config.event_pattern).replace("false", "true");
        return `${rule.stack}: 0 rules match no amount`;
      },
    },
  },
});

describeRules("event targets", {
  "take an input that EventBridge can make": {
    rule: (stacks) => problemsOf(stacks, targets, inputProblem),
    broken: {
      "when a placeholder stands without quotes": change(targets, (config) => {
        delete config.input_path;
        config.input_transformer = { input_paths: { id: "$.detail.eventId" }, input_template: '{"id":<id>}' };
      }),
      "when a path has no dollar": set(targets, { input_path: "detail" }),
      "when there are two kinds": set(targets, { input_path: "$.detail", input: "{}" }),
    },
  },
});

describeRules("lifecycles", {
  "move objects when S3 can, and before they end": {
    rule: (stacks) => problemsOf(stacks, "aws_s3_bucket_lifecycle_configuration", lifecycleProblem),
    broken: {
      "when they move to IA after a week": moveAfter(7, "STANDARD_IA"),
      "when they move after their end": moveAfter(10_000, "GLACIER"),
    },
  },
});

function moveAfter(days: number, storageClass: string) {
  return change("aws_s3_bucket_lifecycle_configuration", (config) => {
    blockIn(config, "rule").transition = [{ days, storage_class: storageClass }];
  });
}
