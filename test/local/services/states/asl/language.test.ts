import { machine, only, service } from "../harness.ts";

describe("the states language", () => {
  const evaluate = async (state: object, input: unknown) => {
    const config = machine(only({ Type: "Pass", End: true, ...state }));
    const { start, end } = service([config]);
    const execution = await end(await start(config.arn, input));
    return execution.status === "SUCCEEDED" ? JSON.parse(String(execution.output)) : execution.error;
  };

  it.each([
    ["States.JsonToString($.a)", '[{"said":"a \\"b\\" \\\\ c"}]'],
    ["States.StringToJson(States.JsonToString($.a))", [{ said: 'a "b" \\ c' }]],
    ["States.Format('{}-{}, it\\'s', $.n, 'x')", "3-x, it's"],
    ["States.Array(1, $.n, 'b', null, true)", [1, 3, "b", null, true]],
    ["States.MathAdd($.n, -1)", 2],
    ["States.ArrayGetItem($.list, 1)", 20],
    ["States.ArrayPartition($.list, 2)", [[10, 20], [30]]],
    ["States.ArrayRange(1, 7, 3)", [1, 4, 7]],
    ["States.ArrayContains($.list, 20)", true],
    ["States.ArrayLength($.list)", 3],
    ["States.ArrayUnique(States.Array(1, 1, 2))", [1, 2]],
    ["States.StringSplit('a,b;c', ',;')", ["a", "b", "c"]],
    ["States.Base64Decode(States.Base64Encode('ü'))", "ü"],
    ["States.Hash('abc', 'SHA-256')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["States.JsonMerge($.o, $.p, false)", { x: 2, y: 1 }],
    ["$.a[0].said", 'a "b" \\ c'],
    ["$.list[*]", [10, 20, 30]],
    ["$['odd key']", 1],
  ])("evaluates %s", async (expression, expected) => {
    const input = {
      a: [{ said: 'a "b" \\ c' }],
      n: 3,
      list: [10, 20, 30],
      o: { x: 1, y: 1 },
      p: { x: 2 },
      "odd key": 1,
    };
    expect(await evaluate({ Parameters: { "value.$": expression } }, input)).toEqual({ value: expected });
  });

  it("ends with States.Runtime where a path leads nowhere", async () => {
    expect(await evaluate({ Parameters: { "a.$": "$.missing" } }, {})).toBe("States.Runtime");
  });

  it("matches IsPresent false, and doesn't compare values of another type", async () => {
    const config = machine({
      StartAt: "Choose",
      States: {
        Choose: {
          Type: "Choice",
          Choices: [
            { Variable: "$.n", NumericGreaterThan: 5, Next: "Number" },
            { Not: { Variable: "$.a", IsPresent: true }, Next: "Absent" },
            { Variable: "$.b", IsPresent: false, Next: "OnlyA" },
          ],
          Default: "Both",
        },
        ...Object.fromEntries(
          ["Number", "Absent", "OnlyA", "Both"].map((Result) => [Result, { Type: "Pass", Result, End: true }]),
        ),
      },
    });
    const { start, end } = service([config]);
    const choose = async (input: object) => JSON.parse(String((await end(await start(config.arn, input))).output));
    expect(await choose({ n: "9" })).toBe("Absent");
    expect(await choose({ n: 9 })).toBe("Number");
    expect(await choose({ n: 1, a: 1 })).toBe("OnlyA");
    expect(await choose({ n: 1, a: 1, b: 1 })).toBe("Both");
  });

  it("waits by number, path and timestamp, divided by the speed", async () => {
    const states = {
      Fixed: { Type: "Wait", Seconds: 100, Next: "ByPath" },
      ByPath: { Type: "Wait", SecondsPath: "$.seconds", Next: "Until" },
      Until: { Type: "Wait", TimestampPath: "$.at", End: true },
    };
    const config = machine({ StartAt: "Fixed", States: states });
    const { start, end } = service([config], { speed: 1000 });
    const at = new Date(Date.now() + 100_000).toISOString();
    const before = performance.now();
    const execution = await end(await start(config.arn, { seconds: 100, at }));
    expect(JSON.parse(String(execution.output))).toEqual({ seconds: 100, at });
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
  });

  it("maps items, each with its own input, in order", async () => {
    const ItemProcessor = {
      StartAt: "Each",
      States: { Each: { Type: "Pass", Parameters: { "v.$": "$.item" }, End: true } },
    };
    const ItemSelector = { "item.$": "$$.Map.Item.Value" };
    const config = machine(only({ Type: "Map", ItemsPath: "$.items", ItemSelector, ItemProcessor, End: true }));
    const { start, end } = service([config]);
    const execution = await end(await start(config.arn, { items: [1, 2, 3] }));
    expect(JSON.parse(String(execution.output))).toEqual([{ v: 1 }, { v: 2 }, { v: 3 }]);
  });
});
