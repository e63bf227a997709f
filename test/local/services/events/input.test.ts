import type { RuleConfig, TargetConfig } from "../../../../local/services/events/config.ts";
import { BusEvent, envelopeOf } from "../../../../local/services/events/event.ts";
import { compileInput } from "../../../../local/services/events/input.ts";

const rule: RuleConfig = {
  name: "low",
  arn: "arn:aws:events:us-east-1:000000000000:rule/bus/low",
  busName: "bus",
  pattern: "{}",
  enabled: true,
};
const detail = {
  "instance-id": "i-1",
  state: 'RUN "NING"',
  count: 5,
  list: [{ id: "a" }, { id: "b" }],
  nested: { key: "value", quote: 'x"y' },
  nothing: null,
};
const event = new BusEvent(
  envelopeOf({ id: "id-1", source: "s", detailType: "t", time: 1_700_000_000_000, resources: ["r"], detail }),
  { ingestedAt: 1_700_000_001_500, detailJson: '{"amount":12345678901234567890}' },
);

function inputOf(configured: Partial<TargetConfig>): string {
  const target: TargetConfig = { id: "target-1", busName: "bus", ruleName: "low", arn: "arn:aws:sqs:r:0:q" };
  return compileInput(rule, { ...target, ...configured })(event);
}

describe("what a target gets", () => {
  it("is the whole event by default, its detail exactly as it was sent", () => {
    const whole =
      '{"version":"0","id":"id-1","detail-type":"t","source":"s","account":"000000000000",' +
      '"time":"2023-11-14T22:13:20Z","region":"us-east-1","resources":["r"],"detail":{"amount":12345678901234567890}}';
    expect(inputOf({})).toBe(whole);
    expect(inputOf({ inputPath: "$" })).toBe(whole);
    expect(inputOf({ inputPath: "$.detail" })).toBe('{"amount":12345678901234567890}');
  });

  it("is a constant", () => {
    expect(inputOf({ input: '{"constant": true}' })).toBe('{"constant": true}');
  });

  it.each([
    ["$.detail.instance-id", '"i-1"'],
    ["$.detail['instance-id']", '"i-1"'],
    ["$.detail.count", "5"],
    ["$.detail.nothing", "null"],
    ["$.detail.missing", "null"],
    ["$.detail.list[1].id", '"b"'],
    ["$.detail.list[*].id", '["a","b"]'],
    ["$.detail.nested.*", '["value","x\\"y"]'],
    ["$.detail.list.id", "null"],
    ["$.resources[0]", '"r"'],
  ])("is the part at %s", (inputPath, expected) => {
    expect(inputOf({ inputPath })).toBe(expected);
  });

  it.each(["detail", "$..id", "$.a[?(@.b)]", "$.a[-1]", "$.a b"])("refuses the path %s", (inputPath) => {
    expect(() => inputOf({ inputPath })).toThrow(expect.objectContaining({ code: "ValidationException" }));
  });

  it("refuses two kinds of input", () => {
    expect(() => inputOf({ input: "1", inputPath: "$" })).toThrow("Only one of Input, InputPath, or InputTransformer");
  });
});

describe("input transformer", () => {
  const paths = {
    instance: "$.detail.instance-id",
    state: "$.detail.state",
    count: "$.detail.count",
    nested: "$.detail.nested",
    list: "$.detail.list[*].id",
    missing: "$.detail.missing",
    nothing: "$.detail.nothing",
  };
  const transformed = (template: string) => inputOf({ inputTransformer: { paths, template } });

  it.each([
    ["a text", '"instance <instance> is <count>"', '"instance i-1 is 5"'],
    ["text with quotes in a text", '"<state>"', '"RUN \\"NING\\""'],
    ["bare placeholders as JSON", '{"a": <instance>, "b": [9, <count>]}', '{"a": "i-1", "b": [9, 5]}'],
    ["an object as JSON", '{"a": <nested>}', '{"a": {"key":"value","quote":"x\\"y"}}'],
    ["an object in a text, without quotes", '{"a": "is <nested>"}', '{"a": "is {key:value,quote:xy}"}'],
    ["a list as JSON", '{"a": <list>}', '{"a": ["a","b"]}'],
    ["what isn't there in a text", '"<missing>!"', '"!"'],
    ["what isn't there as JSON", '{"a": <missing>}', '{"a": ""}'],
    ["escaped quotes in a text", '"say \\"<instance>\\""', '"say \\"i-1\\""'],
    ["several in one text", '{"a": "<instance>/<count>", "b": <count>}', '{"a": "i-1/5", "b": 5}'],
    ["a comparison, which is no placeholder", '"a < b > c"', '"a < b > c"'],
  ])("fills in %s", (_what, template, expected) => {
    expect(transformed(template)).toBe(expected);
  });

  it("knows EventBridge's own variables", () => {
    const template =
      '{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>,' +
      ' "event": <aws.events.event>, "json": <aws.events.event.json>}';
    expect(JSON.parse(transformed(template))).toEqual({
      arn: rule.arn,
      name: "low",
      at: "2023-11-14T22:13:21Z",
      event: { ...event.envelope, detail: undefined },
      json: event.envelope,
    });
  });

  it("refuses a placeholder without a path, and a path with a reserved name", () => {
    expect(() => transformed("<unknown>")).toThrow("<unknown> is not in InputPathsMap");
    expect(() => inputOf({ inputTransformer: { paths: { "aws.x": "$" }, template: "1" } })).toThrow("reserved name");
  });
});
