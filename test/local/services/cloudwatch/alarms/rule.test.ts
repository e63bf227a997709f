import { parseRule } from "../../../../../local/services/cloudwatch/alarms/rule.ts";

const states = { a: "ALARM", b: "OK", "c d": "INSUFFICIENT_DATA" } as const;
const stateOf = (name: string) => states[name as keyof typeof states];

describe("a composite alarm's rule", () => {
  it.each([
    ['ALARM("a")', true],
    ["ALARM(b)", false],
    ['OK("b") AND INSUFFICIENT_DATA("c d")', true],
    ['ALARM("a") AND NOT OK("b")', false],
    ['ALARM("a") OR ALARM("b") AND FALSE', true],
    ['(ALARM("a") OR ALARM("b")) AND FALSE', false],
    ['NOT (ALARM("b") OR ALARM("c d"))', true],
    ['ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:a")', true],
    ["TRUE", true],
    ['ALARM( "a" )\n  AND TRUE', true],
  ])("%s", (rule, expected) => {
    expect(parseRule(rule).outcome(stateOf).isTrue).toBe(expected);
  });

  it("tells whom it is about", () => {
    expect(parseRule('ALARM("a") OR (NOT OK(b) AND ALARM("a"))').alarms).toEqual(["a", "b"]);
  });

  it.each([
    ['ALARM("a") OR ALARM("b")', ["a"]],
    ['ALARM("a") OR OK("b")', ["a", "b"]],
    ['ALARM("b") OR ALARM("c d")', ["b", "c d"]],
    ['ALARM("a") AND ALARM("b")', ["b"]],
    ['ALARM("a") AND NOT ALARM("b")', ["a", "b"]],
    ['NOT (ALARM("a") OR ALARM("b"))', ["a"]],
    ["TRUE", []],
  ])("%s says which alarms made it so", (rule, because) => {
    expect(parseRule(rule).outcome(stateOf).because).toEqual(because);
  });

  it.each(["", 'ALARM("a"', 'ALARM("a") ALARM("b")', "RINGS(a)", "ALARM()", "NOT", "ALARM(a) and ALARM(b)"])(
    "isn't %s",
    (rule) => {
      expect(() => parseRule(rule)).toThrow("can't be read");
    },
  );
});
