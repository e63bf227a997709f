import fc from "fast-check";
import { compilePattern } from "../../../../local/services/events/matcher.ts";

/** One leaf pattern against one field's value. */
function leafMatches(values: unknown[], value: unknown): boolean {
  return compilePattern(JSON.stringify({ field: values }))(value === undefined ? {} : { field: value });
}

describe("comparisons of a leaf", () => {
  it.each<[string, unknown[], unknown, boolean]>([
    ["exact text", ["running"], "running", true],
    ["exact text, another case", ["running"], "Running", false],
    ["one of several", ["a", "b"], "b", true],
    ["exact number, written otherwise", [3.018e2], 301.8, true],
    ["a number is no text", [5], "5", false],
    ["a text is no number", ["5"], 5, false],
    ["a number beyond the numeric limit", [123456789012], 123456789012, true],
    ["true", [true], true, true],
    ["true is no text", ["true"], true, false],
    ["null", [null], null, true],
    ["null is not absence", [null], undefined, false],
    ["null is no text", ["null"], null, false],
    ["empty text", [""], "", true],
    ["empty text is not absence", [""], undefined, false],
    ["prefix", [{ prefix: "us-" }], "us-east-1", true],
    ["prefix elsewhere", [{ prefix: "us-" }], "eu-us-1", false],
    ["prefix of a number", [{ prefix: "5" }], 55, false],
    ["empty prefix", [{ prefix: "" }], "anything", true],
    ["prefix, ignoring case", [{ prefix: { "equals-ignore-case": "EventB" } }], "eventbridge", true],
    ["suffix", [{ suffix: ".png" }], "a.png", true],
    ["suffix elsewhere", [{ suffix: ".png" }], "a.png.txt", false],
    ["suffix, ignoring case", [{ suffix: { "equals-ignore-case": ".png" } }], "a.PNG", true],
    ["equals-ignore-case", [{ "equals-ignore-case": "alice" }], "ALICE", true],
    ["equals-ignore-case of another", [{ "equals-ignore-case": "alice" }], "alicea", false],
    ["anything-but", [{ "anything-but": "initializing" }], "running", true],
    ["anything-but itself", [{ "anything-but": "initializing" }], "initializing", false],
    ["anything-but needs the field", [{ "anything-but": "initializing" }], undefined, false],
    ["anything-but of another type", [{ "anything-but": "5" }], 5, true],
    ["anything-but null", [{ "anything-but": "x" }], null, true],
    ["anything-but list", [{ "anything-but": ["stopped", "overloaded"] }], "stopped", false],
    ["anything-but list, another", [{ "anything-but": ["stopped", "overloaded"] }], "running", true],
    ["anything-but numbers", [{ "anything-but": [100, 200] }], 200, false],
    ["anything-but numbers, another", [{ "anything-but": [100, 200] }], 201, true],
    ["anything-but prefix", [{ "anything-but": { prefix: "init" } }], "initializing", false],
    ["anything-but prefix, another", [{ "anything-but": { prefix: "init" } }], "running", true],
    ["anything-but prefixes", [{ "anything-but": { prefix: ["a", "b"] } }], "bc", false],
    ["anything-but suffix", [{ "anything-but": { suffix: ".txt" } }], "a.txt", false],
    ["anything-but suffixes, another", [{ "anything-but": { suffix: [".txt", ".rtf"] } }], "a.png", true],
    ["anything-but ignoring case", [{ "anything-but": { "equals-ignore-case": "init" } }], "INIT", false],
    ["anything-but ignoring case, list", [{ "anything-but": { "equals-ignore-case": ["a", "b"] } }], "C", true],
    ["anything-but wildcard", [{ "anything-but": { wildcard: "*/lib/*" } }], "a/lib/b", false],
    ["anything-but wildcards, another", [{ "anything-but": { wildcard: ["*/lib/*", "*/bin/*"] } }], "a/src/b", true],
    ["numeric =", [{ numeric: ["=", 301.8] }], 3.018e2, true],
    ["numeric = another", [{ numeric: ["=", 301.8] }], 301.9, false],
    ["numeric of a text", [{ numeric: ["=", 5] }], "5", false],
    ["numeric <", [{ numeric: ["<", 10] }], 10, false],
    ["numeric <=", [{ numeric: ["<=", 10] }], 10, true],
    ["numeric >", [{ numeric: [">", 10] }], 10, false],
    ["numeric >=", [{ numeric: [">=", 10] }], 10, true],
    ["numeric range, below", [{ numeric: [">", 0, "<=", 5] }], 0, false],
    ["numeric range, its end", [{ numeric: [">", 0, "<=", 5] }], 5, true],
    ["numeric range, above", [{ numeric: [">=", 0, "<", 5] }], 5, false],
    ["numeric at the limit", [{ numeric: [">", 0] }], 5e9, true],
    ["numeric beyond the limit", [{ numeric: [">", 0] }], 5_000_000_001, false],
    ["numeric below the limit", [{ numeric: ["<", 0] }], -5_000_000_001, false],
    ["exists", [{ exists: true }], "x", true],
    ["exists, null", [{ exists: true }], null, true],
    ["exists, missing", [{ exists: true }], undefined, false],
    ["exists, only an object", [{ exists: true }], { inner: 1 }, false],
    ["exists, empty array", [{ exists: true }], [], false],
    ["exists false, missing", [{ exists: false }], undefined, true],
    ["exists false, there", [{ exists: false }], "x", false],
    ["exists false, null is there", [{ exists: false }], null, false],
    ["exists false, only an object", [{ exists: false }], { inner: 1 }, true],
    ["exists false, empty array", [{ exists: false }], [], true],
    ["exists false or a value", [{ exists: false }, "x"], "x", true],
    ["exists false or a value, another", [{ exists: false }, "x"], "y", false],
    ["cidr", [{ cidr: "10.0.0.0/24" }], "10.0.0.255", true],
    ["cidr, outside", [{ cidr: "10.0.0.0/24" }], "10.0.1.0", false],
    ["cidr, no address", [{ cidr: "10.0.0.0/24" }], "ten", false],
    ["cidr, version 6", [{ cidr: "2001:db8::/32" }], "2001:db8::1", true],
    ["cidr, the other version", [{ cidr: "0.0.0.0/0" }], "::1", false],
    ["wildcard", [{ wildcard: "dir/*.png" }], "dir/a/b.png", true],
    ["wildcard for nothing", [{ wildcard: "a*b" }], "ab", true],
    ["wildcard, no overlap of its ends", [{ wildcard: "aba*aba" }], "ababa", false],
    ["wildcard, several", [{ wildcard: "*a*b*" }], "xbxaxbx", true],
    ["wildcard, wrong order", [{ wildcard: "*a*b" }], "ba", false],
    ["wildcard, escaped star", [{ wildcard: "a\\*b" }], "a*b", true],
    ["wildcard, escaped star is no wildcard", [{ wildcard: "a\\*b" }], "axb", false],
    ["wildcard, escaped backslash", [{ wildcard: "a\\\\*" }], "a\\b", true],
    ["an array has one of the values", ["a"], ["b", "a"], true],
    ["an array has none of them", ["a"], ["b"], false],
    ["nested arrays", ["a"], [["b", ["a"]]], true],
    ["anything-but holds for any element", [{ "anything-but": "a" }], ["a", "b"], true],
    ["anything-but holds for no element", [{ "anything-but": "a" }], ["a"], false],
  ])("%s", (_what, values, value, expected) => {
    expect(leafMatches(values, value)).toBe(expected);
  });
});

describe("rule 11: the amount rules", () => {
  const rules = {
    high: [{ numeric: [">", 10_000] }],
    medium: [{ numeric: [">=", 1_000, "<=", 10_000] }],
    low: [{ numeric: ["<", 1_000] }],
    unroutable: [{ exists: false }],
  };
  const matchers = Object.entries(rules).map(
    ([tier, leaf]) => [tier, compilePattern(JSON.stringify({ detail: { routingAmountUsd: leaf } }))] as const,
  );
  const tiersOf = (detail: object) => matchers.flatMap(([tier, matches]) => (matches({ detail }) ? [tier] : []));

  it.each([
    [999.99, "low"],
    [1_000, "medium"],
    [10_000, "medium"],
    [10_000.01, "high"],
    [1e9, "high"],
  ])("rule 11: %d US dollars are %s", (routingAmountUsd, tier) => {
    expect(tiersOf({ routingAmountUsd })).toEqual([tier]);
  });

  it("rule 11: any amount up to the cap matches exactly one rule", () => {
    fc.assert(
      fc.property(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }), (routingAmountUsd) => {
        expect(tiersOf({ routingAmountUsd })).toHaveLength(1);
      }),
    );
  });
});

describe("objects", () => {
  const employees = {
    employees: [
      { firstName: "John", lastName: "Doe" },
      { firstName: "Anna", lastName: "Smith", nick: "A" },
      [{ firstName: "Peter", lastName: "Jones" }],
    ],
  };

  it.each<[string, object, object, boolean]>([
    ["all fields have to match", { a: ["1"], b: ["2"] }, { a: "1", b: "3" }, false],
    ["other fields are ignored", { a: ["1"] }, { a: "1", b: "3" }, true],
    ["nested objects", { a: { b: { c: [1] } } }, { a: { b: { c: 1 } } }, true],
    ["a scalar where an object is asked for", { a: { b: [1] } }, { a: 1 }, false],
    ["absence below a missing object", { a: { b: [{ exists: false }] } }, {}, true],
    ["absence below a scalar", { a: { b: [{ exists: false }] } }, { a: 1 }, true],
    ["fields that every object inherits", { constructor: [{ exists: true }] }, {}, false],
    ["any object of an array", { employees: { firstName: ["Anna"] } }, employees, true],
    ["any object of nested arrays", { employees: { firstName: ["Peter"] } }, employees, true],
    ["fields of one object", { employees: { firstName: ["Anna"], lastName: ["Smith"] } }, employees, true],
    ["fields of different objects", { employees: { firstName: ["Anna"], lastName: ["Jones"] } }, employees, false],
    ["absence from all", { employees: { firstName: ["John"], age: [{ exists: false }] } }, employees, true],
    ["absence from one only", { employees: { firstName: ["John"], nick: [{ exists: false }] } }, employees, false],
  ])("%s", (_what, pattern, event, expected) => {
    expect(compilePattern(JSON.stringify(pattern))(event)).toBe(expected);
  });
});

describe("$or", () => {
  const pattern = {
    source: ["aws.cloudwatch"],
    $or: [
      { metricName: ["CPUUtilization"] },
      { metricType: ["MetricType"], namespace: ["AWS/EC2"], $or: [{ metricId: [1234] }, { spaceId: [1000] }] },
      { detail: { count: [{ numeric: [">", 5] }] } },
    ],
  };

  it.each<[string, object, boolean]>([
    ["the first", { source: "aws.cloudwatch", metricName: "CPUUtilization" }, true],
    [
      "an and inside, with an or inside",
      { source: "aws.cloudwatch", metricType: "MetricType", namespace: "AWS/EC2", spaceId: 1000 },
      true,
    ],
    ["half of the and inside", { source: "aws.cloudwatch", metricType: "MetricType", spaceId: 1000 }, false],
    ["a nested field", { source: "aws.cloudwatch", detail: { count: 6 } }, true],
    ["none", { source: "aws.cloudwatch" }, false],
    ["without the field beside it", { metricName: "CPUUtilization" }, false],
  ])("%s", (_what, event, expected) => {
    expect(compilePattern(JSON.stringify(pattern))(event)).toBe(expected);
  });

  it("is an ordinary field when it holds an object", () => {
    const matches = compilePattern(JSON.stringify({ $or: { a: [1] } }));
    expect(matches({ $or: { a: 1 } })).toBe(true);
    expect(matches({ a: 1 })).toBe(false);
  });
});

describe("patterns that AWS refuses", () => {
  it.each<[unknown, string]>([
    [[], "Filter is not an object"],
    [{}, "Empty objects are not allowed"],
    [{ a: {} }, "Empty objects are not allowed (at a)"],
    [{ a: [] }, "Empty arrays are not allowed (at a)"],
    [{ a: "b" }, '"a" must be an object or an array (at a)'],
    [{ a: { b: 1 } }, '"b" must be an object or an array (at a.b)'],
    [{ a: [["b"]] }, "Match value must be String, number, true, false, or null"],
    [{ a: [{}] }, "Match expression name not found"],
    [{ a: [{ regex: "b" }] }, "Unrecognized match type regex"],
    [{ a: [{ toString: "b" }] }, "Unrecognized match type toString"],
    [{ a: [{ prefix: "b", suffix: "c" }] }, "Only one key allowed in match expression"],
    [{ a: [{ exists: true, prefix: "c" }] }, "Only one key allowed in match expression"],
    [{ a: [{ exists: "true" }] }, "exists match pattern must be either true or false."],
    [{ a: [{ prefix: 5 }] }, "prefix match pattern must be a string"],
    [{ a: [{ prefix: { suffix: "b" } }] }, "Unsupported prefix pattern: suffix"],
    [{ a: [{ suffix: { "equals-ignore-case": 1 } }] }, "equals-ignore-case match pattern must be a string"],
    [{ a: [{ "equals-ignore-case": ["b"] }] }, "equals-ignore-case match pattern must be a string"],
    [{ a: [{ wildcard: "a**b" }] }, "Consecutive wildcard characters at pos 1"],
    [{ a: [{ wildcard: "a\\b" }] }, "Invalid escape character at pos 1"],
    [{ a: [{ "anything-but": null }] }, "must be an array or single string/number value."],
    [{ a: [{ "anything-but": ["b", 1] }] }, "mixed type is not supported"],
    [{ a: [{ "anything-but": [] }] }, "mixed type is not supported"],
    [{ a: [{ "anything-but": [true] }] }, "Inside anything but list, start|null|boolean is not supported."],
    [{ a: [{ "anything-but": { exists: true } }] }, "exists list, number|start|null|boolean is not supported."],
    [{ a: [{ "anything-but": { cidr: "10.0.0.0/8" } }] }, "Unsupported anything-but pattern: cidr"],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed"],
    [{ a: [{ numeric: 5 }] }, "Value of numeric must be an array."],
    [{ a: [{ numeric: [] }] }, "Invalid member in numeric match: undefined"],
    [{ a: [{ numeric: ["~", 5] }] }, "Unrecognized numeric range operator: ~"],
    [{ a: [{ numeric: ["=", "5"] }] }, "Value of equals must be numeric"],
    [{ a: [{ numeric: ["<"] }] }, "Value of < must be numeric"],
    [{ a: [{ numeric: ["<", 5, ">", 1] }] }, "Too many elements in numeric expression"],
    [{ a: [{ numeric: [">", 5, "=", 6] }] }, "Bad numeric range operator: ="],
    [{ a: [{ numeric: [">", 5, "<", 5] }] }, "Bottom must be less than top"],
    [{ a: [{ numeric: [">", 5, "<", 6, "<", 7] }] }, "Too many terms in numeric range expression"],
    [{ a: [{ numeric: [">", 5e9 + 1] }] }, "Value must be between -5.0E9 and 5.0E9, inclusive"],
    [{ a: [{ cidr: "10.0.0.0" }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: "10.0.0.0/x" }] }, "Malformed CIDR, mask bits must be an integer"],
    [{ a: [{ cidr: "host/8" }] }, "Nonstandard IP address: host"],
    [{ a: [{ cidr: "10.0.0.0/32" }] }, "IPv4 mask bits must be < 32"],
    [{ $or: [{ a: [1] }] }, "Unrecognized match type a"],
    [{ $or: [{ numeric: 123 }, { prefix: "abc" }] }, "Value of numeric must be an array."],
    [{ $or: [{ a: [1] }, {}] }, "Empty objects are not allowed"],
  ])("%j", (pattern, reason) => {
    expect(() => compilePattern(JSON.stringify(pattern))).toThrow(
      expect.objectContaining({
        code: "InvalidEventPatternException",
        message: expect.stringContaining(reason),
      }),
    );
  });

  it("says so when the pattern is no JSON", () => {
    expect(() => compilePattern("{")).toThrow("Event pattern is not valid. Reason: not JSON");
  });
});
