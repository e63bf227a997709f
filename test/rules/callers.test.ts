/**
 * A service of AWS acts for whoever made it act. So whoever lets a service in says for whose resources (the confused
 * deputy): by aws:SourceArn and aws:SourceAccount, or by what config/permissions.ts says that the service sends instead.
 */
import { callerConditions } from "../../config/permissions.ts";
import { change, changeStatement } from "./broken.ts";
import {
  allowing,
  conditionsOn,
  type PlacedStatement,
  type Statement,
  servicesOf,
  statementsIn,
  textOf,
} from "./policies.ts";
import { describeRules } from "./rule.ts";
import type { Stacks } from "./stacks.ts";

const usualKeys = ["aws:SourceArn", "aws:SourceAccount"];

/** Statements that let a service of AWS in. */
const grants = (stacks: Stacks) => allowing(stacks).filter((statement) => servicesOf(statement).length > 0);

function exceptionFor(statement: PlacedStatement) {
  const services = servicesOf(statement).map((service) => service.replace(/\$\{[^}]*\}/, "<region>"));
  return callerConditions.find(
    (each) =>
      services.every((service) => each.services.includes(service)) &&
      statement.Action.every((action) => each.actions.includes(action)),
  );
}

/** Without a wildcard before the account, and with our account or a resource of ours. */
function namesOurs(value: string): boolean {
  return /^[^*]*(aws_caller_identity\.account\.account_id|\$\{aws_\w+\.[^}]*(arn|execution_arn)\})/.test(value);
}

const isTrust = ({ Action: actions }: Statement) => actions.includes("sts:AssumeRole");
const comesFrom = (service: string) => (statement: Statement) => servicesOf(statement).includes(service);
const withoutCondition = (statement: { Condition?: unknown }) => delete statement.Condition;

describeRules("whoever lets a service of AWS in", {
  "says for whose resources": {
    rule: (stacks) =>
      grants(stacks)
        .filter((statement) => {
          const keys = exceptionFor(statement)?.keys ?? usualKeys;
          return keys.some((key) => conditionsOn(statement, key).length === 0);
        })
        .map(textOf),
    broken: {
      "when Lambda takes a role for anybody": changeStatement(
        "aws_iam_role",
        "assume_role_policy",
        comesFrom("lambda.amazonaws.com"),
        withoutCondition,
      ),
      "when Step Functions takes a role for any machine of the account": changeStatement(
        "aws_iam_role",
        "assume_role_policy",
        comesFrom("states.amazonaws.com"),
        (statement) => {
          statement.Condition = { StringEquals: statement.Condition?.StringEquals ?? {} };
        },
      ),
      "when EventBridge takes a role for anybody": changeStatement(
        "aws_iam_role",
        "assume_role_policy",
        comesFrom("events.amazonaws.com"),
        withoutCondition,
      ),
      "when anybody's rule sends to a queue": changeStatement(
        "aws_sqs_queue_policy",
        "policy",
        comesFrom("events.amazonaws.com"),
        withoutCondition,
      ),
      "when anybody's alarm publishes to a topic": changeStatement(
        "aws_sns_topic_policy",
        "policy",
        comesFrom("cloudwatch.amazonaws.com"),
        withoutCondition,
      ),
      "when anybody's log group uses a key": changeStatement(
        "aws_kms_key",
        "policy",
        ({ Sid: sid }) => sid === "Logs",
        withoutCondition,
      ),
      "when anybody's rule writes to a log group": changeStatement(
        "aws_cloudwatch_log_resource_policy",
        "policy_document",
        ({ Action: actions }) => actions.includes("logs:PutLogEvents"),
        withoutCondition,
      ),
      "when anybody's API calls a function": change("aws_lambda_permission", (config) => delete config.source_arn),
    },
  },

  "says it of our own account": {
    rule: (stacks) =>
      grants(stacks)
        .filter((statement) =>
          [...usualKeys, "kms:EncryptionContext:aws:logs:arn"]
            .flatMap((key) => conditionsOn(statement, key))
            .some((value) => !namesOurs(value)),
        )
        .map(textOf),
    broken: {
      "when the account is a wildcard": changeStatement(
        "aws_sns_topic_policy",
        "policy",
        comesFrom("cloudwatch.amazonaws.com"),
        (statement) => {
          statement.Condition = { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*" } };
        },
      ),
      "when the account is somebody else's": changeStatement(
        "aws_iam_role",
        "assume_role_policy",
        comesFrom("lambda.amazonaws.com"),
        (statement) => {
          statement.Condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };
        },
      ),
    },
  },

  "needs every exception that is listed": {
    rule: (stacks) => {
      const found = new Set(
        grants(stacks)
          .filter((statement) => usualKeys.some((key) => conditionsOn(statement, key).length === 0))
          .map(exceptionFor),
      );
      return callerConditions
        .filter((each) => !found.has(each))
        .map(({ services, actions }) => `config/permissions.ts lists ${services.join()} for ${actions.join()}`);
    },
    broken: {
      "when Lambda's roles name the function, too": (stacks) => {
        for (const { resource } of statementsIn(stacks, "trust")) {
          const text = String(resource.config.assume_role_policy);
          const both = '"Condition":{"ArnLike":{"aws:SourceArn":"x"},"StringEquals"';
          Object.assign(resource.config, { assume_role_policy: text.replace('"Condition":{"StringEquals"', both) });
        }
        return "config/permissions.ts lists lambda.amazonaws.com for sts:AssumeRole";
      },
    },
  },
});

describeRules("a role", {
  "is taken by one service of AWS, and nobody else": {
    rule: (stacks) =>
      allowing(stacks, "trust")
        .filter(
          (statement) =>
            !isTrust(statement) ||
            !/^\{"Service":"[a-z]+\.amazonaws\.com"\}$/.test(JSON.stringify(statement.Principal)),
        )
        .map(textOf),
    broken: {
      "when another account takes it": changeStatement("aws_iam_role", "assume_role_policy", isTrust, (statement) => {
        statement.Principal = { AWS: "arn:aws:iam::111122223333:root" };
      }),
    },
  },
});

describeRules("policies", {
  "let nobody in by the principal *": {
    rule: (stacks) =>
      allowing(stacks)
        .filter(({ Principal: principal }) => JSON.stringify(principal ?? "").includes("*"))
        .map(textOf),
    broken: {
      "when a queue takes anybody's messages": changeStatement(
        "aws_sqs_queue_policy",
        "policy",
        comesFrom("events.amazonaws.com"),
        (statement) => {
          statement.Principal = "*";
        },
      ),
      "when a bucket is everybody's": changeStatement(
        "aws_s3_bucket_policy",
        "policy",
        () => true,
        (statement) => {
          statement.Effect = "Allow";
        },
      ),
    },
  },

  "name no account but our own, and that only to delegate a key to its IAM": {
    rule: (stacks) =>
      allowing(stacks, "trust", "resource", "key")
        .filter(({ Principal: principal }) => JSON.stringify(principal).includes('"AWS"'))
        .filter(({ kind, Principal: principal }) => {
          const { AWS: arn } = principal as { AWS: unknown };
          return kind !== "key" || !/^arn:\$\{[^}]*\}:iam::\$\{[^}]*account_id\}:root$/.test(String(arn));
        })
        .map(textOf),
    broken: {
      "when a key is another account's, too": changeStatement(
        "aws_kms_key",
        "policy",
        ({ Sid: sid }) => sid === "DelegateToIam",
        (statement) => {
          statement.Principal = { AWS: "arn:aws:iam::111122223333:root" };
        },
      ),
    },
  },
});
