import { Topic, type TopicProps } from "../../../stacks/constructs/Topic.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { keyIn, statementsOf } from "./fixtures.ts";

function topic(props: Partial<TopicProps> = {}, use: (topic: Topic) => void = () => {}) {
  return synthesize((scope) => {
    use(
      new Topic(scope, "topic", {
        topicName: "a-topic",
        displayName: "Tests",
        key: keyIn(scope),
        deadLetterQueueName: "a-topic-dlq",
        emails: [],
        phoneNumbers: [],
        publishers: [],
        ...props,
      }),
    );
  });
}

const subscriptions = (props: Partial<TopicProps>) =>
  resourcesOf(topic(props), "aws_sns_topic_subscription").map(({ config }) => config);

describe("Topic", () => {
  it("has its name", () => expect(onlyResource(topic(), "aws_sns_topic").name).toBe("a-topic"));
  it("has its display name", () => expect(onlyResource(topic(), "aws_sns_topic").display_name).toBe("Tests"));
  it("is encrypted with the key", () =>
    expect(onlyResource(topic(), "aws_sns_topic").kms_master_key_id).toMatch(/aws_kms_key\.a-key/));

  it("has a subscription for each address", () => {
    expect(subscriptions({ emails: ["a@example.com", "b@example.com"] })).toMatchObject([
      { protocol: "email", endpoint: "a@example.com" },
      { protocol: "email", endpoint: "b@example.com" },
    ]);
  });

  it("has a subscription for each number", () => {
    expect(subscriptions({ phoneNumbers: ["+12025550100"] })).toMatchObject([
      { protocol: "sms", endpoint: "+12025550100" },
    ]);
  });

  it("keeps what it can't deliver in a queue that takes messages from it alone", () => {
    const [subscription] = subscriptions({ emails: ["a@example.com"] });
    expect(JSON.parse(String(subscription?.redrive_policy))).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.topic_dlq_queue_.*\.arn\}$/),
    });
    expect(onlyResource(topic(), "aws_sqs_queue").name).toBe("a-topic-dlq");
    expect(statementsOf(onlyResource(topic(), "aws_sqs_queue_policy").policy)[1]).toMatchObject({
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Condition: { ArnLike: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_sns_topic\.topic_/) } },
    });
  });

  it("has no subscription without recipients", () => expect(subscriptions({})).toEqual([]));

  it("refuses messages without TLS", () => {
    const { policy } = onlyResource(topic(), "aws_sns_topic_policy");
    expect(statementsOf(policy)).toMatchObject([{ Effect: "Deny", Action: ["sns:Publish"] }]);
  });

  it("takes messages of the services that are named, under their condition", () => {
    const condition = { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:*" } };
    const { policy } = onlyResource(
      topic({ publishers: [{ service: "cloudwatch.amazonaws.com", condition }] }),
      "aws_sns_topic_policy",
    );
    expect(statementsOf(policy)[1]).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["sns:Publish"],
      Condition: condition,
    });
  });

  it("allows to publish, and to encrypt for it", () => {
    topic({}, (each) =>
      expect(each.allowPublish()).toEqual([
        { Effect: "Allow", Action: ["sns:Publish"], Resource: [each.arn] },
        expect.objectContaining({
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Condition: { StringLike: { "kms:ViaService": "sns.*.amazonaws.com" } },
        }),
      ]),
    );
  });
});
