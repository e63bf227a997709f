/**
 * Statements name what they are about. An opposite (`NotAction`, `NotResource`, `NotPrincipal`) is about everything that
 * it doesn't name, of every service that is still to come, and the other rules over policies would find nothing in it.
 */
import { argumentsOf, changeStatement, lastOf, set } from "./broken.ts";
import { allowing, type PlacedStatement, policyArguments, type Statement, statementsIn, textOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { everyResource } from "./stacks.ts";

const opposites = ["NotAction", "NotResource", "NotPrincipal"] as const;

/** Who takes a role isn't said of a resource, and a role's own policy is the role's. */
function isIncomplete({ kind, Action: actions, Resource: on = [], Principal: who }: PlacedStatement): boolean {
  return actions.length === 0 || (kind !== "trust" && on.length === 0) || (kind !== "role" && who === undefined);
}

/** Principals without a name: whoever has an account, or none. */
const isAnybody = ({ Principal: who }: Statement) =>
  [who, ...Object.values(Object(who))].flat().some((each) => typeof each === "string" && /^\*/.test(each));

const allows = ({ Effect: effect }: Statement) => effect === "Allow";

/** Moves what a statement names to the opposite. */
function opposite(name: "Action" | "Resource" | "Principal") {
  return (statement: Partial<Record<string, unknown>>) => {
    statement[`Not${name}`] = statement[name];
    delete statement[name];
  };
}

/** Its `policy` says which images end, and allows nothing. */
const noPolicyOfIam = "aws_ecr_lifecycle_policy";

describeRules("statements", {
  "never have an opposite: NotAction, NotResource or NotPrincipal": {
    rule: (stacks) =>
      statementsIn(stacks)
        .filter((statement) => opposites.some((name) => statement[name] !== undefined))
        .map(textOf),
    broken: {
      "when a role may do all but some": changeStatement("aws_iam_role_policy", "policy", allows, opposite("Action")),
      "when a role may do it to all but one": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allows,
        opposite("Resource"),
      ),
      "when all but one may send": changeStatement("aws_sqs_queue_policy", "policy", allows, opposite("Principal")),
      "when all but one may take a role": changeStatement(
        "aws_iam_role",
        "assume_role_policy",
        allows,
        opposite("Principal"),
      ),
      "when all but some is refused": changeStatement(
        "aws_s3_bucket_policy",
        "policy",
        ({ Effect: effect }) => effect === "Deny",
        opposite("Action"),
      ),
    },
  },

  "name actions, what they act on, and who acts": {
    rule: (stacks) => statementsIn(stacks).filter(isIncomplete).map(textOf),
    broken: {
      "when no action is named": changeStatement("aws_iam_role_policy", "policy", allows, (statement) => {
        statement.Action = [];
      }),
      "when a role's permission is for nothing": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allows,
        (statement) => {
          delete statement.Resource;
        },
      ),
      "when a queue lets in nobody knows whom": changeStatement(
        "aws_sqs_queue_policy",
        "policy",
        allows,
        (statement) => {
          delete statement.Principal;
        },
      ),
    },
  },

  "allow nothing to just anybody": {
    rule: (stacks) => allowing(stacks).filter(isAnybody).map(textOf),
    broken: {
      "when anybody may send": changeStatement("aws_sqs_queue_policy", "policy", allows, (statement) => {
        statement.Principal = "*";
      }),
      "when any account may read": changeStatement("aws_kms_key", "policy", allows, (statement) => {
        statement.Principal = { AWS: ["*"] };
      }),
      "when anybody may call a function": set("aws_lambda_permission", { principal: "*" }),
    },
  },

  "stand where rules read them": {
    rule: (stacks) =>
      everyResource(stacks).flatMap(({ type, place, config }) =>
        Object.entries(type === noPolicyOfIam ? {} : config)
          .filter(([argument, value]) => {
            const isRead = policyArguments.includes(argument) && typeof value === "string";
            return isRead ? !/^\{.*"Statement"/s.test(value) : /\\*"Statement\\*"/.test(JSON.stringify(value));
          })
          .map(([argument]) => `${place}: ${argument}`),
      ),
    broken: {
      "when a role has a policy within": (stacks) => {
        const role = lastOf(stacks, "aws_iam_role");
        const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
        argumentsOf(role).inline_policy = [{ name: "within", policy }];
        return `${role.place}: inline_policy`;
      },
      "when a policy comes from elsewhere": set("aws_iam_role_policy", {
        policy: "data.aws_iam_policy_document.all.json",
      }),
    },
  },
});
