/** Every role does the work of one function, machine or rule, with what that work is given, and nothing else. */
import { change, changeStatement, lastOf } from "./broken.ts";
import { allowing, type Statement } from "./policies.ts";
import { describeRules } from "./rule.ts";
import {
  breaking,
  everyResource,
  functionOf,
  ofType,
  referred,
  referredIn,
  type StackResource,
  type Stacks,
} from "./stacks.ts";

/** Arguments by which a resource uses a role. */
const roleArguments = ["role", "role_arn", "cloudwatch_role_arn"];

/** The roles that a resource names: a schedule does so in its target. */
function roleReferences({ config }: StackResource): readonly unknown[] {
  const { role_arn: ofTarget } = (config.target ?? {}) as { role_arn?: unknown };
  return [...roleArguments.map((argument) => config[argument]), ofTarget];
}

/** Who uses a role; its own policies don't. */
function usersOf(stacks: Stacks, role: StackResource): readonly StackResource[] {
  return everyResource(stacks)
    .filter(({ stack, type }) => stack === role.stack && !type.startsWith("aws_iam_role_policy"))
    .filter((each) =>
      roleReferences(each).some((reference) => referred(stacks, each, reference)?.place === role.place),
    );
}

const placesIn = (stacks: Stacks, stack: string, text: unknown) =>
  new Set(referredIn(stacks, stack, JSON.stringify(text ?? "")).map(({ place }) => place));

/** What a role's policy lets it reach, keys aside: those come with what they encrypt. */
function reachedBy(stacks: Stacks, role: StackResource): ReadonlySet<string> {
  const own = allowing(stacks, "role").filter(
    ({ resource }) => referred(stacks, resource, resource.config.role)?.place === role.place,
  );
  const resources = own.filter(({ Action: actions }) => !actions.some((action) => action.startsWith("kms:")));
  return placesIn(
    stacks,
    role.stack,
    resources.map(({ Resource: on }) => on),
  );
}

/**
 * What a function learns from its data instead of its variables, and why it may have that. Matches the places of both.
 */
const learned: readonly { readonly by: RegExp; readonly what: RegExp; readonly why: string }[] = [
  {
    by: /transaction-archival/,
    what: /aws_s3_bucket\.webhook-payloads/,
    why: "An entry of the ledger names the bucket that has its body.",
  },
];

/**
 * What a role's user is given: a function its variables, queues and log group, a machine what its definition names, a
 * rule or schedule its target.
 */
function givenTo(stacks: Stacks, user: StackResource): ReadonlySet<string> {
  const { stack, config, type } = user;
  if (type !== "aws_lambda_function") return placesIn(stacks, stack, [config.definition, config.arn, config.target]);
  const queues = ofType(stacks, "aws_lambda_event_source_mapping")
    .filter((mapping) => functionOf(stacks, mapping, mapping.config.function_name)?.place === user.place)
    .map((mapping) => mapping.config.event_source_arn);
  return placesIn(
    stacks,
    stack,
    [config.environment, config.dead_letter_config, queues, config.depends_on].map((each) => inBraces(each)),
  );
}

/** `depends_on` names addresses without braces. */
function inBraces(value: unknown): string {
  return JSON.stringify(value ?? "").replaceAll(/"(aws_cloudwatch_log_group\.[\w-]+)"/g, `"\${$1.arn}"`);
}

/** Roles and, where a role has exactly one, its user. */
const rolesAndUsers = (stacks: Stacks) =>
  ofType(stacks, "aws_iam_role").map((role) => ({ role, users: usersOf(stacks, role) }));

/** Of functions, machines and rules; API Gateway's role has no policy of ours. */
const ownRoles = (stacks: Stacks) => rolesAndUsers(stacks).filter(({ role }) => reachedBy(stacks, role).size > 0);

const missing = (these: ReadonlySet<string>, those: ReadonlySet<string>) =>
  [...these].filter((each) => !those.has(each));

/** `dynamodb` of a condition that lets a key be used through DynamoDB alone. */
function viaService({ Condition: condition }: Statement): string | undefined {
  return /^(\w+)\.\*\.amazonaws\.com$/.exec(String(condition?.StringLike?.["kms:ViaService"]))?.[1];
}

const allowsAs = (action: string) => (statement: Statement) => statement.Action.includes(action);

const signs = ({ Action: actions }: Statement) => actions.some((action) => /^kms:(Sign|GetPublicKey)$/.test(action));

/** Lets a service encrypt or decrypt. */
const usesKey = (statement: Statement) =>
  statement.Action.some((action) => action.startsWith("kms:")) && !signs(statement);

describeRules("a role", {
  "has one user": {
    rule: (stacks) =>
      rolesAndUsers(stacks)
        .filter(({ users }) => users.length !== 1)
        .map(
          ({ role, users }) => `${role.place} is used by ${users.map(({ place }) => place).join(" and ") || "nobody"}`,
        ),
    broken: {
      "when two functions share one": (stacks) => {
        const functions = ofType(stacks, "aws_lambda_function");
        const [one, other] = functions.filter(({ stack }) => stack === "pipeline-prod");
        Object.assign(other?.config ?? {}, { role: one?.config.role });
        return `used by ${one?.place} and ${other?.place}`;
      },
    },
  },

  "reaches nothing that its user isn't given": {
    rule: (stacks) =>
      ownRoles(stacks).flatMap(({ role, users }) => {
        const given = new Set(users.flatMap((user) => [...givenTo(stacks, user)]));
        return missing(reachedBy(stacks, role), given)
          .filter((place) => !learned.some(({ by, what }) => by.test(role.place) && what.test(place)))
          .map((place) => `${role.place} reaches ${place}`);
      }),
    broken: {
      "when a function may write to a queue that it doesn't know": (stacks) => {
        const queue = lastOf(stacks, "aws_sqs_queue", ({ address }) => address.includes("unroutable-queue"));
        const may = changeStatement("aws_iam_role_policy", "policy", allowsAs("dynamodb:UpdateItem"), (statement) => {
          statement.Resource = [`\${${queue.address}.arn}`];
        });
        may(stacks);
        return `reaches ${queue.place}`;
      },
    },
  },

  "of a state machine calls the functions that its definition names, each of them": {
    rule: (stacks) =>
      ofType(stacks, "aws_sfn_state_machine").flatMap((machine) => {
        const isFunction = (place: string) => place.includes(" aws_lambda_");
        const role = referred(stacks, machine, machine.config.role_arn);
        const called = [...placesIn(stacks, machine.stack, machine.config.definition)].filter(isFunction);
        const allowed = role === undefined ? [] : [...reachedBy(stacks, role)].filter(isFunction);
        return called.length > 0 && called.sort().join() === allowed.sort().join()
          ? []
          : [`${machine.place} calls ${called.join()} and may call ${allowed.join()}`];
      }),
    broken: {
      "when a machine calls another function": change("aws_sfn_state_machine", (config) => {
        config.definition = String(config.definition).replaceAll(/"FunctionName":"[^"]*"/g, '"FunctionName":"another"');
      }),
    },
  },

  "uses a key through one service, and only through one that it calls": {
    rule: (stacks) => {
      const statements = allowing(stacks, "role");
      return statements.filter(usesKey).flatMap((statement) => {
        const service = viaService(statement);
        const calls = statements.some(
          ({ resource, Action: actions }) =>
            resource.place === statement.resource.place && actions.some((action) => action.startsWith(`${service}:`)),
        );
        const onlyKeys = statement.Action.every((action) => /^kms:(Decrypt|GenerateDataKey)$/.test(action));
        return calls && onlyKeys ? [] : [`${statement.resource.place}: ${statement.Action.join()} through ${service}`];
      });
    },
    broken: {
      "when a role uses a key by itself": changeStatement("aws_iam_role_policy", "policy", usesKey, (statement) => {
        delete statement.Condition;
      }),
      "when a role uses a key through a service that it never calls": changeStatement(
        "aws_iam_role_policy",
        "policy",
        usesKey,
        (statement) => {
          statement.Condition = { StringLike: { "kms:ViaService": "ebs.*.amazonaws.com" } };
        },
      ),
      "when a role may encrypt at will": changeStatement("aws_iam_role_policy", "policy", usesKey, (statement) => {
        statement.Action = ["kms:Encrypt"];
      }),
    },
  },

  "signs with a key that is made for it, and nothing but digests": {
    rule: (stacks) => {
      const signing = allowing(stacks, "role").filter(signs);
      if (signing.length === 0) throw new Error("nobody signs");
      return signing
        .filter(({ resource, Resource: on, Action: actions, Condition: condition }) => {
          const key = referred(stacks, resource, on);
          const isBound = condition?.StringEquals?.["kms:MessageType"] === "DIGEST";
          return key?.config.key_usage !== "SIGN_VERIFY" || (actions.includes("kms:Sign") && !isBound);
        })
        .map(({ resource }) => resource.place);
    },
    broken: {
      "when it may sign anything": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("kms:Sign"),
        (statement) => {
          delete statement.Condition;
        },
      ),
      "when it may sign with any key": changeStatement(
        "aws_iam_role_policy",
        "policy",
        allowsAs("kms:Sign"),
        (statement) => {
          statement.Resource = ["*"];
        },
      ),
    },
  },

  "has an inline policy within IAM's 10,240 characters, with room for the ARNs to come": {
    rule: (stacks) => breaking(stacks, "aws_iam_role_policy", ({ config }) => String(config.policy).length > 9_000),
    broken: {
      "when there is much in it": change("aws_iam_role_policy", (config) => {
        config.policy = String(config.policy).padEnd(9_001);
      }),
    },
  },
});
