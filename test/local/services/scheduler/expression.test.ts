import { compileSchedule } from "../../../../local/services/scheduler/expression.ts";

const at = (text: string) => Date.parse(text);
const next = (expression: string, after: string, begun = after) => {
  const moment = compileSchedule(expression, at(begun))(at(after));
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

describe("cron", () => {
  it.each([
    ["cron(0 3 * * ? *)", "2026-11-20T02:59:59.999Z", "2026-11-20T03:00:00.000Z"],
    ["cron(0 3 * * ? *)", "2026-11-20T03:00:00.000Z", "2026-11-21T03:00:00.000Z"],
    ["cron(0 3 * * ? *)", "2026-12-31T12:00:00.000Z", "2027-01-01T03:00:00.000Z"],
    ["cron(0/15 * * * ? *)", "2026-11-20T10:07:00.000Z", "2026-11-20T10:15:00.000Z"],
    ["cron(*/20 9-17/4 * * ? *)", "2026-11-20T09:41:00.000Z", "2026-11-20T13:00:00.000Z"],
    ["cron(5,35 14 * * ? *)", "2026-11-20T14:05:00.000Z", "2026-11-20T14:35:00.000Z"],
    ["cron(0 8 1 * ? *)", "2026-11-20T00:00:00.000Z", "2026-12-01T08:00:00.000Z"],
    ["cron(0 18 ? * MON-FRI *)", "2026-11-20T18:00:00.000Z", "2026-11-23T18:00:00.000Z"],
    ["cron(0 18 ? * 1,SAT *)", "2026-11-20T18:00:00.000Z", "2026-11-21T18:00:00.000Z"],
    ["cron(0 0 29 FEB ? *)", "2026-11-20T00:00:00.000Z", "2028-02-29T00:00:00.000Z"],
    ["cron(0 0 L * ? *)", "2028-02-01T00:00:00.000Z", "2028-02-29T00:00:00.000Z"],
    ["cron(0 0 1 1 ? 2030/5)", "2030-01-01T00:00:00.000Z", "2035-01-01T00:00:00.000Z"],
    ["cron(0 0 1 1 ? 2020)", "2026-11-20T00:00:00.000Z", undefined],
  ])("%s after %s is %s", (expression, after, expected) => expect(next(expression, after)).toBe(expected));

  it.each([
    ["cron(0 3 * * *)", /5 fields, not six/],
    ["cron(0 3 * * * *)", /needs a \? for exactly one/],
    ["cron(0 3 ? * ? *)", /needs a \? for exactly one/],
    ["cron(60 3 * * ? *)", /"60" isn't covered locally as minutes \(0 to 59\)/],
    ["cron(0 3 15W * ? *)", /"15W" isn't covered locally as day of the month/],
    ["cron(0 3 ? * 6#3 *)", /"6#3" isn't covered locally as day of the week/],
    ["cron(0 3 ? * FRIL *)", /"FRIL"/],
    ["cron(0 9-5 * * ? *)", /"9-5"/],
    ["cron(0/0 3 * * ? *)", /"0\/0"/],
  ])("%s is refused", (expression, problem) => expect(() => compileSchedule(expression, 0)).toThrow(problem));
});

describe("rate", () => {
  const begun = "2026-11-20T10:00:00.000Z";

  it.each([
    ["rate(5 minutes)", begun, "2026-11-20T10:05:00.000Z"],
    ["rate(5 minutes)", "2026-11-20T10:05:00.000Z", "2026-11-20T10:10:00.000Z"],
    ["rate(1 hour)", "2026-11-20T12:30:00.000Z", "2026-11-20T13:00:00.000Z"],
    ["rate(2 days)", begun, "2026-11-22T10:00:00.000Z"],
  ])("%s after %s is %s", (expression, after, expected) => expect(next(expression, after, begun)).toBe(expected));

  it.each(["rate(1 days)", "rate(5 minute)", "rate(0 minutes)", "rate(1.5 hours)", "rate(1 week)"])(
    "%s is refused",
    (expression) => expect(() => compileSchedule(expression, 0)).toThrow(/a whole number from 1/),
  );
});

describe("at", () => {
  it("goes off once", () => {
    expect(next("at(2026-11-20T03:00:00)", "2026-11-20T02:00:00.000Z")).toBe("2026-11-20T03:00:00.000Z");
    expect(next("at(2026-11-20T03:00:00)", "2026-11-20T03:00:00.000Z")).toBeUndefined();
  });

  it.each(["at(2026-11-20)", "at(2026-11-20T03:00:00Z)", "every day", "cron"])("%s is refused", (expression) => {
    expect(() => compileSchedule(expression, 0)).toThrow(/is not cron/);
  });
});
