import { EventBus } from "../../../stacks/constructs/EventBus.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { keyIn } from "./fixtures.ts";

function bus(use: (bus: EventBus) => void = () => {}) {
  const json = synthesize((scope) => {
    use(
      new EventBus(scope, "bus", {
        busName: "a-bus",
        description: "For tests.",
        key: keyIn(scope),
        deadLetterQueueArn: "arn:aws:sqs:us-east-1:111122223333:a-dlq",
      }),
    );
  });
  return onlyResource(json, "aws_cloudwatch_event_bus");
}

describe("EventBus", () => {
  it("has its name", () => expect(bus().name).toBe("a-bus"));
  it("has its description", () => expect(bus().description).toBe("For tests."));
  it("is encrypted with the key", () => expect(bus().kms_key_identifier).toMatch(/^\$\{aws_kms_key\.a-key_.*\.arn\}$/));
  it("has its dead-letter queue", () =>
    expect(bus().dead_letter_config).toEqual({ arn: "arn:aws:sqs:us-east-1:111122223333:a-dlq" }));
  it("allows to put events", () => {
    bus((each) =>
      expect(each.allowPutEvents()).toEqual([{ Effect: "Allow", Action: ["events:PutEvents"], Resource: [each.arn] }]),
    );
  });
});
