import { Queue, type QueueProps } from "../../../stacks/constructs/Queue.ts";
import { resourcesOf, synthesize } from "../synthesized.ts";
import { keyIn, queueIn, statementsOf } from "./fixtures.ts";

function queue(props: Partial<QueueProps> = {}, use: (queue: Queue) => void = () => {}) {
  const json = synthesize((scope) => {
    const deadLetters = { queue: queueIn(scope, "dead-letters"), maxReceiveCount: 4 };
    use(new Queue(scope, "queue", { queueName: "a-queue", key: keyIn(scope), deadLetters, ...props }));
  });
  const mine = (type: string) => resourcesOf(json, type).find(({ address }) => address.startsWith(`${type}.queue_`));
  return { queue: mine("aws_sqs_queue")?.config, policy: mine("aws_sqs_queue_policy")?.config };
}

describe("Queue", () => {
  it("has its name", () => expect(queue().queue?.name).toBe("a-queue"));
  it("is encrypted with the key", () => expect(queue().queue?.kms_master_key_id).toMatch(/aws_kms_key\.a-key/));
  it("keeps messages 14 days", () => expect(queue().queue?.message_retention_seconds).toBe(1_209_600));
  it("hides received messages as long as said", () =>
    expect(queue({ visibilityTimeoutSeconds: 90 }).queue?.visibility_timeout_seconds).toBe(90));
  it("hides received messages as long as SQS does by default", () =>
    expect(queue().queue?.visibility_timeout_seconds).toBe(30));

  it("sends what was received too often to its dead-letter queue", () => {
    expect(JSON.parse(String(queue().queue?.redrive_policy))).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.dead-letters_.*\.arn\}$/),
      maxReceiveCount: 4,
    });
  });

  it("is an end when it has none, and says how its messages go on", () => {
    synthesize((scope) => {
      const redrive = { kind: "bus", name: "a-bus" } as const;
      const end = new Queue(scope, "end", { queueName: "an-end", key: keyIn(scope), redrive: () => redrive });
      expect(end.redrive?.()).toEqual(redrive);
    });
    queue({}, (each) => expect(each.redrive).toBeUndefined());
  });

  it("is one or the other", () => {
    const neither = () => synthesize((scope) => new Queue(scope, "queue", { queueName: "a-queue", key: keyIn(scope) }));
    const wrong = /or says how what ends in it goes on: one of the two/;
    expect(neither).toThrow(wrong);
    expect(() => queue({ redrive: () => ({ kind: "none", why: "No." }) })).toThrow(wrong);
  });

  it("refuses calls without TLS", () => {
    expect(statementsOf(queue().policy?.policy)).toMatchObject([{ Effect: "Deny", Action: ["sqs:*"] }]);
  });

  it("takes messages of EventBridge from the named senders alone", () => {
    const sender = "arn:aws:events:us-east-1:111122223333:rule/a-bus/a-rule";
    expect(statementsOf(queue({ eventSenders: [sender] }).policy?.policy)[1]).toEqual({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [expect.stringMatching(/^\$\{aws_sqs_queue\.queue_.*\.arn\}$/)],
      Condition: {
        ArnLike: { "aws:SourceArn": sender },
        StringEquals: { "aws:SourceAccount": `\${data.aws_caller_identity.account.account_id}` },
      },
    });
  });

  it("allows to send, and to encrypt for it", () => {
    queue({}, (each) =>
      expect(each.allowSend()).toEqual([
        { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [each.arn] },
        expect.objectContaining({
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Condition: { StringLike: { "kms:ViaService": "sqs.*.amazonaws.com" } },
        }),
      ]),
    );
  });

  it("allows to consume, and to decrypt for it", () => {
    queue({}, (each) =>
      expect(each.allowConsume()).toEqual([
        {
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: [each.arn],
        },
        expect.objectContaining({
          Action: ["kms:Decrypt"],
          Condition: { StringLike: { "kms:ViaService": "sqs.*.amazonaws.com" } },
        }),
      ]),
    );
  });

  it("allows to look at messages and put them back, and no more", () => {
    queue({}, (each) =>
      expect(each.allowLook()).toEqual([
        { Effect: "Allow", Action: ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"], Resource: [each.arn] },
        expect.objectContaining({ Action: ["kms:Decrypt"] }),
      ]),
    );
  });

  it("allows to count its messages, and no more", () => {
    queue({}, (each) =>
      expect(each.allowCount()).toEqual([
        { Effect: "Allow", Action: ["sqs:GetQueueAttributes"], Resource: [each.arn] },
      ]),
    );
  });
});
