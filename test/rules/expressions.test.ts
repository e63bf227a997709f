import { inputTemplateProblem, scheduleProblem } from "./expressions.ts";

describe("scheduleProblem", () => {
  it.each([
    "rate(1 day)",
    "rate(5 minutes)",
    "cron(0 3 * * ? *)",
    "cron(15 10 ? * MON-FRI *)",
    "at(2026-11-20T03:00:00)",
  ])("lets %s pass", (expression) => expect(scheduleProblem(expression)).toBeUndefined());

  it.each([
    ["rate(1 days)", /singular/],
    ["rate(2 day)", /plural/],
    ["rate(0 minutes)", /from 1/],
    ["rate(5 seconds)", /minutes, hours or days/],
    ["cron(0 3 * * *)", /six fields, not 5/],
    ["cron(0 3 * * * *)", /exactly one/],
    ["cron(0 3 ? * ? *)", /exactly one/],
    ["cron(60 3 * * ? *)", /below 60/],
    ["at(tomorrow)", /yyyy-mm-dd/],
    ["every day", /is not rate/],
  ])("says what is wrong with %s", (expression, problem) => expect(scheduleProblem(expression)).toMatch(problem));
});

describe("inputTemplateProblem", () => {
  it.each(['{"id":"<id>"}', '"event <id> at <aws.events.event.ingestion-time>"'])("lets %s pass", (template) =>
    expect(inputTemplateProblem(template, ["id"])).toBeUndefined(),
  );

  it.each([
    ['{"id":<id>}', /put them in quotes/],
    ['{"id":"<other>"}', /<other> has no path/],
    ["event <id>", /put them in quotes/],
  ])("says what is wrong with %s", (template, problem) =>
    expect(inputTemplateProblem(template, ["id"])).toMatch(problem),
  );
});
