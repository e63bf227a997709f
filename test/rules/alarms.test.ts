/** An alarm wakes somebody: it says what it means to a customer and what to do. */
import { lambdas } from "../../config/lambdas.ts";
import { breaking, ofType } from "./everyStack.ts";

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

  it("watch every function's errors, with the manifest's words", () => {
    for (const { place, config } of ofType("aws_lambda_function")) {
      const alarm = ofType(alarms).find((each) => each.config.alarm_name === `${config.function_name}-errors`);
      const { errorImpact } = Object.values(lambdas).find((spec) => spec.description === config.description) ?? {};
      expect([place, alarm?.config.alarm_description]).toEqual([place, expect.stringContaining(errorImpact ?? "?")]);
    }
  });
});
