import { type RuntimeOptions, runtimeArguments } from "../../../tools/demo/runtime-arguments.ts";

const options: RuntimeOptions = { speed: 20, transport: "port", build: true };

describe("the runtime of the demo", () => {
  it("is the dev environment, in memory", () => {
    expect(runtimeArguments(options)).toEqual([
      "--memory",
      ...["--env", "dev"],
      ...["--speed", "20"],
      ...["--transport", "port"],
    ]);
  });

  it.each<[Partial<RuntimeOptions>, readonly string[]]>([
    [{ faults: "seed=7,crash=0.1" }, ["--faults", "seed=7,crash=0.1"]],
    [{ dynamodbEndpoint: "http://127.0.0.1:8000" }, ["--dynamodb-endpoint", "http://127.0.0.1:8000"]],
    [{ build: false }, ["--no-build"]],
    [{ calls: "calls.json" }, ["--meter"]],
  ])("is told of %j", (given, told) => {
    expect(runtimeArguments({ ...options, ...given }).slice(-told.length)).toEqual(told);
    expect(runtimeArguments(options)).not.toEqual(expect.arrayContaining([told[0]]));
  });
});
