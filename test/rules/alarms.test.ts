/** An alarm calls somebody: it says what it means to a customer and what to do, and one cause pages once. */
import { readFileSync } from "node:fs";
import { amountProblems } from "../../config/events.ts";
import { lambdas } from "../../config/lambdas.ts";
import type { MetricName } from "../../config/metrics.ts";
import { compileFilterPattern } from "../../local/services/logs/filter-pattern.ts";
import type { Arguments } from "../stacks/synthesized.ts";
import { argumentsOf, change, lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { breaking, environmentOf, ofType, referred, referredIn, type StackResource, type Stacks } from "./stacks.ts";

const alarms = "aws_cloudwatch_metric_alarm";
const composites = "aws_cloudwatch_composite_alarm";
const filters = "aws_cloudwatch_log_metric_filter";

/** Metrics that count what waits for a person: it waits as long as nobody says otherwise. */
const lasting: ReadonlySet<string> = new Set([
  "WebhookReconciliation.OpenCriticalDiscrepancies",
  "DecisionSweep.Undecided",
] satisfies MetricName[]);

const both = (stacks: Stacks) => [...ofType(stacks, alarms), ...ofType(stacks, composites)];
const placesOf = (found: readonly StackResource[]) => found.map(({ place }) => place);

const textOf = ({ config }: StackResource) => String(config.alarm_description);

/** Impact, three steps, and a section of the runbook. */
const text =
  /^Impact: (?<impact>.+)\n\n1\. (?<steps>.+\n2\. .+\n3\. .+)\n\nRunbook: docs\/runbook\.md#(?<anchor>[\w-]+)$/;
const sentence = /^[A-Z0-9"].{14,}[.?]$/;

function wordsOf(alarm: StackResource) {
  const { impact = "", steps = "", anchor = "" } = text.exec(textOf(alarm))?.groups ?? {};
  return { impact, steps: steps.split(/\n\d\. /), anchor };
}

/** The anchor that Markdown renders for a heading. */
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(/[^\w-]/g, "");

const runbook = readFileSync("docs/runbook.md", "utf8");
const sections = new Map(
  [...runbook.matchAll(/^### `(.+)`$/gm)].map(([, heading = ""]) => [anchorOf(heading), heading]),
);

/** Whether a section is about an alarm: it has its name, or the name of its kind, `<function>-<env>-slow`. */
function isAbout(heading: string, { stack, config }: StackResource): boolean {
  const pattern = heading.replace("<env>", environmentOf(stack).name).replace(/<(function|provider)>/, "[\\w-]+");
  return new RegExp(`^${pattern}$`).test(String(config.alarm_name));
}

/** The metric of an alarm and those that its expression computes with, with their periods. */
function metricsOf({ config }: StackResource): readonly Arguments[] {
  if (config.metric_name !== undefined) return [config];
  const queries = config.metric_query as readonly { readonly metric?: Arguments }[];
  return queries.flatMap(({ metric }) => (metric === undefined ? [] : [metric]));
}

/** The parts of a composite alarm. */
const partsOf = (stacks: Stacks, { stack, config }: StackResource) =>
  referredIn(stacks, stack, String(config.alarm_rule));

const topicsOf = (stacks: Stacks, alarm: StackResource) =>
  [alarm.config.alarm_actions, alarm.config.ok_actions].map((actions) => referred(stacks, alarm, actions));

const isSimple = ({ config }: StackResource) => config.metric_name !== undefined;

const isPage = (topic: StackResource | undefined) => String(topic?.config.name).startsWith("critical-system-alerts-");

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
  "say what customers notice, the first three steps and where to read on, within 1,024 characters": {
    rule: (stacks) =>
      placesOf(
        both(stacks).filter((alarm) => {
          const { impact, steps } = wordsOf(alarm);
          const said = [impact, ...steps];
          return said.length !== 4 || !said.every((each) => sentence.test(each)) || textOf(alarm).length > 1_024;
        }),
      ),
    broken: {
      "when one says nothing": change(alarms, (config) => delete config.alarm_description),
      "when a composite one says nothing": change(composites, (config) => delete config.alarm_description),
      "when one doesn't say what to do": set(alarms, { alarm_description: "Impact: payments are late." }),
      "when one leaves a step out": change(alarms, (config) => {
        config.alarm_description = String(config.alarm_description).replace(/\n3\. .+/, "");
      }),
      "when one has no link": change(alarms, (config) => {
        config.alarm_description = String(config.alarm_description).replace(/\n\nRunbook: .+/, "");
      }),
      "when one says too much": change(alarms, (config) => {
        config.alarm_description = String(config.alarm_description).replace(".", ` ${"x".repeat(1_024)}.`);
      }),
    },
  },

  "ring at a topic and say there when it is over, or are part of one that does": {
    rule: (stacks) => {
      const parts = new Set(ofType(stacks, composites).flatMap((composite) => placesOf(partsOf(stacks, composite))));
      return placesOf(
        both(stacks).filter((alarm) => {
          const ringing = topicsOf(stacks, alarm).filter((topic) => topic?.type === "aws_sns_topic");
          return ringing.length !== (parts.has(alarm.place) ? 0 : 2);
        }),
      );
    },
    broken: {
      "when one rings nowhere": set(alarms, { alarm_actions: [] }, (each) => each.config.alarm_actions !== undefined),
      "when one is never over": set(alarms, { ok_actions: [] }, (each) => each.config.alarm_actions !== undefined),
      "when a composite one rings nowhere": set(composites, { alarm_actions: [] }),
      "when a part rings beside its whole": (stacks) => {
        const ringing = lastOf(stacks, alarms, ({ stack, config }) => {
          return stack === "observability-prod" && config.alarm_actions !== undefined;
        });
        const isPart = (each: StackResource) => each.stack === ringing.stack && each.config.alarm_actions === undefined;
        const { alarm_actions, ok_actions } = ringing.config;
        return set(alarms, { alarm_actions, ok_actions }, isPart)(stacks);
      },
    },
  },

  "page by composite alarms alone, so that one cause pages once": {
    rule: (stacks) =>
      placesOf([
        ...ofType(stacks, alarms).filter((alarm) => topicsOf(stacks, alarm).some(isPage)),
        ...ofType(stacks, composites).filter((alarm) => !topicsOf(stacks, alarm).every(isPage)),
      ]),
    broken: {
      "when a single one pages": (stacks) => {
        const paging = lastOf(stacks, composites).config.alarm_actions;
        const isBeside = ({ stack }: StackResource) => stack === lastOf(stacks, composites).stack;
        return set(alarms, { alarm_actions: paging }, isBeside)(stacks);
      },
      "when a composite one can wait": (stacks) => {
        const { stack } = lastOf(stacks, composites);
        const waiting = lastOf(
          stacks,
          alarms,
          (each) => each.stack === stack && each.config.alarm_actions !== undefined,
        );
        return set(composites, { ok_actions: waiting.config.ok_actions })(stacks);
      },
    },
  },

  "have parts and a cause of their own stack, so that none is gone before its whole": {
    rule: (stacks) =>
      placesOf(
        ofType(stacks, composites).filter((composite) => {
          const { actions_suppressor: suppressor } = composite.config as { actions_suppressor?: { alarm: string } };
          const names = String(composite.config.alarm_rule).match(/\$\{[^}]+\}/g) ?? [];
          const named = [
            ...partsOf(stacks, composite),
            ...referredIn(stacks, composite.stack, suppressor?.alarm ?? ""),
          ];
          const isWhole = named.length === names.length + (suppressor === undefined ? 0 : 1);
          const others = named.filter(({ stack, place }) => stack !== composite.stack || place === composite.place);
          return names.length === 0 || !isWhole || others.length > 0;
        }),
      ),
    broken: {
      "when a part is only named": set(composites, { alarm_rule: 'ALARM("webhook-dedup-prod-errors")' }),
      "when its cause is only named": set(composites, { actions_suppressor: { alarm: "payment-webhooks-prod" } }),
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
        config.comparison_operator = "GreaterThanThreshold";
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
      breaking(stacks, alarms, (alarm) => {
        const periods = metricsOf(alarm).map(({ period }) => Number(period));
        const period = Math.max(...periods);
        return !(period * Number(alarm.config.evaluation_periods) <= (period < 3_600 ? 1 : 7) * 86_400);
      }),
    broken: {
      "when one looks at minutes of two days": set(alarms, { period: 60, evaluation_periods: 2_880 }, isSimple),
      "when one looks at hours of eight days": set(alarms, { period: 3_600, evaluation_periods: 192 }, isSimple),
      "when an expression looks at two days": set(alarms, { evaluation_periods: 2_880 }, (each) => !isSimple(each)),
    },
  },

  "link to a section of the runbook that is about them": {
    rule: (stacks) =>
      placesOf(both(stacks).filter((alarm) => !isAbout(sections.get(wordsOf(alarm).anchor) ?? "", alarm))),
    broken: {
      "when there is a new one": set(alarms, {
        alarm_description: "Impact: x\n\n1. a\n2. b\n3. c\n\nRunbook: docs/runbook.md#something-new-env",
      }),
      "when one links to another's": set(alarms, { alarm_name: "something-new-prod" }),
      "when a composite one links to another's": set(composites, { alarm_name: "something-new-prod" }),
    },
  },

  "are all that the runbook has sections for": {
    rule: (stacks) => {
      const linked = new Set(both(stacks).map((alarm) => wordsOf(alarm).anchor));
      return [...sections].filter(([anchor]) => !linked.has(anchor)).map(([, heading]) => `${heading} is no alarm`);
    },
    broken: {
      "when one is no more": (stacks) => {
        const { anchor } = wordsOf(lastOf(stacks, alarms));
        for (const alarm of ofType(stacks, alarms).filter((each) => wordsOf(each).anchor === anchor)) {
          argumentsOf(alarm).alarm_description = "gone";
        }
        return `${sections.get(anchor)} is no alarm`;
      },
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
