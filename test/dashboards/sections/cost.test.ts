import { cost } from "../../../dashboards/sections/cost.ts";
import type { MetricSeries } from "../../../dashboards/widgets.ts";
import { context, expressionsOf, metricWidgets, widgetOf } from "../fixtures.ts";

const section = { sections: [cost(context)] };
const perHour = widgetOf(section, "US dollars per hour");

/** Computes the arithmetic that the widget uses, from the sums of its metrics in a period of five minutes. */
function computed(id: string, sumOf: (series: MetricSeries) => number | undefined): number {
  const expressions = expressionsOf(perHour);
  const numberOf = (name: string): number => {
    const expression = expressions[name];
    if (expression !== undefined) return evaluated(expression);
    const series = perHour.series.find((each): each is MetricSeries => "metric" in each && each.id === name);
    if (series === undefined) throw new Error(`no series ${name}`);
    return sumOf(series) ?? 0;
  };
  const evaluated = (expression: string): number => {
    const added = /^SUM\(\[(.+)\]\)(?: \* ([\d.]+))?$/.exec(expression);
    if (added !== null) {
      const sum = (added[1] ?? "").split(", ").reduce((all, each) => all + numberOf(each), 0);
      return sum * Number(added[2] ?? 1);
    }
    const [, name = ""] = /^(\w+) \* 3600 \/ PERIOD\(\w+\)$/.exec(expression) ?? [];
    return (numberOf(name) * 3_600) / 300;
  };
  return evaluated(expressions[id] ?? "");
}

const hourOf = (label: string) => perHour.series.find((each) => each.label === label && !("hidden" in each));
const idOf = (label: string) => String(hourOf(label)?.id);

describe("cost drivers", () => {
  it("say what the API's requests cost by the hour: 1,000 in five minutes are 12,000, at 3.50 a million", () =>
    expect(computed(idOf("API Gateway"), () => 1_000)).toBeCloseTo(0.042, 10));

  it("say what Lambda's time costs, by memory: 1,000 s of 1 GB and nothing else", () => {
    const validatorMs = ({ metric }: MetricSeries) =>
      metric.metricName === "Duration" && metric.dimensions.FunctionName === "webhook-validator-test" ? 1e6 : undefined;
    expect(computed(idOf("Lambda"), validatorMs)).toBeCloseTo(12 * 1_000 * 0.0000133334, 10);
  });

  it("say what a table's writes and reads cost", () => {
    const units = ({ metric }: MetricSeries) =>
      metric.dimensions.TableName === "transactions-test" ? 1_000_000 : undefined;
    expect(computed(idOf("DynamoDB"), units)).toBeCloseTo(12 * (0.625 + 0.125), 10);
  });

  it("say what a gigabyte of logs costs", () => {
    const bytes = ({ metric }: MetricSeries) =>
      metric.dimensions.LogGroupName === "/aws/lambda/webhook-dedup-test" ? 2 ** 30 : undefined;
    expect(computed(idOf("Logs and metrics in them"), bytes)).toBeCloseTo(12 * 0.5, 6);
  });

  it("write numbers without exponents, which metric math isn't documented to know", () => {
    for (const expression of Object.values(expressionsOf(perHour))) expect(expression).not.toMatch(/\de-?\d/);
  });

  it("show units alone where no price list is", () => {
    const elsewhere = cost({ ...context, region: "eu-west-1" });
    expect(metricWidgets({ sections: [elsewhere] }).map(({ title }) => title)).toEqual([
      "Lambda, GB-seconds",
      "Log volume",
    ]);
    expect(elsewhere.meaning).toContain("no price list of eu-west-1");
  });
});
