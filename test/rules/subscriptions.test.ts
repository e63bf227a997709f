/** Alarms and alerts go to subscribers that SNS reaches over an encrypted way. */
import { set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { anyOfType, type StackResource } from "./stacks.ts";

const subscriptions = "aws_sns_topic_subscription";

/**
 * All that SNS has but `http`, which is in plain text, and `application` and `email-json`, which nothing here reads.
 * Source: SNS API reference, "Subscribe".
 */
const protocols: readonly unknown[] = ["email", "sms", "sqs", "lambda", "https", "firehose"];

/** What an endpoint of the protocol looks like. */
const endpoints: Readonly<Record<string, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+$/,
  sms: /^\+\d+$/,
  https: /^https:\/\//,
};

function problemOf({ config }: StackResource): string | undefined {
  const { protocol, endpoint } = config;
  if (!protocols.includes(protocol)) return `has the protocol ${protocol}`;
  return endpoints[String(protocol)]?.test(String(endpoint)) === false ? "can't reach its endpoint" : undefined;
}

describeRules("subscriptions", {
  "are reached by a protocol that is listed, at an endpoint of that protocol": {
    rule: (stacks) =>
      anyOfType(stacks, subscriptions).flatMap((each) => {
        const problem = problemOf(each);
        return problem === undefined ? [] : [`${each.place} ${problem}`];
      }),
    broken: {
      "when one is in plain text": set(subscriptions, { protocol: "http", endpoint: "http://alarms.example.com" }),
      "when one only says that it is encrypted": set(subscriptions, {
        protocol: "https",
        endpoint: "http://alarms.example.com",
      }),
      "when one would be written to as JSON": set(subscriptions, { protocol: "email-json" }),
      "when a number lacks its country": set(subscriptions, { protocol: "sms", endpoint: "2025550100" }),
    },
  },
});
