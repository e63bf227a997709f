import type { GetMetricDataInput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { askedTogether } from "../../../../local/console/dashboards/asked-together.ts";

/** A question of so many queries, by the metric that each asks for. */
function question(...metrics: readonly string[]): GetMetricDataInput {
  return {
    StartTime: new Date(0),
    EndTime: new Date(60_000),
    MetricDataQueries: metrics.map((MetricName, at) => ({
      Id: `row${at}`,
      MetricStat: { Metric: { Namespace: "ours", MetricName }, Period: 60, Stat: "Sum" },
    })),
  };
}

/** Answers each query with its metric's name, save where it is "bad". */
function cloudWatch() {
  const calls: number[] = [];
  const ask = askedTogether(async ({ MetricDataQueries = [] }) => {
    calls.push(MetricDataQueries.length);
    const name = (query: (typeof MetricDataQueries)[number]) =>
      query.MetricStat?.Metric?.MetricName ?? query.Expression;
    if (MetricDataQueries.some((query) => name(query) === "bad")) throw new Error("refused");
    return MetricDataQueries.map((query): MetricDataResult => ({ Id: query.Id, Label: name(query) }));
  });
  return { calls, ask };
}

const labels = (results: readonly MetricDataResult[]) => results.map(({ Id, Label }) => `${Id} ${Label}`);

it("what is asked at once is one call, and each gets its own answer under its own ids", async () => {
  const { calls, ask } = cloudWatch();
  const [one, two] = await Promise.all([ask(question("a", "b")), ask(question("c"))]);
  expect(calls).toEqual([3]);
  expect([labels(one ?? []), labels(two ?? [])]).toEqual([["row0 a", "row1 b"], ["row0 c"]]);
});

it("an answer isn't taken for another's whose number begins like its own", async () => {
  const { ask } = cloudWatch();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => ask(question(`m${at}`))));
  expect(answers.map(labels)).toEqual(answers.map((_, at) => [`row0 m${at}`]));
});

it("time ranges have calls of their own, whatever comes between them", async () => {
  const starts: number[] = [];
  const ask = askedTogether(async ({ StartTime, MetricDataQueries = [] }) => {
    starts.push(StartTime?.getTime() ?? Number.NaN);
    return MetricDataQueries.map(({ Id }): MetricDataResult => ({ Id, Label: String(StartTime?.getTime()) }));
  });
  const week = { ...question("b"), StartTime: new Date(-1_000) };
  const answers = await Promise.all([ask(question("a")), ask(week), ask(question("c"))]);
  expect(starts).toEqual([0, -1_000]);
  expect(answers.map(labels)).toEqual([["row0 0"], ["row0 -1000"], ["row0 0"]]);
});

it("a call has 500 queries at the most", async () => {
  const { calls, ask } = cloudWatch();
  const many = Array.from({ length: 300 }, (_, at) => `m${at}`);
  await Promise.all([ask(question(...many)), ask(question(...many)), ask(question("last"))]);
  expect(calls).toEqual([300, 301]);
});

it("an expression is asked with its own queries alone", async () => {
  const { calls, ask } = cloudWatch();
  const withExpression = { ...question("a"), MetricDataQueries: [{ Id: "twice", Expression: "row0 * 2" }] };
  const [, results] = await Promise.all([ask(question("a")), ask(withExpression)]);
  expect(calls.toSorted()).toEqual([1, 1]);
  expect(labels(results ?? [])).toEqual(["twice row0 * 2"]);
});

it("one that is refused doesn't spoil the others", async () => {
  const { ask } = cloudWatch();
  const answers = await Promise.allSettled([ask(question("a")), ask(question("bad")), ask(question("c"))]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
