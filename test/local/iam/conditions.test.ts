import { compileCondition } from "../../../local/iam/conditions.ts";
import { MalformedPolicyError } from "../../../local/iam/errors.ts";
import { operators } from "../../../local/iam/operators.ts";

type Value = string | readonly string[] | undefined;

function holds(operator: string, expected: readonly string[], actual: Value): boolean | undefined {
  const condition = compileCondition(operator, "aws:Key", expected, "path", true);
  return condition.holds?.((key) => (key === "aws:key" ? actual : undefined));
}

const date = "2026-11-20T12:00:00Z";

/** Operator, the policy's values, a value that holds, one that doesn't, whether it holds without the key. */
const cases: readonly (readonly [string, readonly string[], string, string, boolean])[] = [
  ["StringEquals", ["a", "b"], "b", "B", false],
  ["StringNotEquals", ["a", "b"], "c", "b", true],
  ["StringEqualsIgnoreCase", ["Abc"], "aBC", "abcd", false],
  ["StringNotEqualsIgnoreCase", ["Abc"], "abcd", "aBC", true],
  ["StringLike", ["a*c", "x?"], "abbc", "xyz", false],
  ["StringNotLike", ["a*c", "x?"], "xyz", "abbc", true],
  ["ArnEquals", ["arn:aws:sns:*:1:t"], "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns:eu-west-1:2:t", false],
  ["ArnLike", ["arn:aws:events:*:*:rule/*"], "arn:aws:events:r:1:rule/a/b", "arn:aws:events:r:1:bus/b", false],
  ["ArnNotEquals", ["arn:aws:sns:r:1:t"], "arn:aws:sns:r:1:u", "arn:aws:sns:r:1:t", true],
  ["ArnNotLike", ["arn:aws:sns:r:1:*"], "arn:aws:sns:r:2:t", "arn:aws:sns:r:1:t", true],
  ["NumericEquals", ["10"], "10.0", "11", false],
  ["NumericNotEquals", ["10"], "11", "1e1", true],
  ["NumericLessThan", ["10"], "9.9", "10", false],
  ["NumericLessThanEquals", ["10"], "10", "10.1", false],
  ["NumericGreaterThan", ["10"], "10.1", "10", false],
  ["NumericGreaterThanEquals", ["10"], "10", "9", false],
  ["DateEquals", [date], "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:01Z", false],
  ["DateNotEquals", [date], "2026-11-20T12:00:01Z", date, true],
  ["DateLessThan", [date], "2026-11-20T11:59:59Z", date, false],
  ["DateLessThanEquals", [date], date, "2026-11-20T12:00:01Z", false],
  ["DateGreaterThan", ["1763640000"], "1763640001", "1763640000", false],
  ["DateGreaterThanEquals", [date], date, "2026-11-20T11:59:59Z", false],
  ["Bool", ["true"], "TRUE", "false", false],
  ["IpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8:1::1", "203.0.114.1", false],
  ["NotIpAddress", ["203.0.113.7"], "203.0.113.8", "203.0.113.7", true],
];

describe("compileCondition", () => {
  it("has a case for every operator", () => {
    expect([...operators.keys()].sort()).toEqual(cases.map(([name]) => name).sort());
  });

  it.each(cases)("%s %j holds for %s, not for %s", (operator, expected, good, bad, withoutKey) => {
    expect(holds(operator, expected, good)).toBe(true);
    expect(holds(operator, expected, bad)).toBe(false);
    expect(holds(operator, expected, undefined)).toBe(withoutKey);
    expect(holds(`${operator}IfExists`, expected, good)).toBe(true);
    expect(holds(`${operator}IfExists`, expected, bad)).toBe(false);
    expect(holds(`${operator}IfExists`, expected, undefined)).toBe(true);
  });

  it.each<[string, readonly string[], Value, boolean]>([
    // The attributes of IAM's own example: the request's values against the policy's PostDateTime, Message, Tags.
    ["ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "Message"], true],
    ["ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "UserName"], false],
    ["ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName", "Message", "PostDateTime"], true],
    ["ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName"], false],
    ["ForAllValues:StringEquals", ["a"], undefined, true],
    ["ForAllValues:StringEquals", ["a"], [], true],
    ["ForAllValues:StringEquals", ["a"], "", true],
    ["ForAnyValue:StringEquals", ["a"], undefined, false],
    ["ForAnyValue:StringEquals", ["a"], "", false],
    ["ForAnyValue:StringEqualsIfExists", ["a"], undefined, true],
    ["ForAnyValue:StringNotEquals", ["a"], ["a", "b"], true],
    ["ForAnyValue:StringNotEquals", ["a"], ["a"], false],
    ["ForAnyValue:StringNotEquals", ["a"], undefined, false],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true],
    ["ForAllValues:StringNotEquals", ["a"], ["a", "b"], false],
    ["StringEquals", ["a"], ["a", "b"], true],
    ["StringNotEquals", ["a"], ["a", "b"], false],
    ["Null", ["true"], undefined, true],
    ["Null", ["true"], "x", false],
    ["Null", ["false"], "x", true],
    ["Null", ["false"], undefined, false],
  ])("%s %j of %j: %s", (operator, expected, actual, result) => {
    expect(holds(operator, expected, actual)).toBe(result);
  });

  it("fills variables in for text and ARN operators", () => {
    const condition = compileCondition("StringEquals", "s3:prefix", [`\${aws:PrincipalAccount}`], "path", true);
    expect(condition.variables).toEqual(["aws:principalaccount"]);
    expect(condition.holds?.((key) => ({ "s3:prefix": "1", "aws:principalaccount": "1" })[key])).toBe(true);
    expect(condition.holds?.((key) => ({ "s3:prefix": "1", "aws:principalaccount": "2" })[key])).toBe(false);
  });

  it.each(["BinaryEquals", "stringequals", "ForSomeValues:StringEquals", "Foo", "NullIfExists", ""])(
    "doesn't know the operator %s",
    (operator) => {
      expect(compileCondition(operator, "k", ["x"], "path", true).holds).toBeUndefined();
    },
  );

  it.each([
    ["NumericEquals", "ten"],
    ["NumericEquals", ""],
    ["DateEquals", "yesterday"],
    ["Bool", "yes"],
    ["IpAddress", "203.0.113.0/33"],
    ["IpAddress", "203.0.113.0/"],
    ["IpAddress", "example.com"],
    ["Null", "maybe"],
  ])("refuses %s of %j, naming the path", (operator, value) => {
    const compile = () => compileCondition(operator, "k", [value], "p.Condition", true);
    expect(compile).toThrow(MalformedPolicyError);
    expect(compile).toThrow(/^p\.Condition: /);
  });

  it("doesn't hold for values of the request that aren't of the operator's type", () => {
    expect(holds("NumericLessThan", ["10"], "few")).toBe(false);
    expect(holds("IpAddress", ["0.0.0.0/0"], "events.amazonaws.com")).toBe(false);
  });
});
