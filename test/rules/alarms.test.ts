/** An alarm wakes somebody: it says what it means to a customer and what to do. */
import { readFileSync } from "node:fs";
import { amountProblems } from "../../config/events.ts";
import { lambdas } from "../../config/lambdas.ts";
import type { MetricName } from "../../config/metrics.ts";
import { compileFilterPattern } from "../../local/services/logs/filter-pattern.ts";
import { argumentsOf, change, lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { breaking, environmentOf, ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

const alarms = "aws_cloudwatch_metric_alarm";
/** Metrics that count what waits for a person: it waits as long as nobody says otherwise. */
const lasting: ReadonlySet<string> = new Set([
  "WebhookReconciliation.OpenCriticalDiscrepancies",
  "DecisionSweep.Undecided",
] satisfies MetricName[]);
const filters = "aws_cloudwatch_log_metric_filter";

const textOf = ({ config }: StackResource) => String(config.alarm_description);

/** The runbook's heading for an alarm: its name with `<env>` for the environment. */
function sectionOf({ stack, config }: StackResource): string {
  return String(config.alarm_name).replace(new RegExp(`-${environmentOf(stack).name}\\b`), "-<env>");
}

const runbook = readFileSync("docs/runbook.md", "utf8");
const sections = [...runbook.matchAll(/^### `(.+)`$/gm)].map(([, name = ""]) => name);

/** The alarms that look at a metric filter's metric. */
function watching(stacks: Stacks, { stack, config }: StackResource): readonly StackResource[] {
  const { name, namespace } = config.metric_transformation as { name: string; namespace: string };
  return ofType(stacks, alarms).filter(
    (alarm) => alarm.stack === stack && alarm.config.metric_name === name && alarm.config.namespace === namespace,
  );
}

function isPattern(pattern: unknown): boolean {
  try {
    compileFilterPattern(String(pattern));
    return true;
  } catch {
    return false;
  }
}

describeRules("alarms", {
  "say what customers notice and what to do, within 1,024 characters": {
    rule: (stacks) =>
      breaking(stacks, alarms, (alarm) => {
        return !/^Impact: \S.{15,}\. What to do: \S.{15,}\.$/.test(textOf(alarm)) || textOf(alarm).length > 1_024;
      }),
    broken: {
      "when one says nothing": change(alarms, (config) => delete config.alarm_description),
      "when one doesn't say what to do": set(alarms, { alarm_description: "Impact: payments are late." }),
      "when one says too much": change(alarms, (config) => {
        config.alarm_description = String(config.alarm_description).replace(".", ` ${"x".repeat(1_024)}.`);
      }),
    },
  },

  "ring at a topic, and say there when it is over": {
    rule: (stacks) =>
      breaking(stacks, alarms, (alarm) => {
        const at = [alarm.config.alarm_actions, alarm.config.ok_actions].map((actions) =>
          referred(stacks, alarm, actions),
        );
        return at.some((topic) => topic?.type !== "aws_sns_topic");
      }),
    broken: {
      "when one rings nowhere": set(alarms, { alarm_actions: [] }),
      "when one is never over": set(alarms, { ok_actions: [] }),
    },
  },

  "take no data as good, as bad where it is data that they miss, and as no news where what was told of lasts": {
    rule: (stacks) =>
      breaking(stacks, alarms, ({ config }) => {
        const missesData = config.comparison_operator === "LessThanThreshold";
        const takes = missesData ? "breaching" : lasting.has(String(config.metric_name)) ? "ignore" : "notBreaching";
        return config.treat_missing_data !== takes;
      }),
    broken: {
      "when one waits for data": change(alarms, (config) => delete config.treat_missing_data),
      "when one is over though nobody has said so": change(alarms, (config) => {
        config.metric_name = [...lasting][0];
        config.treat_missing_data = "notBreaching";
      }),
      "when one that misses data doesn't mind": set(alarms, {
        comparison_operator: "LessThanThreshold",
        treat_missing_data: "notBreaching",
      }),
    },
  },

  "look back no further than CloudWatch does: a day, or seven where periods are an hour or longer": {
    rule: (stacks) =>
      breaking(stacks, alarms, ({ config }) => {
        const [period, periods] = [Number(config.period), Number(config.evaluation_periods)];
        return period * periods > (period < 3_600 ? 1 : 7) * 86_400;
      }),
    broken: {
      "when one looks at minutes of two days": set(alarms, { period: 60, evaluation_periods: 2_880 }),
      "when one looks at hours of eight days": set(alarms, { period: 3_600, evaluation_periods: 192 }),
    },
  },

  "have a section each in the runbook": {
    rule: (stacks) => breaking(stacks, alarms, (alarm) => !sections.includes(sectionOf(alarm))),
    broken: { "when there is a new one": set(alarms, { alarm_name: "something-new-prod" }) },
  },

  "are all that the runbook has sections for": {
    rule: (stacks) => {
      const named = ofType(stacks, alarms).map(sectionOf);
      return sections.filter((section) => !named.includes(section)).map((section) => `${section} is no alarm`);
    },
    broken: {
      "when one is no more": (stacks) => {
        const section = sectionOf(lastOf(stacks, alarms));
        for (const alarm of ofType(stacks, alarms).filter((each) => sectionOf(each) === section)) {
          argumentsOf(alarm).alarm_name = "renamed";
        }
        return `${section} is no alarm`;
      },
    },
  },

  "name sections of the runbook that there are": {
    rule: (stacks) =>
      breaking(stacks, alarms, (alarm) =>
        [...textOf(alarm).matchAll(/docs\/runbook\.md says under (\S+-<env>[\w-]*)/g)].some(
          ([, section = ""]) => !sections.includes(section),
        ),
      ),
    broken: {
      "when one has another name": set(alarms, {
        alarm_description: "See what docs/runbook.md says under gone-<env>.",
      }),
    },
  },

  "watch every function's errors, with the manifest's words": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", ({ stack, config }) => {
        const { errorImpact = "?" } =
          Object.values(lambdas).find((each) => each.description === config.description) ?? {};
        const alarm = ofType(stacks, alarms).find(
          (each) => each.stack === stack && each.config.alarm_name === `${config.function_name}-errors`,
        );
        return alarm === undefined || !textOf(alarm).includes(errorImpact);
      }),
    broken: {
      "when nobody watches one": set("aws_lambda_function", { function_name: "another" }),
    },
  },
});

describeRules("metric filters", {
  "have a pattern that CloudWatch Logs understands, over a log group of ours": {
    rule: (stacks) =>
      breaking(stacks, filters, (filter) => {
        const group = referred(stacks, filter, filter.config.log_group_name);
        return !isPattern(filter.config.pattern) || group?.type !== "aws_cloudwatch_log_group";
      }),
    broken: {
      "when the pattern has no end": set(filters, { pattern: '{ $.code = "fx' }),
      "when the group is somebody's": set(filters, { log_group_name: "/aws/lambda/another" }),
    },
  },

  "are watched by one alarm each": {
    rule: (stacks) => breaking(stacks, filters, (filter) => watching(stacks, filter).length !== 1),
    broken: {
      "when nobody looks at what one counts": set(filters, { metric_transformation: { name: "x", namespace: "y" } }),
    },
  },
});

it("rule 10: no reason for unroutable money is without a word in the runbook on what to do", () => {
  const [, section = ""] = readFileSync("docs/runbook.md", "utf8").split("### `unroutable-<env>-not-empty`");
  const rows = section.split("\n### ")[0]?.match(/^ *\| `.+$/gm) ?? [];
  const explained = rows.slice(1).flatMap((row) => row.split("|")[1]?.match(/\w+/g) ?? []);
  expect(explained.sort()).toEqual([...amountProblems].sort());
});
