/**
 * A service of AWS acts for whoever made it act. So whoever lets a service in says for whose resources (the confused
 * deputy): by aws:SourceArn and aws:SourceAccount, or by what config/permissions.ts says that the service sends instead.
 */
import { callerConditions } from "../../config/permissions.ts";
import { change, changeStatement, set } from "./broken.ts";
import { allowing, type PlacedStatement, type Statement, servicesOf, statementsIn, textOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

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

/** The values that a condition key has to have; none when there is no such condition. */
function conditionsOn(statement: Statement, key: string): readonly string[] {
  return Object.values(statement.Condition ?? {}).flatMap((keys) => (keys[key] ?? []) as string | readonly string[]);
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

/** Whether a text fits a pattern with `*`; what Terraform fills in is the same on both sides. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.$?+^(){}|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

describeRules("a log group that EventBridge writes to", {
  "is one that the account lets it write to, for the rules of its bus": {
    rule: (stacks) => {
      const lines = allowing(stacks, "resource").filter(({ Action: actions }) => actions.includes("logs:PutLogEvents"));
      const patterns = lines.map((line) => ({
        groups: line.Resource?.map((resource) => resource.split(":log-group:")[1] ?? "") ?? [],
        rules: conditionsOn(line, "aws:SourceArn").map((arn) => arn.split(":rule/")[1] ?? ""),
      }));
      return ofType(stacks, "aws_cloudwatch_event_target").flatMap((target) => {
        const group = referred(stacks, target, target.config.arn);
        if (group?.type !== "aws_cloudwatch_log_group") return [];
        const bus = referred(stacks, target, target.config.event_bus_name)?.config.name;
        const isCovered = patterns.some(
          ({ groups, rules }) =>
            groups.some((pattern) => fits(pattern, `${group.config.name}:stream`)) &&
            rules.some((pattern) => fits(pattern, `${bus}/rule`)),
        );
        return isCovered ? [] : [group.place];
      });
    },
    broken: {
      "when it has another name": (stacks) => {
        const isLowTier = ({ config }: StackResource) => String(config.name).startsWith("/aws/events/");
        return set("aws_cloudwatch_log_group", { name: "/aws/events/other-prod" }, isLowTier)(stacks);
      },
    },
  },
});

/** Stage, method and path of `<API>/<stage>/<method>/<path>`. */
function endpointOf({ config }: StackResource) {
  const [, stage = "", method = "", path = ""] =
    /^\$\{aws_api_gateway_rest_api\.[^}]*\.execution_arn\}\/([^/]+)\/([^/]+)(\/.+)$/.exec(String(config.source_arn)) ??
    [];
  return { stage, method, path };
}

describeRules("an API", {
  "calls its function from the stage and the paths that there are": {
    rule: (stacks) => {
      const stages = ofType(stacks, "aws_api_gateway_stage").map(({ config }) => config.stage_name);
      return ofType(stacks, "aws_lambda_permission")
        .filter((permission) => {
          const { stage, path } = endpointOf(permission);
          return !stages.includes(stage) || !/^\/[a-z]+(\/[a-z*]+)*$/.test(path);
        })
        .map(({ place }) => place);
    },
    broken: {
      "when any stage may": change("aws_lambda_permission", (config) => {
        config.source_arn = String(config.source_arn).replace("/v1/", "/*/");
      }),
      "when any path may": change("aws_lambda_permission", (config) => {
        config.source_arn = String(config.source_arn).replace(/\/v1\/.*/, "/v1/*/*");
      }),
    },
  },

  "calls its function by any method only where its method is ANY": {
    rule: (stacks) => {
      const methods = new Set(ofType(stacks, "aws_api_gateway_method").map(({ config }) => config.http_method));
      return ofType(stacks, "aws_lambda_permission")
        .filter((permission) => {
          const { method } = endpointOf(permission);
          return method === "*" ? !methods.has("ANY") : !methods.has(method);
        })
        .map(({ place }) => place);
    },
    broken: {
      "when the method is POST": (stacks) => {
        for (const { config } of ofType(stacks, "aws_api_gateway_method"))
          Object.assign(config, { http_method: "POST" });
        return "permission";
      },
    },
  },
});
