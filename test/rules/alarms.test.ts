/** An alarm wakes somebody: it says what it means to a customer and what to do. */
import { readFileSync } from "node:fs";
import { lambdas } from "../../config/lambdas.ts";
import { compileFilterPattern } from "../../local/services/logs/filter-pattern.ts";
import { breaking, environmentOf, ofType, referred } from "./everyStack.ts";

const alarms = "aws_cloudwatch_metric_alarm";

describe("alarms", () => {
  it("say what customers notice and what to do, within 1,024 characters", () => {
    const saysBoth = /^Impact: \S.{15,}\. What to do: \S.{15,}\.$/;
    expect(breaking(alarms, ({ config }) => !saysBoth.test(String(config.alarm_description)))).toEqual([]);
    expect(breaking(alarms, ({ config }) => String(config.alarm_description).length > 1_024)).toEqual([]);
  });

  it("ring somewhere", () => {
    expect(breaking(alarms, ({ config }) => (config.alarm_actions as string[] | undefined)?.length !== 1)).toEqual([]);
  });

  it("take no data as good", () => {
    expect(breaking(alarms, ({ config }) => config.treat_missing_data !== "notBreaching")).toEqual([]);
  });

  it("have names of their own in each environment", () => {
    const names = ofType(alarms).map(({ config }) => config.alarm_name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("have a section each in the runbook, and the runbook none for others", () => {
    const sections = [...readFileSync("docs/runbook.md", "utf8").matchAll(/^### `(.+)`$/gm)].map((match) => match[1]);
    const names = ofType(alarms).map(({ stack, config }) =>
      String(config.alarm_name).replace(`-${environmentOf(stack).name}`, "-<env>"),
    );
    expect(sections.sort()).toEqual([...new Set(names)].sort());
  });

  it("name sections of the runbook that there are", () => {
    const runbook = readFileSync("docs/runbook.md", "utf8");
    const named = ofType(alarms).flatMap(({ config }) =>
      [...String(config.alarm_description).matchAll(/docs\/runbook\.md says under (\S+-<env>[\w-]*)/g)].map(
        (match) => match[1],
      ),
    );
    expect(named).not.toEqual([]);
    expect(named.filter((section) => !runbook.includes(`### \`${section}\``))).toEqual([]);
  });

  it("that look at a log look at what a metric filter of one of our groups counts", () => {
    for (const filter of ofType("aws_cloudwatch_log_metric_filter")) {
      const { metric_transformation: metric, log_group_name: group } = filter.config;
      const { name, namespace } = metric as { name: string; namespace: string };
      expect(() => compileFilterPattern(String(filter.config.pattern))).not.toThrow();
      expect(referred(filter, group)).toMatchObject({ type: "aws_cloudwatch_log_group" });
      const watching = ofType(alarms).filter(
        ({ stack, config }) => stack === filter.stack && config.metric_name === name && config.namespace === namespace,
      );
      expect([filter.place, watching.length]).toEqual([filter.place, 1]);
    }
  });

  it("watch every function's errors, with the manifest's words", () => {
    for (const { place, config } of ofType("aws_lambda_function")) {
      const alarm = ofType(alarms).find((each) => each.config.alarm_name === `${config.function_name}-errors`);
      const { errorImpact } = Object.values(lambdas).find((spec) => spec.description === config.description) ?? {};
      expect([place, alarm?.config.alarm_description]).toEqual([place, expect.stringContaining(errorImpact ?? "?")]);
    }
  });
});
