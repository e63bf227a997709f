import { parseSchedule } from "../../../local/faults/schedule.ts";
import { type RuntimeOptions, runtimeArguments, scheduledFaults } from "../../../tools/demo/runtime-arguments.ts";

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
    [{ dynamodbEndpoint: "http://127.0.0.1:8000" }, ["--dynamodb-endpoint", "http://127.0.0.1:8000"]],
    [{ build: false }, ["--no-build"]],
    [{ calls: "calls.json" }, ["--meter"]],
  ])("is told of %j", (given, told) => {
    expect(runtimeArguments({ ...options, ...given }).slice(-told.length)).toEqual(told);
    expect(runtimeArguments(options)).not.toEqual(expect.arrayContaining([told[0]]));
  });

  it("has faults at chosen calls beside those by chance", () => {
    const [flag, rates, scheduleFlag, schedule = ""] = runtimeArguments({ ...options, faults: "crash=0.1" }).slice(-4);
    expect([flag, rates, scheduleFlag]).toEqual(["--faults", "crash=0.1", "--fault-schedule"]);
    expect(parseSchedule(schedule)).toEqual(scheduledFaults);
  });
});
