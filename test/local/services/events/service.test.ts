import { bus, deadLetterArn, harness, operator, queueArn, rule, target } from "./harness.ts";

const { service } = harness({
  buses: [{ ...bus, description: "Payment events", kmsKeyIdentifier: "key", deadLetterArn }],
  rules: [
    rule("low", { source: ["test"] }, { description: "Small amounts" }),
    rule("high", { source: ["test"] }, { enabled: false, busName: bus.arn }),
  ],
  targets: [
    target("low", { id: "a", deadLetterArn, maximumRetryAttempts: 3, maximumEventAgeSeconds: 60, roleArn: "role" }),
    target("low", { id: "b", inputPath: undefined, inputTransformer: { paths: { x: "$.id" }, template: "<x>" } }),
    target("low", { id: "c", messageGroupId: "g", inputPath: undefined, input: "{}" }),
  ],
});

const answer = (operation: string, input: Record<string, unknown>) => service.operations[operation]?.(operator, input);

describe("read operations", () => {
  it("ListEventBuses lists the declared buses and the default one", async () => {
    expect(await answer("ListEventBuses", {})).toEqual({
      EventBuses: [
        { Name: "payments", Arn: bus.arn, Description: "Payment events" },
        { Name: "default", Arn: "arn:aws:events:us-east-1:000000000000:event-bus/default" },
      ],
    });
    expect(await answer("ListEventBuses", { NamePrefix: "pay" })).toMatchObject({ EventBuses: [{ Name: "payments" }] });
  });

  it("DescribeEventBus takes a name, an ARN or nothing", async () => {
    const payments = {
      Name: "payments",
      Arn: bus.arn,
      Description: "Payment events",
      KmsKeyIdentifier: "key",
      DeadLetterConfig: { Arn: deadLetterArn },
    };
    expect(await answer("DescribeEventBus", { Name: "payments" })).toEqual(payments);
    expect(await answer("DescribeEventBus", { Name: bus.arn })).toEqual(payments);
    expect(await answer("DescribeEventBus", {})).toEqual({
      Name: "default",
      Arn: "arn:aws:events:us-east-1:000000000000:event-bus/default",
    });
  });

  it("ListRules lists a bus's rules", async () => {
    const low = {
      Name: "low",
      Arn: rule("low", {}).arn,
      EventPattern: '{"source":["test"]}',
      State: "ENABLED",
      Description: "Small amounts",
      EventBusName: "payments",
    };
    const { Rules } = (await answer("ListRules", { EventBusName: "payments" })) ?? {};
    expect(Rules).toEqual([low, expect.objectContaining({ Name: "high", State: "DISABLED" })]);
    expect(await answer("ListRules", { EventBusName: bus.arn, NamePrefix: "l" })).toEqual({ Rules: [low] });
    expect(await answer("ListRules", {})).toEqual({ Rules: [] });
  });

  it("ListTargetsByRule lists a rule's targets", async () => {
    expect(await answer("ListTargetsByRule", { EventBusName: "payments", Rule: "low" })).toEqual({
      Targets: [
        {
          Id: "a",
          Arn: queueArn,
          RoleArn: "role",
          InputPath: "$.detail",
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 60 },
          DeadLetterConfig: { Arn: deadLetterArn },
        },
        { Id: "b", Arn: queueArn, InputTransformer: { InputPathsMap: { x: "$.id" }, InputTemplate: "<x>" } },
        { Id: "c", Arn: queueArn, Input: "{}", SqsParameters: { MessageGroupId: "g" } },
      ],
    });
  });

  it.each([
    ["DescribeEventBus", { Name: "nowhere" }],
    ["ListRules", { EventBusName: "nowhere" }],
    ["ListTargetsByRule", { EventBusName: "payments", Rule: "none" }],
  ])("%s says what doesn't exist", async (operation, input) => {
    await expect(answer(operation, input)).rejects.toThrow(
      expect.objectContaining({
        code: "ResourceNotFoundException",
        message: expect.stringContaining("does not exist"),
      }),
    );
  });
});
