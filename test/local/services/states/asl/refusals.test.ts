import { machine, only, service, task } from "../harness.ts";

describe("a machine that can't run locally", () => {
  it("is refused at load with every reason and state in one error", () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { x: 1 }, Next: "B" },
        B: { Type: "Task", Resource: "arn:aws:states:us-east-1:000000000000:activity:a", Next: "C" },
        C: task("ecs:runTask.sync", { End: false, Next: "D" }),
        D: {
          Type: "Map",
          ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "E", States: { E: { Type: "Succeed" } } },
          Next: "F",
        },
        F: { Type: "Pass", QueryLanguage: "JSONata", Next: "G" },
        G: { Type: "Pass", Parameters: { "x.$": "$..deep" }, Next: "H" },
        H: task("dynamodb:putItem.waitForTaskToken"),
        I: { Type: "Choice", Choices: [{ Variable: "$$.State.Name", StringEquals: "I", Next: "A" }] },
      },
    };
    const load = () =>
      service([
        machine(definition, { name: "first" }),
        machine(only(task("sqs:sendMessage.waitForTaskToken")), { name: "second", type: "EXPRESS" }),
      ]);
    for (const part of [
      "first",
      "A: Assign",
      "B: activities",
      "C: the integration",
      "D: a distributed",
      "F: QueryLanguage",
      "G: ",
      "H: ",
      "I: $$.State.Name",
      "second",
      "Only: an EXPRESS",
    ]) {
      expect(load).toThrow(part);
    }
  });
});
